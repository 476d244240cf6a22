import type { CampaignDetail, RoundDetail, StepList, StudentAnswer } from '@probity/core/schemas/api/campaigns';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Calibration } from '@probity/core/schemas/round-artifacts';
import { CalibrationPanel } from '../panels/CalibrationPanel.js';
import { RunningPanel } from '../panels/RunningPanel.js';
import { StepsPanel } from '../panels/StepsPanel.js';
import { StudentPanel } from '../panels/StudentPanel.js';
import { ThresholdsPanel } from '../panels/ThresholdsPanel.js';

afterEach(cleanup);

type Step = StepList['steps'][number];
const step = (changes: Partial<Step> = {}): Step => ({
  name: 'trainMember',
  round: 0,
  fold: 1,
  operatingPoint: -1,
  state: 'done',
  attempts: 1,
  scheduledAt: '2026-01-02T03:04:05.000Z',
  startedAt: '2026-01-02T03:04:06.000Z',
  endedAt: '2026-01-02T03:04:18.000Z',
  inputHash: '0123456789abcdef'.repeat(4),
  reused: false,
  ...changes,
});

/** Shows a panel whose data comes from `answer`, through the library that the pages use. */
function show<Data>(
  answer: () => Promise<Data>,
  panel: (query: ReturnType<typeof useQuery<Data>>) => React.ReactNode,
): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  function Shown() {
    return panel(useQuery({ queryKey: ['data'], queryFn: answer }));
  }
  render(
    <QueryClientProvider client={client}>
      <Shown />
    </QueryClientProvider>,
  );
}
const showSteps = (answer: () => Promise<StepList>, round?: number) =>
  show(answer, (history) => <StepsPanel title="Steps" history={history} {...(round !== undefined && { round })} />);

describe('a panel', () => {
  it('says that it loads, under its title', () => {
    showSteps(() => new Promise(() => {}));
    const panel = screen.getByRole('region', { name: 'Steps' });
    expect(within(panel).getByRole('status').textContent).toBe('Loading steps …');
  });

  it('says what went wrong, and tries again when asked', async () => {
    const answers = [
      () => Promise.reject(new Error('Cannot reach Temporal')),
      () => Promise.resolve({ steps: [step()] }),
    ];
    showSteps(() => answers.shift()!());
    expect((await screen.findByRole('alert')).textContent).toContain('Cannot reach Temporal');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('rowheader', { name: /Train member/ })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says that there is nothing yet', async () => {
    showSteps(() => Promise.resolve({ steps: [] }));
    expect(await screen.findByText('No step yet.')).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('shows what there is', async () => {
    showSteps(() =>
      Promise.resolve({
        steps: [
          step(),
          step({
            name: 'publishVersion',
            state: 'failed',
            attempts: 3,
            failure: { code: 'STORE_FULL', message: 'Cannot write' },
          }),
        ],
      }),
    );
    const failed = await screen.findByRole('row', { name: /Publish version/ });
    expect(within(failed).getByText('STORE_FULL')).toBeTruthy();
    expect(within(failed).getByText(/Cannot write/)).toBeTruthy();
    const trained = screen.getByRole('row', { name: /Train member/ });
    expect(within(trained).getByText('fold 1, w=-1')).toBeTruthy();
    expect(within(trained).getByText('12 s')).toBeTruthy();
    expect(within(trained).getByText('0123456789').getAttribute('title')).toHaveLength(64);
  });
});

describe('steps', () => {
  it('show those of one round only, where one is asked for', async () => {
    showSteps(() => Promise.resolve({ steps: [step(), step({ round: 1, name: 'sweepShard' })] }), 1);
    expect(await screen.findByRole('row', { name: /Sweep shard/ })).toBeTruthy();
    expect(screen.queryByRole('row', { name: /Train member/ })).toBeNull();
  });

  it('show the newest thirty until all are asked for', async () => {
    showSteps(() =>
      Promise.resolve({ steps: Array.from({ length: 40 }, (_, shard) => step({ name: 'sweepShard', shard })) }),
    );
    const button = await screen.findByRole('button', { name: 'Show all 40 steps' });
    expect(screen.getAllByRole('rowheader')).toHaveLength(30);
    fireEvent.click(button);
    expect(screen.getAllByRole('rowheader')).toHaveLength(40);
  });
});

describe('what runs now', () => {
  it('has a card a step under way or in trouble, and counts those that wait for a slot', async () => {
    const member = (key: string, changes: object) => ({ key, activity: 'trainMember', attempt: 1, ...changes });
    const progress = { job: 'train', round: 0, fold: 2, part: 'w=-1', done: 5, total: 20, unit: 'steps', perSecond: 9 };
    const running = [
      member('a', { state: 'running', progress }),
      member('b', { state: 'waiting' }),
      member('c', { state: 'waiting' }),
      member('d', { state: 'waiting', attempt: 3, lastFailure: { message: 'Cannot write' } }),
    ];
    show(
      () => Promise.resolve({ running } as unknown as CampaignDetail), // the panel reads nothing else
      (campaign) => <RunningPanel campaign={campaign} />,
    );
    const cards = await screen.findAllByRole('listitem');
    expect(cards.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('Train member fold 2 w=-1 5 of 20 steps'),
      expect.stringContaining('attempt 3Last failure: Cannot write'),
    ]);
    expect(screen.getByText('2 more wait for a free slot.')).toBeTruthy();
  });
});

describe('thresholds', () => {
  const basis = { kind: 'error' as const, errorMax: 0.05, errorMean: 0.02, groups: 8 };
  const showBasis = (bound: number) => {
    const thresholds = [{ classIndex: 1, foregroundMin: 0.8, backgroundMax: 0.1, basis: { ...basis, bound } }];
    // The panel reads these two of a round's many parts.
    const detail = { classes: ['background', 'cyst'], calibration: { thresholds } } as unknown as RoundDetail;
    show(
      () => Promise.resolve(detail),
      (query) => <ThresholdsPanel detail={query} />,
    );
  };

  it('say what they promise', async () => {
    showBasis(0.04);
    const panel = screen.getByRole('region', { name: 'Thresholds' });
    expect((await within(panel).findByRole('listitem')).textContent).toMatch(
      /cyst: foreground from 0\.800, background up to 0\.100.*over 8 groups.*at most 5\.0 %/,
    );
  });

  it('say when nothing can be promised', async () => {
    showBasis(0.2);
    expect((await screen.findByRole('listitem')).textContent).toContain('No threshold keeps the error at 5.0 %');
  });
});

describe('calibration', () => {
  const showCalibration = (choices: Pick<Calibration, 'precision' | 'earlyExit'>) => {
    const error = { ece: { value: 0, low: 0, high: 0, level: 0.95 }, bins: [] };
    const report = [{ classIndex: 1, before: withAll(error), after: withAll(error) }];
    const evaluation = { calibrationBefore: [], calibrationAfter: [] };
    const detail = { classes: ['background', 'cyst'], calibration: { report, ...choices }, evaluation };
    show(
      () => Promise.resolve(detail as unknown as RoundDetail),
      (query) => <CalibrationPanel detail={query} />,
    );
  };
  const withAll = <E extends { ece: object }>(error: E) => ({ ...error, brier: error.ece, nll: error.ece });

  it('says which precision was taken where 8 bits were asked for', async () => {
    showCalibration({
      precision: { used: 'int8', ranges: [], differences: [{ classIndex: 1, dice: -0.0021, brier: 0.0003 }] },
    });
    expect(await screen.findByText(/with convolutions in 8 bits: class 1 changed by -0\.0021 in Dice/)).toBeTruthy();
  });

  it('says whether the sweep had an early exit where one was asked for', async () => {
    showCalibration({
      earlyExit: { used: false, reason: 'saves-little', leaving: 0.25, saved: 0, differences: [] },
    });
    expect(await screen.findByText(/without an early exit: out of fold 25 % of the items/)).toBeTruthy();
  });

  it('says nothing of either where nobody asked', async () => {
    showCalibration({});
    await screen.findByRole('table');
    expect(screen.queryByText(/This round was/)).toBeNull();
  });
});

describe('a student', () => {
  const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, level: 0.95 });
  const bins = [{ low: 0.9, high: 1, count: 7, confidence: 0.95, frequency: 0.9 }];
  const error = (ece: number) => ({ ece: interval(ece), brier: interval(ece / 2), nll: interval(0.1), bins });
  const evaluation = (dice: number, ece: number) => ({
    score: interval(dice),
    metrics: { 'dice:cyst': interval(dice) },
    calibrationAfter: [error(ece)],
  });
  // The panel reads these of the many parts of a summary and of a student.
  const made = {
    student: {
      summary: { round: 2, score: interval(0.7), difference: interval(-0.1), labelledCount: 12, poolCount: 264 },
      student: { classes: ['background', 'cyst'] },
      evaluations: { ensemble: evaluation(0.8, 0.02), student: evaluation(0.7, 0.04) },
    },
  } as unknown as StudentAnswer;
  const showStudent = (answer: () => Promise<StudentAnswer>) =>
    show(answer, (query) => <StudentPanel student={query} />);

  it('is loading, and fails with what went wrong', async () => {
    showStudent(() => new Promise(() => {}));
    expect(screen.getByRole('status').textContent).toBe('Loading student …');
    cleanup();
    showStudent(() => Promise.reject(new Error('Cannot read artifact')));
    expect((await screen.findByRole('alert')).textContent).toContain('Cannot read artifact');
  });

  it('says when it will be made', async () => {
    showStudent(() => Promise.resolve({}));
    expect(await screen.findByText('No student yet: it is made behind the last round.')).toBeTruthy();
  });

  it('stands beside its ensemble with Dice, Brier score, calibration error and reliability', async () => {
    showStudent(() => Promise.resolve(made));
    const panel = await screen.findByRole('region', { name: 'Student' });
    expect((await within(panel).findByText(/against the ensemble of round 2/)).textContent).toBe(
      'Test score 0.700 (0.690 to 0.710), −0.100 (−0.110 to −0.090) against the ensemble of round 2. Taught by 264 images of the pool and 12 labelled ones.',
    );
    const cellsOf = (name: RegExp) =>
      within(within(panel).getByRole('row', { name }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent);
    expect(cellsOf(/^cyst ensemble/)).toEqual([
      'cyst',
      '0.800 0.790 to 0.810',
      '0.0100 0.0000 to 0.0200',
      '0.0200 0.0100 to 0.0300',
    ]);
    expect(cellsOf(/^cyst student/)).toEqual([
      'cyst',
      '0.700 0.690 to 0.710',
      '0.0200 0.0100 to 0.0300',
      '0.0400 0.0300 to 0.0500',
    ]);
    for (const model of ['ensemble', 'student'])
      expect(within(panel).getByRole('img', { name: `Reliability diagram, cyst: ${model}` })).toBeTruthy();
  });
});
