import type { BenchOptions } from '../bench-options.js';
import type { BenchReport } from '../report.js';
export async function runInferenceBench(_: BenchOptions): Promise<BenchReport> { throw new Error('tbd'); }
