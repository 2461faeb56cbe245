import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { profileQuery } from '../../api/queries.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { DeleteAccount } from './delete-account.js'
import { ProfileForm } from './profile-form.js'
import { ApiTokens } from './tokens/api-tokens.js'

export function AccountPage() {
  const { client } = useApp()
  const profile = useQuery({ ...profileQuery(client), refetchOnWindowFocus: false })
  const [leaving, setLeaving] = useState(false)
  return (
    <Page
      title="Account"
      actions={
        <Button
          busy={leaving}
          onClick={() => {
            setLeaving(true)
            void client.signOut()
          }}
        >
          Sign out
        </Button>
      }
    >
      <Section title="Profile">
        <Loaded query={profile}>{(data) => <ProfileForm profile={data} />}</Loaded>
      </Section>
      <ApiTokens />
      <DeleteAccount />
    </Page>
  )
}
