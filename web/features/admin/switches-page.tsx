import { useQuery } from "@tanstack/react-query"
import type { FeatureSwitch } from "#core/contract/admin"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { switchesQuery, useAdminActs } from "./queries.ts"

const words: Record<FeatureSwitch["name"], { label: string; help: string }> = {
  registration: {
    label: "Registration",
    help: "Anybody who reaches the sign-up page may create a workspace. Off: people come by invitation only.",
  },
  openai_endpoint: {
    label: "OpenAI protocol",
    help: "Programs may speak it at /v1 with an API key.",
  },
  widget: { label: "Chat widget", help: "Chats may stand in other sites’ pages." },
  hosted_forms: { label: "Hosted forms", help: "Flows may be started by forms that need no account." },
}

/** What the operator may switch off for everybody. */
export function SwitchesPage() {
  const found = useQuery(switchesQuery)
  const { setSwitch } = useAdminActs()
  const { variables, isPending } = setSwitch
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "Switches" }]} />
      {found.error && !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <SettingsColumn>
          <Section title="Features" lead="For the whole installation; a change holds within 5 seconds.">
            {found.data ? (
              <div className="flex flex-col gap-5">
                {found.data.map(({ name, is_on }) => (
                  <SwitchLine
                    key={name}
                    {...words[name]}
                    checked={isPending && variables.name === name ? variables.is_on : is_on}
                    disabled={isPending}
                    onCheckedChange={(on) =>
                      setSwitch.mutate(
                        { name, is_on: on },
                        { onError: (error) => toast.failed(error, "The switch was not changed") },
                      )
                    }
                  />
                ))}
              </div>
            ) : (
              <Loading what="the switches">
                <Skeleton className="w-2/3" />
              </Loading>
            )}
          </Section>
        </SettingsColumn>
      )}
    </>
  )
}
