// Prints "passed failed skipped" of a vitest JSON report; a report that ran nothing counts as one failure.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = report.numFailedTests + broken + (report.numTotalTests === 0 ? 1 : 0);
console.log(report.numPassedTests, failed, report.numPendingTests + report.numTodoTests);
