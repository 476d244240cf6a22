import type { StepList } from '@probity/core/schemas/api/campaigns';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge } from '../ui/Badge.js';
import { duration, words } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { HeadRow } from '../ui/HeadRow.js';

const STEPS_SHOWN = 30;

/** What happened, step by step: attempts, failures, retries, and the hash a result stands under. */
export function StepsPanel({
  title,
  history,
  round,
}: {
  title: string;
  history: UseQueryResult<StepList>;
  round?: number;
}) {
  const [all, setAll] = useState(false);
  const ofRound = ({ steps }: StepList) => (round === undefined ? steps : steps.filter((step) => step.round === round));
  return (
    <Panel title={title} query={history} empty={(data) => (ofRound(data).length === 0 ? 'No step yet.' : undefined)}>
      {(data) => {
        const steps = ofRound(data).toReversed();
        return (
          <>
            <StepTable steps={all ? steps : steps.slice(0, STEPS_SHOWN)} />
            {steps.length > STEPS_SHOWN && (
              <button type="button" onClick={() => setAll(!all)}>
                {all ? 'Show the newest only' : `Show all ${steps.length} steps`}
              </button>
            )}
          </>
        );
      }}
    </Panel>
  );
}

function StepTable({ steps }: { steps: StepList['steps'] }) {
  return (
    <div className="scroll">
      <table>
        <HeadRow titles={['Step', 'Round', 'Part', 'State', 'Attempts', 'Time', 'Input hash', 'What went wrong']} />
        <tbody>
          {steps.map((step, i) => (
            <tr key={`${step.scheduledAt} ${step.name} ${i}`}>
              <th scope="row">{words(step.name)}</th>
              <td className="number">{step.round}</td>
              <td>{placeOf(step)}</td>
              <td>
                <Badge word={step.state} />
              </td>
              <td className="number">{step.attempts || ''}</td>
              <td className="number">
                {step.startedAt &&
                  step.endedAt &&
                  duration((Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000)}
              </td>
              <td>
                {step.inputHash && <code title={step.inputHash}>{step.inputHash.slice(0, 10)}</code>}{' '}
                {step.reused && <span className="muted">found</span>}
              </td>
              <td className={step.failure ? 'warn' : undefined}>
                {step.failure?.code && <code>{step.failure.code}</code>} {step.failure?.message}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `fold 0, w=-1`. */
const placeOf = ({ fold, shard, operatingPoint }: StepList['steps'][number]): string =>
  [
    ...(fold === undefined ? [] : [`fold ${fold}`]),
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(operatingPoint === undefined ? [] : [`w=${operatingPoint}`]),
  ].join(', ');
