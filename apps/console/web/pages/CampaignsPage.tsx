import type { CampaignRow } from '@probity/core/schemas/api/campaigns';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { campaignsQuery } from '../api/queries.js';
import { Badge } from '../ui/Badge.js';
import { clock, decimal } from '../ui/numbers.js';
import { Panel } from '../ui/Panel.js';
import { HeadRow } from '../ui/HeadRow.js';

/** Every campaign, newest first. */
export function CampaignsPage() {
  const campaigns = useQuery(campaignsQuery());
  return (
    <>
      <h1>Campaigns</h1>
      <Panel
        title="All campaigns"
        query={campaigns}
        empty={(rows) =>
          rows.length === 0
            ? 'No campaign yet. Start one: npx probity campaign start examples/sunnybrook.yaml'
            : undefined
        }
      >
        {(rows) => <CampaignTable rows={rows} />}
      </Panel>
    </>
  );
}

function CampaignTable({ rows }: { rows: readonly CampaignRow[] }) {
  return (
    <div className="scroll">
      <table>
        <HeadRow
          titles={['Campaign', 'State', 'Data set', 'Task', 'Stage', 'Round', 'Test score', 'Accepted', 'Started']}
        />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to="/campaigns/$id" params={{ id: row.id }}>
                  {row.id}
                </Link>
              </th>
              <td>
                <Badge word={row.status} />
              </td>
              <td>{row.dataset}</td>
              <td>{row.task}</td>
              <td>{row.stage}</td>
              <td className="number">{row.round}</td>
              <td className="number">{row.score !== undefined && decimal(row.score)}</td>
              <td className="number">{row.acceptedCount}</td>
              <td>{clock(row.startedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
