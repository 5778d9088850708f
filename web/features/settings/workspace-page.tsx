import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { workspaceApi } from "#core/contract/workspace"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { Section, SettingsColumn } from "./section.tsx"

const settingsQuery = queryOptions({
  queryKey: queryKeys.workspace,
  queryFn: async ({ signal }) => (await call(workspaceApi.get, { signal })).settings,
  staleTime: 0,
})

/** What holds for the whole workspace. */
export function WorkspacePage() {
  const settings = useQuery(settingsQuery)
  const mayEdit = useCan("workspace.edit")
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (review_before_publish: boolean) =>
      call(workspaceApi.update, { body: { review_before_publish } }),
    onSuccess: ({ settings: saved }) => queries.setQueryData(settingsQuery.queryKey, saved),
    onError: (error) => toast.failed(error, "The setting was not saved"),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.flows }),
  })
  const isOn = save.isPending ? save.variables : (settings.data?.review_before_publish ?? false)
  return (
    <>
      <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Workspace" }]} />
      {settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} className="my-auto" />
      ) : (
        <SettingsColumn>
          <Section
            title="Publishing"
            lead="Holds for every flow of this workspace, for people and API keys alike."
          >
            {settings.isPending ? (
              <Loading what="the settings">
                <Skeleton className="w-2/3" />
              </Loading>
            ) : (
              <SwitchLine
                label="Review before publishing"
                help="A draft is published once somebody else has approved it: another admin or editor than who asked. After an edit it needs a new approval. Without this, each flow can still ask for reviews by itself."
                checked={isOn}
                disabled={!mayEdit || save.isPending}
                onCheckedChange={(on) => save.mutate(on)}
              />
            )}
            {!mayEdit && <p className="text-sm text-muted">Only admins change this.</p>}
          </Section>
        </SettingsColumn>
      )}
    </>
  )
}
