import { findTool } from '@probity/cli/tools/find-tool';
import type { ToolName } from '@probity/cli/tools/tool-table';
import { ProbityError } from '@probity/core/errors';

/**
 * The program of a server, found or fetched. Without it a test skips and says so; where `PROBITY_REQUIRE_SERVERS` is 1
 * it fails instead, so that the gate cannot pass by skipping.
 */
export async function serverTool(name: ToolName): Promise<string | undefined> {
  try {
    return (await findTool(name, { onProgress: (line) => process.stderr.write(`${line}\n`) })).path;
  } catch (error) {
    if (!(error instanceof ProbityError) || process.env['PROBITY_REQUIRE_SERVERS'] === '1') throw error;
    process.stderr.write(`SKIPPED: the tests that need "${name}". ${error.message}\n`);
    return undefined;
  }
}
