import { useQuery } from '@tanstack/react-query'
import { aiKeysQuery, brokersQuery, keysQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { DialogButton } from '../../parts/dialog-button.js'
import { Page } from '../../parts/page.js'
import { AiKeyCard } from './ai-key-card.js'
import { AiKeyForm } from './ai-key-form.js'
import { BrokerKeyCard } from './broker-key-card.js'
import { BrokerKeyForm } from './broker-key-form.js'
import { KeyGroup } from './key-group.js'

export function KeysPage() {
  const { client } = useApp()
  const brokerKeys = useQuery(keysQuery(client))
  const aiKeys = useQuery(aiKeysQuery(client))
  // Names and fields of the brokers; a card without them shows the broker's id.
  const brokers = useQuery(brokersQuery(client))
  return (
    <Page title="Keys">
      <p className="muted">A key is sealed as it arrives: nobody can read it back, not even you.</p>
      <KeyGroup
        title="Broker keys"
        intro="A broker key lets your bot trade on your own account. Paper trading needs none."
        empty="No key stored. Your bot can trade on paper without one."
        add={
          <DialogButton
            trigger={{ look: 'primary', children: 'Add a key' }}
            title="Add a broker key"
            description="Make a key at your broker first."
          >
            {(close) => <BrokerKeyForm brokers={brokers} onClose={close} />}
          </DialogButton>
        }
        query={brokerKeys}
        card={(key) => <BrokerKeyCard key={key.id} stored={key} brokers={brokers} />}
      />
      <KeyGroup
        title="AI keys"
        intro="A key of an AI provider is for strategies that ask one. None of the others needs it."
        empty="No AI key stored."
        add={
          <DialogButton
            trigger={{ look: 'primary', children: 'Add an AI key' }}
            title="Add an AI key"
            description="Make a key at the provider first, with a spending limit."
          >
            {(close) => <AiKeyForm onClose={close} />}
          </DialogButton>
        }
        query={aiKeys}
        card={(key) => <AiKeyCard key={key.id} stored={key} />}
      />
    </Page>
  )
}
