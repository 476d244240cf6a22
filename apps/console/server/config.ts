import { readSettings, type Settings } from '@probity/connections/settings';
import { ProbityError } from '@probity/core/errors';

export interface ConsoleConfig {
  readonly settings: Settings;
  /** The loopback unless told otherwise: the console has no sign-in yet. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

/** @throws {ProbityError} `INVALID_INPUT` */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ConsoleConfig {
  const port = Number(environment['PROBITY_CONSOLE_PORT'] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ProbityError(
      'INVALID_INPUT',
      `Cannot start the console: PROBITY_CONSOLE_PORT is "${environment['PROBITY_CONSOLE_PORT']}", it must be a port from 0 to 65535`,
    );
  }
  return { settings: readSettings(environment), host: environment['PROBITY_CONSOLE_HOST'] ?? '127.0.0.1', port };
}
