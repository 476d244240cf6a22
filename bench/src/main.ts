import { parseArgs } from 'node:util';
import { ProbityError } from '@probity/core/errors';
import { requireOptions, type BenchOptions } from './bench-options.js';
import { runCampaignBench } from './campaign/run-campaign-bench.js';
import { runGpuBench } from './gpu/run-gpu-bench.js';
import { runInferenceBench } from './inference/run-inference-bench.js';
import { runQualityBench } from './quality/run-quality-bench.js';
import { runTrainingBench } from './training/run-training-bench.js';
import type { BenchReport } from './report.js';

/** A bench that has nothing to measure on this machine has said so and reports nothing. */
const BENCHES: Record<string, (options: BenchOptions) => Promise<BenchReport | undefined>> = {
  training: runTrainingBench,
  inference: runInferenceBench,
  campaign: runCampaignBench,
  quality: runQualityBench,
  gpu: runGpuBench,
};

/** Progress goes to standard error; standard output gets one JSON object. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      seeds: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name = ''] = positionals;
  const bench = BENCHES[name];
  if (!bench) {
    throw new ProbityError(
      'INVALID_INPUT',
      `Cannot run bench "${name}": it must be one of ${Object.keys(BENCHES).join(', ')}`,
    );
  }
  const report = await bench(requireOptions(name, values));
  if (report) process.stdout.write(`${JSON.stringify(report, undefined, values.json ? undefined : 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof ProbityError ? `${error.message} (${error.code})` : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = error instanceof ProbityError && error.code === 'INVALID_INPUT' ? 2 : 1;
});
