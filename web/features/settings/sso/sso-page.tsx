import { queryOptions, useQuery } from "@tanstack/react-query"
import { ssoApi } from "#core/contract/sso"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"
import { RemoveSso } from "./remove-sso.tsx"
import { SsoForm } from "./sso-form.tsx"

const ssoQuery = queryOptions({
  queryKey: queryKeys.sso,
  queryFn: ({ signal }) => call(ssoApi.get, { signal }),
})

/** The tenant's OpenID provider: who it is, and whose addresses it speaks for. */
export function SsoPage() {
  const found = useQuery(ssoQuery)
  return (
    <>
      <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Single sign-on" }]} />
      {found.error && !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <SettingsColumn>
          <Section
            title="OpenID provider"
            lead="Members, and who is invited, may then sign in with your company's account. It signs them in to this tenant alone."
          >
            {found.data ? (
              <SsoForm key={found.data.sso?.version ?? 0} sso={found.data.sso} />
            ) : (
              <Loading what="the provider" className="flex flex-col gap-4">
                <Skeleton className="w-56" />
                <Skeleton className="w-40" />
              </Loading>
            )}
          </Section>
          {found.data?.sso && (
            <Section title="Passwords alone">
              <RemoveSso issuer={found.data.sso.issuer} />
            </Section>
          )}
        </SettingsColumn>
      )}
    </>
  )
}
