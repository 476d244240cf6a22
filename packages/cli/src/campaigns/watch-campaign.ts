import { setTimeout as wait } from 'node:timers/promises';
import type { TemporalClient } from '@probity/connections/connect-temporal';
import { hasCode } from '@probity/core/errors';
import type { CampaignSpec } from '@probity/core/schemas/campaign-spec';
import type { CampaignState } from '@probity/core/schemas/campaign-state';
import { formatDifference, formatInterval } from '@probity/core/rounds/campaign-report';
import { createProgressBars, type BarLine } from '../print/progress-bars.js';
import { say, type Terminal } from '../terminal.js';
import {
  describeCampaign,
  readCampaign,
  readState,
  statusOf,
  type CampaignView,
} from '@probity/connections/campaigns/read-campaign';
import { readRunningSteps, type RunningStep } from '@probity/connections/campaigns/running-steps';
import { describeJob, describeProgress, describeStage, describeWaiting, stagesOf } from './stage-progress.js';

/** How often Temporal is asked; its workers report every few seconds. */
const POLL_MILLISECONDS = 1_000;
/** Without a terminal: a line at least this often while something runs, so that a log shows life and is no flood. */
const LINE_EVERY_MILLISECONDS = 10_000;

export type WatchEnd = { readonly kind: 'ended'; readonly campaign: CampaignView } | { readonly kind: 'detached' };

interface Moment {
  readonly spec: CampaignSpec;
  readonly state: CampaignState;
  readonly steps: readonly RunningStep[];
}

/** Shows a campaign's progress until it ends, or until Ctrl-C: then the campaign goes on without us. */
export async function watchCampaign(temporal: TemporalClient, id: string, terminal: Terminal): Promise<WatchEnd> {
  const detach = new AbortController();
  const forget = terminal.onInterrupt(() => detach.abort());
  const view = terminal.err.isTTY === true ? createBarView(terminal) : createLineView(terminal);
  const { spec } = await readCampaign(temporal, id);
  try {
    while (!detach.signal.aborted) {
      const description = await describeCampaign(temporal, id);
      if (statusOf(description.status.name) !== 'running')
        return { kind: 'ended', campaign: await readCampaign(temporal, id) };
      const [state, steps] = await Promise.all([stateOrTrouble(temporal, id), readRunningSteps(temporal, description)]);
      if (typeof state === 'string') view.trouble(state);
      else view.show({ spec, state, steps });
      await wait(POLL_MILLISECONDS, undefined, { signal: detach.signal }).catch(() => {});
    }
    return { kind: 'detached' };
  } finally {
    view.end();
    forget();
  }
}

/** Workers that are away do not end a watch: the campaign waits for them, and so do we. */
async function stateOrTrouble(temporal: TemporalClient, id: string): Promise<CampaignState | string> {
  try {
    return await readState(temporal, id, 'running');
  } catch (error) {
    if (hasCode(error, 'STACK_DOWN')) return error.message;
    throw error;
  }
}

interface WatchView {
  show(moment: Moment): void;
  trouble(message: string): void;
  end(): void;
}

function createBarView(terminal: Terminal): WatchView {
  const bars = createProgressBars(terminal.err);
  const rounds = createRoundLines();
  let last = '';
  const once = (line: string): void => {
    if (line === last) return;
    last = line;
    bars.clear();
    say(terminal, line);
  };
  return {
    show: (moment) => {
      const news = rounds(moment.state);
      if (news.length > 0) bars.clear();
      for (const line of news) say(terminal, line);
      bars.show(barsOf(moment));
    },
    trouble: once,
    end: () => bars.clear(),
  };
}

function barsOf({ spec, state, steps }: Moment): BarLine[] {
  const stages = state.stage === 'distilling' ? (['distilling'] as const) : stagesOf(spec);
  const done = stages.findIndex((stage) => stage === state.stage); // -1 while the campaign opens
  const where = state.stage === 'distilling' ? 'student' : `round ${state.round}`;
  const overview: BarLine = {
    key: where,
    title: where === 'student' ? 'student' : `${where} of ${spec.rounds.max}: ${state.stage}`,
    done: Math.max(0, done),
    total: stages.length,
    note: [
      `stage ${Math.max(0, done) + 1} of ${stages.length}`,
      ...(state.paused ? ['paused'] : []),
      ...describeWaiting(steps),
    ].join(', '),
  };
  const jobs = steps.flatMap(({ key, state: step, progress }): BarLine[] =>
    progress === undefined || step !== 'running'
      ? []
      : [
          {
            key,
            title: `  ${describeJob(progress)}`,
            done: progress.done,
            total: progress.total,
            note: describeProgress(progress),
          },
        ],
  );
  return [overview, ...jobs];
}

function createLineView(terminal: Terminal): WatchView {
  const rounds = createRoundLines();
  let lastStage = '';
  let lastLineAt = 0;
  const line = (text: string): void => {
    say(terminal, text);
    lastLineAt = performance.now();
  };
  return {
    show: ({ spec, state, steps }) => {
      for (const news of rounds(state)) line(news);
      const stage = describeStage(state, spec);
      if (stage !== lastStage) line(stage);
      else if (performance.now() - lastLineAt >= LINE_EVERY_MILLISECONDS) {
        const jobs = steps.flatMap(({ state: where, progress }) =>
          progress === undefined || where !== 'running'
            ? []
            : [`${describeJob(progress)}: ${describeProgress(progress)}`],
        );
        const lines = [...jobs, ...describeWaiting(steps)];
        if (lines.length > 0) line(`  ${lines.join('; ')}`);
      }
      lastStage = stage;
    },
    trouble: (message) => {
      if (performance.now() - lastLineAt >= LINE_EVERY_MILLISECONDS) line(message);
    },
    end: () => {},
  };
}

/** A line for each round that has ended since the last look. */
function createRoundLines(): (state: CampaignState) => string[] {
  let seen = 0;
  return ({ rounds }) => {
    const lines = rounds.slice(seen).map(({ round, score, difference, acceptedCount, poolCount }) => {
      const against = difference === undefined ? '' : `, ${formatDifference(difference)} against round 0`;
      return `round ${round} done: test score ${formatInterval(score)}${against}; ${acceptedCount} of ${poolCount} pool items accepted`;
    });
    seen = rounds.length;
    return lines;
  };
}
