import { ProbityError } from '@probity/core/errors';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { StackFile } from './stack-file.js';

/** What both the client's and the worker's connection take. */
export type TemporalConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & {
  readonly address: string;
};

export interface TemporalSettings {
  /** `cluster`: by `TEMPORAL_*` settings; `stack`: the embedded one; `none`: neither is there. */
  readonly source: 'cluster' | 'stack' | 'none';
  /** `undefined` with source `none`. */
  readonly connection: TemporalConnectionOptions | undefined;
  readonly namespace: string;
}

/** Any of these names a cluster; the others only say how to reach it. */
const CLUSTER_NAMES = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];
const DETAIL_NAMES = /^TEMPORAL_(NAMESPACE|API_KEY|TLS(_.+)?|GRPC_META_.+)$/;
const DEFAULT_ADDRESS = 'localhost:7233';
const DEFAULT_NAMESPACE = 'default';

/** The service under which the embedded stack lists Temporal. */
export const TEMPORAL_SERVICE = 'temporal';

/** @throws {ProbityError} `INVALID_INPUT` for settings that name a cluster by halves or a profile that is not there */
export function readTemporalSettings(
  environment: Record<string, string>,
  stack: StackFile | undefined,
): TemporalSettings {
  if (CLUSTER_NAMES.some((name) => environment[name] !== undefined)) return clusterSettings(environment);
  const detail = Object.keys(environment).find((name) => DETAIL_NAMES.test(name));
  if (detail !== undefined) {
    throw new ProbityError(
      'INVALID_INPUT',
      `${detail}: Names no cluster by itself; set TEMPORAL_ADDRESS or TEMPORAL_PROFILE too`,
    );
  }
  const address = stack?.services.find(({ name }) => name === TEMPORAL_SERVICE)?.address;
  if (address === undefined) return { source: 'none', connection: undefined, namespace: DEFAULT_NAMESPACE };
  return { source: 'stack', connection: { address }, namespace: DEFAULT_NAMESPACE };
}

function clusterSettings(environment: Record<string, string>): TemporalSettings {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: environment });
    const given = Object.fromEntries(Object.entries(connectionOptions).filter(([, value]) => value !== undefined));
    const connection = { ...given, address: connectionOptions.address ?? DEFAULT_ADDRESS };
    return { source: 'cluster', connection, namespace: namespace ?? DEFAULT_NAMESPACE };
  } catch (error) {
    throw new ProbityError('INVALID_INPUT', `TEMPORAL_*: ${(error as Error).message}`, { cause: error });
  }
}
