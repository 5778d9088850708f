import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { Ellipsis, Zap } from "lucide-react"
import { useCallback } from "react"
import type { Trigger } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Deliveries } from "./deliveries/deliveries.tsx"
import { TriggerDialog } from "./dialog/trigger-dialog.tsx"
import { valuesOf } from "./dialog/values.ts"
import { TestButton } from "./page/test-dialog.tsx"
import { TriggerSetup } from "./page/trigger-setup.tsx"
import { TriggerSummary } from "./page/trigger-summary.tsx"
import { useRotation } from "./page/use-rotation.tsx"
import { triggerQuery } from "./queries.ts"
import { useTriggerMenu } from "./use-trigger-menu.ts"

/** One trigger: how it fares, what one needs to use it, and what came in last. */
export function TriggerPage() {
  const { triggerId } = useParams({ from: "/shell/inside/triggers/$triggerId" })
  const loaded = useQuery(triggerQuery(triggerId))
  if (loaded.data) return <TriggerView key={triggerId} trigger={loaded.data} />
  if (loaded.error) return <NotOpened error={loaded.error} onRetry={() => void loaded.refetch()} />
  return (
    <Loading what="the trigger" className="flex flex-col gap-5 p-5">
      <PageHeader crumbs={[{ label: "Triggers", to: "/triggers" }, { label: "…" }]} />
      <Skeleton className="h-6 w-64" />
      <Skeleton className="h-24 w-full max-w-2xl" />
      <Skeleton className="w-2/5" />
      <Skeleton className="w-3/5" />
    </Loading>
  )
}

function TriggerView({ trigger }: { trigger: Trigger }) {
  const search = useSearch({ from: "/shell/inside/triggers/$triggerId" })
  const navigate = useNavigate({ from: "/triggers/$triggerId" })
  const mayEdit = useCan("trigger.edit")
  const setEdit = useCallback(
    (edit: boolean) =>
      void navigate({ search: (before) => ({ ...before, edit: edit || undefined }), replace: true }),
    [navigate],
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Triggers", to: "/triggers" }, { label: trigger.name }]}
        actions={mayEdit && <Actions trigger={trigger} onEdit={() => setEdit(true)} />}
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="flex min-h-full flex-col">
          <TriggerSummary trigger={trigger} mayEdit={mayEdit} />
          <TriggerSetup trigger={trigger} mayEdit={mayEdit} />
          <Deliveries trigger={trigger} mayEdit={mayEdit} />
        </div>
      </div>
      {mayEdit && search.edit && (
        <TriggerDialog
          key={trigger.version}
          trigger={trigger}
          initial={valuesOf(trigger)}
          onClose={() => setEdit(false)}
        />
      )}
    </>
  )
}

function Actions({ trigger, onEdit }: { trigger: Trigger; onEdit: () => void }) {
  const navigate = useNavigate()
  const rotation = useRotation(trigger)
  const menu = useTriggerMenu({
    mayEdit: true,
    onEdit,
    onDeleted: () => void navigate({ to: "/triggers" }),
  })
  const [open, openFlow, ...rest] = menu(trigger)
  const end = rest.findIndex((entry) => entry === "divider")
  return (
    <>
      <TestButton trigger={trigger} />
      <Button size="sm" onClick={onEdit} className="max-md:hidden">
        Edit
      </Button>
      <Menu
        align="end"
        entries={
          open && openFlow ? [openFlow, ...rest.slice(0, end), ...rotation.entries, ...rest.slice(end)] : []
        }
      >
        <IconButton label="More" size="sm" tooltip={false}>
          <Ellipsis />
        </IconButton>
      </Menu>
      {rotation.dialog}
    </>
  )
}

function NotOpened({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof Failure && (error.status === 404 || error.code === "request.invalid")
  return (
    <div className="flex h-full flex-col justify-center bg-surface">
      <PageHeader
        crumbs={[{ label: "Triggers", to: "/triggers" }, { label: isGone ? "Not found" : "Not opened" }]}
      />
      {isGone ? (
        <EmptyState
          icon={Zap}
          title="There is no such trigger"
          action={
            <Button asChild tone="primary">
              <Link to="/triggers">Go to triggers</Link>
            </Button>
          }
        >
          The address may be mistyped, or the trigger was deleted.
        </EmptyState>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  )
}
