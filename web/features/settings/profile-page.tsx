import { PageHeader } from "#web/ui/page-header.tsx"
import { NameForm } from "./name-form.tsx"
import { PasswordForm } from "./password-form.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"
import { SessionList } from "./session-list.tsx"

export const ProfilePage = () => (
  <>
    <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Profile" }]} />
    <SettingsColumn>
      <Section title="Profile">
        <NameForm />
      </Section>
      <Section title="Password" lead="Changing it ends your sessions everywhere else.">
        <PasswordForm />
      </Section>
      <Section title="Sessions" lead="Where you are signed in.">
        <SessionList />
      </Section>
    </SettingsColumn>
  </>
)
