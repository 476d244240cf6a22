import { findTool } from './find-tool.js';
import { TOOLS, type ToolName } from './tool-table.js';

/** `node dist/tools/main.js <tool>` prints the path of a tool, fetched if need be; for scripts. */
const names = Object.keys(TOOLS);
const name = process.argv[2] ?? '';
if (!names.includes(name)) {
  process.stderr.write(`Usage: main.js ${names.join('|')}\n`);
  process.exit(2);
}
try {
  const { path, version, origin } = await findTool(name as ToolName, {
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stderr.write(`${name} ${version} (${origin})\n`);
  process.stdout.write(`${path}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
