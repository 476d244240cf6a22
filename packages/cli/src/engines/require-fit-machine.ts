import { statfs } from 'node:fs/promises';
import { tensorFlowFolderName, type TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
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

/** Of the wheels' platform, `manylinux_2_27`. */
const GLIBC_MIN = [2, 27];

const PROGRAMS = [
  { command: 'g++', args: ['--version'], lack: 'there is no compiler "g++"; install it (Debian: apt-get install g++)' },
  {
    command: 'python3',
    args: ['-m', 'pip', '--version'],
    lack: 'there is no "python3" with pip, which fetches the library; nothing else needs it',
  },
  { command: 'npm', args: ['--version'], lack: 'there is no "npm", which fetches the binding' },
  { command: 'tar', args: ['--version'], lack: 'there is no "tar"' },
];

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/**
 * Finds out before the first byte is fetched what the machine lacks.
 *
 * @param target An existing folder, where the installation will be.
 * @throws {ProbityError} `INSTALL_FAILED` with every fault at once
 */
export async function requireFitMachine(
  { device, folder, bytesNeeded }: { device: TensorFlowDevice; folder: string; bytesNeeded: number },
  { machine, environment }: { machine: Machine; environment: NodeJS.ProcessEnv },
): Promise<void> {
  const { platform, glibc } = machine;
  const faults: string[] = [];
  if (platform !== 'linux-x64') {
    faults.push(`it is built for linux-x64, and this is ${platform}; docs/engines.md says what runs here`);
  } else if (glibc === undefined || compareVersions(glibc, GLIBC_MIN) < 0) {
    faults.push(`it needs glibc ${GLIBC_MIN.join('.')} or later, and this machine has ${glibc ?? 'another C library'}`);
  } else {
    for (const { command, args, lack } of PROGRAMS) {
      const { status } = await runCommand(command, args, { timeoutSeconds: 60, env: environment });
      if (status !== 0) faults.push(lack);
    }
    const free = await machine.freeBytes(folder);
    if (free < bytesNeeded) {
      const there = `${gigabytes(bytesNeeded)} are needed in "${folder}" and ${gigabytes(free)} are free`;
      faults.push(`${there}; make room, or name another folder with PROBITY_TOOLS`);
    }
  }
  if (faults.length > 0) throw installFailed(device, faults);
}

export function installFailed(device: TensorFlowDevice, faults: readonly string[], cause?: unknown): ProbityError {
  const list = faults.map((fault) => `  ${fault}`).join('\n');
  return new ProbityError(
    'INSTALL_FAILED',
    `Cannot install "${tensorFlowFolderName(device)}": ${faults.length} fault(s)\n${list}`,
    { details: { faults }, cause },
  );
}
