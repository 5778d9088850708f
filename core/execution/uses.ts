import type { ExecutionId } from "#core/ids"
import type { ExecutionEvent } from "./event.ts"
import { nodeKey } from "./state.ts"

/** What a step of an execution did with a credential until it ended: one for each execution, credential and step. */
export type CredentialUse = {
  credential_id: string
  execution_id: ExecutionId
  flow_id: string
  /** Who started the execution. */
  actor: string
  /** The step of the flow itself. */
  node_id: string
  /** The step inside of it, in a map, a loop, another flow or an agent, by its path without the numbers of iterations. */
  within: string | undefined
  /** Attempts that were made with it. */
  count: number
  /** When the step ended, ISO 8601 UTC, and by which event: the same journal tells the same use of it. */
  at: string
  seq: number
}

type OpenUse = Pick<CredentialUse, "credential_id" | "node_id" | "within" | "count">

/** The uses of an execution's steps that have not ended. Folded in place by `usesAfter`; after a crash the same comes out of the journal. */
export type UseLedger = {
  readonly id: ExecutionId
  flow_id: string
  actor: string
  readonly open: Map<string, OpenUse>
}

/** A ledger before the first event. */
export const newLedger = (id: ExecutionId): UseLedger => ({ id, flow_id: "", actor: "", open: new Map() })

/** Takes further events in and answers with the uses of the steps that ended by them, in one call or in many. */
export function usesAfter(ledger: UseLedger, events: Iterable<ExecutionEvent>): CredentialUse[] {
  const ended: CredentialUse[] = []
  for (const event of events) {
    switch (event.type) {
      case "execution.queued":
        ledger.flow_id = event.data.flow_id
        ledger.actor = event.data.actor
        break
      case "node.started":
        for (const credential of event.data.credentials ?? []) count(ledger, credential, event)
        break
      case "node.succeeded":
      case "node.failed":
        if (!event.scope) ended.push(...close(ledger, event, event.node_id))
        break
      case "execution.succeeded":
      case "execution.failed":
      case "execution.cancelled":
      case "execution.timed_out":
        ended.push(...close(ledger, event))
        break
      default:
    }
  }
  return ended
}

function count(
  { open }: UseLedger,
  credential_id: string,
  at: { node_id: string; scope?: string | undefined },
): void {
  const path = nodeKey(at.node_id, at.scope).replaceAll(/\[\d+\]/g, "")
  const node_id = path.split("/", 1)[0]!
  const key = `${credential_id} ${path}`
  const known = open.get(key) ?? {
    credential_id,
    node_id,
    within: path === node_id ? undefined : path,
    count: 0,
  }
  known.count++
  open.set(key, known)
}

/** The uses of one step of the flow, or of all that are left. */
function close(
  { id, flow_id, actor, open }: UseLedger,
  { at, seq }: ExecutionEvent,
  node_id?: string,
): CredentialUse[] {
  const uses: CredentialUse[] = []
  for (const [key, use] of open) {
    if (node_id !== undefined && use.node_id !== node_id) continue
    open.delete(key)
    uses.push({ ...use, execution_id: id, flow_id, actor, at, seq })
  }
  return uses
}
