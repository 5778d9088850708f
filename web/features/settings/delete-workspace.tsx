import { restorableDays } from "#core/tenant"
import { workspaceApi } from "#core/contract/workspace"
import { call } from "#web/api/call.ts"
import { useMe } from "#web/api/me.ts"
import { session } from "#web/state/session.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"

/** Asks before the whole workspace goes, and leaves it then. */
export function DeleteWorkspace({ onClose }: { onClose: () => void }) {
  const { tenant } = useMe()
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete “${tenant.name}”?`}
      description={
        <>
          <p>
            Within 5 seconds nobody gets in any more, you among them: people, keys, webhooks, forms and shared
            links find nothing, and what goes on pauses.
          </p>
          <p className="mt-1.5">
            For {restorableDays} days whoever runs this installation can bring it back as it was. Then
            everything in it is erased for good: flows, executions, chats, files, the audit log, and the
            accounts of people who are in no other workspace.
          </p>
        </>
      }
      act="Delete workspace"
      typeName={tenant.slug}
      onAct={async () => {
        await call(workspaceApi.remove, { body: { confirm: tenant.slug } })
        session.end("left")
      }}
    />
  )
}
