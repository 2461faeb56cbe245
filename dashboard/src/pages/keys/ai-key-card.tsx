import type { AiKey } from '../../api/types.js'
import { Fact } from '../../parts/facts.js'
import { words } from '../../parts/format.js'
import { providerNames } from './ai-key-form.js'
import { KeyCard } from './key-card.js'

export function AiKeyCard({ stored }: { stored: AiKey }) {
  const names: Readonly<Record<string, string>> = providerNames
  const name = names[stored.provider] ?? words(stored.provider)
  return (
    <KeyCard stored={stored} list="/keys/ai" title={stored.label ?? name} facts={<Fact name="Provider">{name}</Fact>} />
  )
}
