import { useQuery } from "@tanstack/react-query"
import { useCan } from "#web/api/me.ts"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"
import { Erasures } from "./erasures.tsx"
import { Holds } from "./holds.tsx"
import { OwnData } from "./own-data.tsx"
import { privacyQuery } from "./queries.ts"
import { RedactionChoice } from "./redaction-choice.tsx"
import { Reports } from "./reports.tsx"
import { RetentionForm } from "./retention-form.tsx"

/** What becomes of data: how long it is kept, what traces hold, and what people may take out or have erased. */
export function PrivacyPage() {
  const settings = useQuery(privacyQuery)
  const mayEdit = useCan("workspace.edit")
  const mayManage = useCan("user.edit")
  return (
    <>
      <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Privacy" }]} />
      {settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} className="my-auto" />
      ) : (
        <SettingsColumn>
          <Section
            title="How long things are kept"
            lead="Days after the end of each; an empty field keeps it. What is over its time goes within minutes, for good. What is still going on and what a legal hold is about stays."
          >
            {settings.data ? (
              <RetentionForm settings={settings.data} mayEdit={mayEdit} />
            ) : (
              <Waiting rows={6} />
            )}
          </Section>
          <Section
            title="What traces keep of prompts and answers"
            lead="Taken out before it is written, within five seconds of a change. An execution's own journal keeps what it needs to resume and to be replayed: limit that by the days above."
          >
            {settings.data ? (
              <RedactionChoice settings={settings.data} mayEdit={mayEdit} />
            ) : (
              <Waiting rows={2} />
            )}
          </Section>
          <Section
            title="Your data"
            lead="Everything that this workspace holds about you, as one archive that says what is in it."
          >
            <OwnData />
          </Section>
          {mayManage && <Erasures />}
          {mayEdit && <Holds />}
          {mayEdit && <Reports />}
        </SettingsColumn>
      )}
    </>
  )
}

const Waiting = ({ rows }: { rows: number }) => (
  <Loading what="the settings">
    {Array.from({ length: rows }, (_, i) => (
      <Skeleton key={i} className="mb-2 w-2/3" />
    ))}
  </Loading>
)
