import { useQuery } from "@tanstack/react-query"
import { nodeKey, type NodeState } from "#core/execution/state"
import { useCan } from "#web/api/me.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { callbackQuery } from "../queries.ts"
import { useWatch } from "../watch.ts"

/** The address that lets a step go on when it is called; a secret, so only for those who may start executions. */
export function CallbackAddress({ run }: { run: NodeState }) {
  const { execution } = useWatch()
  const may = useCan("execution.start")
  const key = nodeKey(run.node_id, run.scope)
  const address = useQuery({ ...callbackQuery(execution.id, key), enabled: may })
  if (!may) return null
  if (address.error) return <ErrorNote error={address.error} />
  if (!address.data) return <Skeleton className="h-8" />
  const url = new URL(address.data.url, location.href).href
  return (
    <div className="flex flex-col gap-1">
      <p className="text-sm font-medium">Address</p>
      <p className="flex items-start gap-2 rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-sm">
        <span className="font-semibold">POST</span>
        <span className="min-w-0 flex-1 break-all">{url}</span>
        <CopyButton text={url} label="Copy the address" className="-my-1" />
      </p>
      <p className="text-sm text-muted">Whoever knows it can call once, without signing in.</p>
    </div>
  )
}
