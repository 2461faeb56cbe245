import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { profileQuery } from '../../api/queries.js'
import type { Profile } from '../../api/types.js'
import { useApp } from '../../app.js'
import { Button } from '../../parts/button.js'
import { Fact, Facts } from '../../parts/facts.js'
import { SelectField, TextField } from '../../parts/field.js'
import { dateTime, words } from '../../parts/format.js'
import { ErrorNotice, Notice } from '../../parts/notice.js'
import { optionsOf } from '../../parts/pick-field.js'
import { useForm } from '../../parts/use-form.js'
import { mailLanguage, mailLanguages } from '../mail-language.js'

export function ProfileForm({ profile }: { profile: Profile }) {
  const { client } = useApp()
  const queries = useQueryClient()
  const language = mailLanguage(profile.locale)
  const form = useForm(['name', 'country', 'locale'], async ({ name = '', country = '', locale = '' }) => {
    const body = {
      name: name.trim() || null,
      country: country.trim().toUpperCase() || null,
      // The same language with its country stays.
      ...(locale !== language && { locale }),
    }
    queries.setQueryData(profileQuery(client).queryKey, await client.put<Profile>('/users/me', { body }))
  })
  return (
    <>
      <Facts>
        <Fact wide name="Email">
          {profile.email}
        </Fact>
        <Fact name="Role">{words(profile.role)}</Fact>
        <Fact name="Plan">
          <Link to="/billing">{profile.plan.name}</Link>
          {profile.plan.until && `, until ${dateTime(profile.plan.until)}`}
        </Fact>
      </Facts>
      <form className="stack" {...form.formProps}>
        <ErrorNotice error={form.error} />
        <div className="fields">
          <TextField
            name="name"
            label="Name"
            autoComplete="name"
            maxLength={100}
            defaultValue={profile.name ?? ''}
            error={form.errorAt.name}
          />
          <TextField
            name="country"
            label="Country"
            autoComplete="country"
            maxLength={2}
            help="Two letters, such as AR."
            defaultValue={profile.country ?? ''}
            error={form.errorAt.country}
          />
          <SelectField
            name="locale"
            label="Language of mails"
            options={optionsOf(mailLanguages)}
            defaultValue={language}
            error={form.errorAt.locale}
          />
        </div>
        {form.done && <Notice tone="good">Saved.</Notice>}
        <div className="form-actions">
          <Button look="primary" type="submit" busy={form.busy}>
            Save
          </Button>
        </div>
      </form>
    </>
  )
}
