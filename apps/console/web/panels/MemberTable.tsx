import type { RoundDetail } from '@probity/core/schemas/api/campaigns';
import { decimal, intervalText } from '../ui/numbers.js';
import { HeadRow } from '../ui/HeadRow.js';

/** Which operating point segments best out of fold: a row a class, a column a member. */
export function MemberTable({ calibration, classes }: Pick<RoundDetail, 'calibration' | 'classes'>) {
  return (
    <div className="scroll">
      <table>
        <caption>
          Dice of the members out of fold, with 95 % intervals over groups; w &lt; 0 is sensitive, w &gt; 0 precise
        </caption>
        <HeadRow titles={['Class', ...calibration.operatingPoints.map((operatingPoint) => `w=${operatingPoint}`)]} />
        <tbody>
          {calibration.report.map(({ classIndex, members }) => (
            <tr key={classIndex}>
              <td>{classes[classIndex]}</td>
              {members.map(({ operatingPoint, dice }) => (
                <td key={operatingPoint} className="number">
                  {dice ? (
                    <>
                      {decimal(dice.value)} <small>{intervalText(dice)}</small>
                    </>
                  ) : (
                    '–'
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
