import { createContext, use, useMemo } from "react"
import type { CrewDraft } from "#core/crew/crew"
import type { NodeStatus } from "#core/execution/status"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { statusLine } from "./workers.ts"

const StatusContext = createContext<ReadonlyMap<string, NodeStatus>>(new Map())
export const StatusProvider = StatusContext

/** How a member stands in the run that is watched; undefined while it has not worked. */
export const useMemberStatus = (position: string): NodeStatus | undefined => use(StatusContext).get(position)

/** How all members stand, as of the crew that was started. */
export function useStatuses(
  live: LiveExecution | null,
  crew: CrewDraft | null,
): ReadonlyMap<string, NodeStatus> {
  const line = useLive(live, (one) => (crew ? statusLine(one, crew) : "[]")) ?? "[]"
  return useMemo(() => new Map(JSON.parse(line) as [string, NodeStatus][]), [line])
}
