import type { Plan } from '../../api/types.js'
import { money } from '../../parts/format.js'
import { Notice } from '../../parts/notice.js'
import type { StrategyDraft } from './draft.js'
import { assumedPayout, previewLadder } from './ladder.js'

/** What the ladder costs when every level is lost, before it is saved. */
export function LadderTable({ draft, capital, plan }: { draft: StrategyDraft; capital: string; plan: Plan | null }) {
  const { stake, symbols, martingale } = draft
  const maxLevel = /^\d+$/.test(martingale.maxLevel.trim()) ? Number(martingale.maxLevel) : Number.NaN
  const input = { ...martingale, stake: stake.trim(), maxLevel, symbols: Math.max(1, symbols.length) }
  const cap = plan?.maxCapitalPerTrade ?? null
  const preview = previewLadder({ ...input, multiplier: martingale.multiplier.trim() }, capital.trim(), cap)
  if (!preview) return <p className="muted">Enter stake, multiplier and highest level to see the worst case.</p>
  const { levels, ladders, perLadder, total, overCapital } = preview
  const usd = (amount: string) => money(amount, 'USD')
  return (
    <div className="stack ladder" data-testid="worst-case">
      <table>
        <caption className="unseen">Worst case of the ladder</caption>
        <thead>
          <tr>
            <th scope="col">Level</th>
            <th scope="col" className="end">
              Stake
            </th>
            <th scope="col" className="end">
              Lost so far
            </th>
          </tr>
        </thead>
        <tbody>
          {levels.map((one) => (
            <tr key={one.level}>
              <td>
                {one.level} {one.overCap && <span className="loss">over your plan’s limit</span>}
              </td>
              <td className="end">{usd(one.stake)}</td>
              <td className="end">{usd(one.lost)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p aria-live="polite">
        Worst case: <strong>{usd(total)}</strong>
        {ladders > 1 && ` (${ladders} ladders of ${usd(perLadder)} each)`}
        {martingale.plan !== 'classic' && `, if a win pays ${Number(assumedPayout) * 100} %`}.
      </p>
      {overCapital && <Notice tone="warning">That is more than the bot’s capital.</Notice>}
    </div>
  )
}
