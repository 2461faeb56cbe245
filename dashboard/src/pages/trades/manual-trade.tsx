import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { createAttempt } from '../../api/attempt.js'
import { ApiError } from '../../api/problem.js'
import { keysQuery, planQuery, symbolsQuery } from '../../api/queries.js'
import type { ManualTrade as Placed } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { SelectField, TextField } from '../../parts/field.js'
import { FormErrors } from '../../parts/form-errors.js'
import { useForm } from '../../parts/use-form.js'
import { accountOptions } from '../account-options.js'
import { symbolOptions } from '../symbol-options.js'
import { PlacedTrade } from './placed-trade.js'

const directions = [
  { value: 'call', label: 'CALL: the price rises' },
  { value: 'put', label: 'PUT: the price falls' },
]
const fields = ['symbol', 'direction', 'stake', 'expiryCandles', 'brokerAccountId']

/** A trade by hand, and what became of it. */
export function ManualTrade() {
  const { client } = useApp()
  const queries = useQueryClient()
  const { data: symbols = [] } = useQuery(symbolsQuery(client))
  const { data: keys = [] } = useQuery(keysQuery(client))
  const { data: plan } = useQuery(planQuery(client))
  const [attempt] = useState(createAttempt)
  const [placed, setPlaced] = useState<string>()

  const form = useForm(fields, async ({ symbol, direction, stake = '', expiryCandles, brokerAccountId }) => {
    const body = {
      symbol,
      direction,
      stake: stake.trim(),
      expiryCandles: Number(expiryCandles),
      ...(brokerAccountId && { brokerAccountId }),
    }
    setPlaced(undefined)
    const { id } = await attempt(body, (once) => client.post<Placed>('/trades', { body, once })).catch(sayWhole)
    setPlaced(id)
    for (const key of ['/trades', '/positions']) void queries.invalidateQueries({ queryKey: [key] })
  })
  const most = plan?.maxCapitalPerTrade

  return (
    <form className="stack" noValidate {...form.formProps}>
      <div className="fields">
        <SelectField name="symbol" label="Symbol" options={symbolOptions(symbols)} error={form.errorAt.symbol} />
        <SelectField name="direction" label="Direction" options={directions} error={form.errorAt.direction} />
        <TextField
          name="stake"
          label="Stake, USD"
          inputMode="decimal"
          defaultValue="1.00"
          help={most ? `At most ${most} in your plan.` : undefined}
          error={form.errorAt.stake}
        />
        <TextField
          name="expiryCandles"
          label="Expires after, minutes"
          inputMode="numeric"
          defaultValue="1"
          help="1 to 100 minutes of the market."
          error={form.errorAt.expiryCandles}
        />
        <SelectField
          name="brokerAccountId"
          label="Account"
          options={accountOptions(keys)}
          error={form.errorAt.brokerAccountId}
        />
      </div>
      <FormErrors form={form} />
      {form.error instanceof ApiError && form.error.code === 'config-missing' && (
        <Link to="/setup">Set up your bot</Link>
      )}
      {placed && <PlacedTrade id={placed} />}
      <div className="form-actions">
        <Button look="primary" type="submit" busy={form.busy}>
          Place the trade
        </Button>
        <span className="muted">A binary option. It needs no running bot, and counts towards the same limits.</span>
      </div>
    </form>
  )
}

/** A limit belongs to the whole trade, whatever field its error names: the sentence says it. */
function sayWhole(error: unknown): never {
  if (error instanceof ApiError && error.code === 'plan-limit')
    throw new ApiError(error.status, error.code, error.message)
  throw error
}
