import type { StrategyConfig } from '../../api/types.js'
import { CheckField } from '../../parts/field.js'
import { localTimezone } from './draft.js'
import { useFieldAt } from './field-errors.js'
import { TextAt } from './text-at.js'

type Hours = NonNullable<StrategyConfig['tradingHours']>

interface HoursFieldsProps {
  readonly path: string
  readonly hours: StrategyConfig['tradingHours']
  readonly onChange: (hours: StrategyConfig['tradingHours']) => void
}

/** Days and hours in which it may enter; at all hours unless asked for. */
export function HoursFields({ path, hours, onChange }: HoursFieldsProps) {
  const { name: daysName, error } = useFieldAt(`${path}.days`)
  const set = (change: Partial<Hours>) => hours && onChange({ ...hours, ...change })
  const toggle = (day: number, on: boolean) => {
    const others = hours?.days.filter((other) => other !== day) ?? []
    set({ days: (on ? [...others, day] : others).sort((a, b) => a - b) })
  }
  return (
    <fieldset>
      <legend>Trading hours</legend>
      <CheckField
        name={`${path}.limited`}
        label="Only at certain hours"
        checked={hours !== undefined}
        onChange={(event) => onChange(event.target.checked ? officeHours() : undefined)}
      />
      {hours && (
        <>
          <fieldset className="choices" aria-label="Days" name={daysName}>
            {dayNames().map((name, index) => (
              <CheckField
                key={name}
                name={`${path}.days.${index + 1}`}
                label={name}
                checked={hours.days.includes(index + 1)}
                onChange={(event) => toggle(index + 1, event.target.checked)}
              />
            ))}
          </fieldset>
          {error && <p className="field-error">{error}</p>}
          <div className="fields">
            <TextAt
              path={`${path}.start`}
              label="From"
              type="time"
              value={hours.start}
              onText={(start) => set({ start })}
            />
            <TextAt
              path={`${path}.end`}
              label="Until"
              type="time"
              value={hours.end}
              onText={(end) => set({ end })}
              help="Earlier than “from” runs across midnight."
            />
            <TextAt
              path={`${path}.timezone`}
              label="Time zone"
              value={hours.timezone}
              onText={(timezone) => set({ timezone })}
              help="For example Europe/Madrid."
            />
          </div>
        </>
      )}
    </fieldset>
  )
}

function officeHours(): Hours {
  return { timezone: localTimezone(), days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' }
}

/** Monday first, in the reader's language. 1 January 2024 was a Monday. */
function dayNames(): readonly string[] {
  const format = new Intl.DateTimeFormat(undefined, { weekday: 'short', timeZone: 'UTC' })
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format.format(Date.UTC(2024, 0, day)))
}
