import { statfs } from 'node:fs/promises';
import type { EngineBuild } from '@probity/core/engines/engine-build';
import { ProbityError } from '@probity/core/errors';
import { compareVersions } from '../tools/probe-tool.js';
import { runCommand } from '../tools/run-command.js';

/** What the machine is and has; the real one unless a test has its own. */
export interface Machine {
  /** `<process.platform>-<process.arch>` */
  readonly platform: string;
  /** Version of the C library; absent where it is another one than GNU's. */
  readonly glibc: string | undefined;
  readonly freeBytes: (folder: string) => Promise<number>;
}

interface ReportHeader {
  readonly header: { readonly glibcVersionRuntime?: string };
}

export const thisMachine = (): Machine => ({
  platform: `${process.platform}-${process.arch}`,
  glibc: (process.report.getReport() as ReportHeader).header.glibcVersionRuntime,
  freeBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
});

interface Program {
  readonly args: readonly string[];
  readonly lack: string;
}

const PROGRAMS = {
  'g++': {
    args: ['--version'],
    lack: 'there is no compiler "g++"; install it (Debian: apt-get install g++)',
  },
  python3: {
    args: ['-m', 'pip', '--version'],
    lack: 'there is no "python3" with pip, which fetches the library; nothing else needs it',
  },
  npm: { args: ['--version'], lack: 'there is no "npm", which fetches the binding' },
  tar: { args: ['--version'], lack: 'there is no "tar"' },
} as const satisfies Record<string, Program>;

/** What an installation takes. */
export interface MachineNeeds {
  /** On disk while it is installed: everything unpacked, and the largest download beside it. */
  readonly bytes: number;
  /** Of the wheels' platform. */
  readonly glibcMin: readonly number[];
  readonly programs: readonly (keyof typeof PROGRAMS)[];
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * Finds out before the first byte is fetched what the machine lacks.
 *
 * @param folder Existing, where the installation will be.
 * @throws {ProbityError} `INSTALL_FAILED` with every fault at once
 */
export async function requireFitMachine(
  { build, needs, folder }: { build: EngineBuild; needs: MachineNeeds; folder: string },
  { machine, environment }: { machine: Machine; environment: NodeJS.ProcessEnv },
): Promise<void> {
  const { platform, glibc } = machine;
  const { bytes, glibcMin, programs } = needs;
  const faults: string[] = [];
  if (platform !== 'linux-x64') {
    faults.push(`it is built for linux-x64, and this is ${platform}; docs/engines.md says what runs here`);
  } else if (glibc === undefined || compareVersions(glibc, glibcMin) < 0) {
    faults.push(`it needs glibc ${glibcMin.join('.')} or later, and this machine has ${glibc ?? 'another C library'}`);
  } else {
    for (const command of programs) {
      const { args, lack } = PROGRAMS[command];
      const { status } = await runCommand(command, args, { timeoutSeconds: 60, env: environment });
      if (status !== 0) faults.push(lack);
    }
    const free = await machine.freeBytes(folder);
    if (free < bytes) {
      const there = `${gigabytes(bytes)} are needed in "${folder}" and ${gigabytes(free)} are free`;
      faults.push(`${there}; make room, or name another folder with PROBITY_TOOLS`);
    }
  }
  if (faults.length > 0) throw installFailed(build, faults);
}

export function installFailed(build: EngineBuild, faults: readonly string[], cause?: unknown): ProbityError {
  const list = faults.map((fault) => `  ${fault}`).join('\n');
  return new ProbityError(
    'INSTALL_FAILED',
    `Cannot install "${build.folderName}": ${faults.length} fault(s)\n${list}`,
    { details: { faults }, cause },
  );
}
