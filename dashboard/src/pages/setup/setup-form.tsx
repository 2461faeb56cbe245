import { Link, useBlocker } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { placeErrors } from '../../api/problem.js'
import type { SavedConfig } from '../../api/types.js'
import { uuid } from '../../api/uuid.js'
import { Button } from '../../parts/button.js'
import { hasField, showFirstFault } from '../../parts/first-fault.js'
import { Empty } from '../../parts/loaded.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { Section } from '../../parts/page.js'
import { BotFields } from './bot-fields.js'
import { type Draft, draftOf, emptyDraft, newStrategy, type StrategyDraft } from './draft.js'
import { FieldErrorsProvider } from './field-errors.js'
import { inWords } from './limit-words.js'
import type { Lists } from './lists.js'
import { OwnPresets } from './own-presets.js'
import { PlanLimits } from './plan-limits.js'
import { standingFaults } from './standing-faults.js'
import { StrategyForm } from './strategy-form.js'
import { useSave } from './use-save.js'

interface SetupFormProps {
  /** What the form begins with. Later readings are not followed: a draft is saved over the version it was made from. */
  readonly saved: SavedConfig
  readonly lists: Lists
  readonly reload: () => void
}

export function SetupForm({ saved, lists, reload }: SetupFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const [draft, setDraft] = useState<Draft>(() => firstDraft(saved, lists))
  const [version, setVersion] = useState(saved.version)
  const [changed, setChanged] = useState(saved.version === 0)
  const { save, isConflict, faults, failure } = useSave(version, lists.strategies)
  const placed = placeErrors(faults.map(inWords), (path) => hasField(form.current, path))
  const byField = save.variables ? standingFaults(placed.byField, save.variables, draft) : placed.byField
  const hasMarked = Object.keys(byField).length > 0

  useEffect(() => {
    if (faults.length > 0) showFirstFault(form.current)
  }, [faults])
  useBlocker({
    shouldBlockFn: () => changed && version > 0 && !confirm('Leave without saving your changes?'),
    enableBeforeUnload: changed && version > 0,
  })

  const change = (next: Partial<Draft>) => {
    setDraft((kept) => ({ ...kept, ...next }))
    setChanged(true)
  }
  const changeStrategy = (id: string, next: Partial<StrategyDraft>) =>
    change({ strategies: draft.strategies.map((one) => (one.id === id ? { ...one, ...next } : one)) })
  const addStrategy = () => {
    const [info] = lists.strategies
    if (!info) return
    change({ strategies: [...draft.strategies, newStrategy(uuid(), info, lists.symbols[0]?.symbol)] })
  }

  return (
    <FieldErrorsProvider value={byField}>
      <form
        ref={form}
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (save.isPending) return
          save.mutate(draft, {
            onSuccess: (stored) => {
              setVersion(stored.version)
              setChanged(false)
            },
          })
        }}
      >
        <PlanLimits plan={lists.plan} />
        <BotFields draft={draft} plan={lists.plan} onChange={change} />
        <Section title="Strategies" actions={<Button onClick={addStrategy}>Add a strategy</Button>}>
          {draft.strategies.length === 0 && <Empty>No strategy yet. Without one the bot only watches.</Empty>}
          {draft.strategies.map((strategy, index) => (
            <StrategyForm
              key={strategy.id}
              path={`strategies.${index}`}
              draft={strategy}
              capital={draft.capital}
              lists={lists}
              onChange={(next) => changeStrategy(strategy.id, next)}
              onRemove={() => change({ strategies: draft.strategies.filter(({ id }) => id !== strategy.id) })}
            />
          ))}
        </Section>
        <OwnPresets presets={lists.presets} catalogue={lists.strategies} />
        <div className="save-bar">
          {isConflict && (
            <Notice tone="warning" title="Somebody saved before you">
              The set-up was changed elsewhere since you opened it. <Button onClick={reload}>Load the saved one</Button>{' '}
              Your changes here are lost then.
            </Notice>
          )}
          <ErrorNotice error={failure} />
          {(hasMarked || placed.others.length > 0) && (
            <Notice tone="bad" title="Not saved.">
              {hasMarked && 'Look at the marked fields.'}
              {placed.others.length > 0 && (
                <ul>
                  {placed.others.map((message) => (
                    <li key={message}>{message}</li>
                  ))}
                </ul>
              )}
            </Notice>
          )}
          {save.isSuccess && !changed && (
            <Notice tone="good" title="Saved.">
              A running bot takes it over without a restart. <Link to="/">Go to your bot</Link>
            </Notice>
          )}
          <div className="form-actions">
            <Button look="primary" type="submit" busy={save.isPending}>
              Save
            </Button>
            <span className="muted">{changed ? 'Not saved yet' : `Version ${version}`}</span>
          </div>
        </div>
      </form>
    </FieldErrorsProvider>
  )
}

/** A newcomer begins with one strategy, ready to be saved. */
function firstDraft({ config }: SavedConfig, { strategies, symbols }: Lists): Draft {
  if (config) return draftOf(config)
  const [info] = strategies
  return { ...emptyDraft(), strategies: info ? [newStrategy(uuid(), info, symbols[0]?.symbol)] : [] }
}
