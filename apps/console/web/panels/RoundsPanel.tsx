import type { CampaignDetail } from '@probity/core/schemas/api/campaigns';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { decimal, duration, intervalText, signed } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { HeadRow } from '../ui/HeadRow.js';

/** The finished rounds, one a row. */
export function RoundsPanel({ campaign }: { campaign: UseQueryResult<CampaignDetail> }) {
  return (
    <Panel
      title="Rounds"
      query={campaign}
      empty={({ state }) => (state.rounds.length === 0 ? 'No round is finished yet.' : undefined)}
    >
      {({ id, state }) => (
        <div className="scroll">
          <table>
            <HeadRow
              titles={[
                'Round',
                'Test score',
                'Against round 0',
                'Calibration error before',
                'after',
                'Accepted',
                'Ignored',
                'Set aside',
                'Time',
              ]}
            />
            <tbody>
              {state.rounds.map((round) => (
                <tr key={round.round}>
                  <th scope="row">
                    <Link to="/campaigns/$id/rounds/$round" params={{ id, round: String(round.round) }}>
                      Round {round.round}
                    </Link>
                  </th>
                  <td className="number">
                    {decimal(round.score.value)} <small>{intervalText(round.score)}</small>
                  </td>
                  <td className="number">
                    {round.difference ? (
                      <>
                        {signed(round.difference.value)} <small>{intervalText(round.difference)}</small>
                      </>
                    ) : (
                      <span className="muted">control</span>
                    )}
                  </td>
                  <td className="number">{decimal(round.eceBefore.value)}</td>
                  <td className="number">{decimal(round.eceAfter.value)}</td>
                  <td className="number">
                    {round.acceptedCount} <small>of {round.poolCount}</small>
                  </td>
                  <td className="number">{round.ignoredCount}</td>
                  <td className="number">{round.setAsideCount}</td>
                  <td className="number">{duration(round.seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
