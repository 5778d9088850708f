import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Trash2 } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import type { BodyIn } from "#core/contract/endpoint"
import { workspaceApi } from "#core/contract/workspace"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { toast } from "#web/ui/toast.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"

const settingsQuery = queryOptions({
  queryKey: queryKeys.workspace,
  queryFn: async ({ signal }) => (await call(workspaceApi.get, { signal })).settings,
  staleTime: 0,
})

const supportChoices = [
  { value: "none", label: "Not let in" },
  { value: "read", label: "Read only" },
  { value: "write", label: "Read and change flows" },
] as const

const DeleteWorkspace = lazy(async () => ({
  default: (await import("./delete-workspace.tsx")).DeleteWorkspace,
}))

/** The end of a workspace, by one of its admins. */
function DangerZone() {
  const [isAsking, setAsking] = useState(false)
  return (
    <Section
      title="Delete this workspace"
      lead="For everybody, with all that is in it. Whoever runs this installation can bring it back for 30 days; then it is erased for good."
    >
      <Button onClick={() => setAsking(true)}>
        <Trash2 aria-hidden />
        Delete workspace
      </Button>
      {isAsking && (
        <Suspense>
          <DeleteWorkspace onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </Section>
  )
}

/** What holds for the whole workspace. */
export function WorkspacePage() {
  const settings = useQuery(settingsQuery)
  const mayEdit = useCan("workspace.edit")
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (body: BodyIn<typeof workspaceApi.update>) => call(workspaceApi.update, { body }),
    onSuccess: ({ settings: saved }) => queries.setQueryData(settingsQuery.queryKey, saved),
    onError: (error) => toast.failed(error, "The setting was not saved"),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.flows }),
  })
  const shown = { ...settings.data, ...(save.isPending ? save.variables : {}) }
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
                checked={shown.review_before_publish ?? false}
                disabled={!mayEdit || save.isPending}
                onCheckedChange={(on) => save.mutate({ review_before_publish: on })}
              />
            )}
            {!mayEdit && <p className="text-sm text-muted">Only admins change this.</p>}
          </Section>
          <Section
            title="Support"
            lead="What the operator’s platform admins may do in the name of one of you: for 30 minutes, with a reason, and with both names in the audit log. Keys, secrets, people and exports stay closed to them."
          >
            <Segments
              label="Support"
              segments={supportChoices}
              value={shown.support_access ?? "read"}
              onChange={(support_access) => {
                if (mayEdit && !save.isPending) save.mutate({ support_access })
              }}
            />
          </Section>
          {mayEdit && <DangerZone />}
        </SettingsColumn>
      )}
    </>
  )
}
