import { useNavigate } from "@tanstack/react-router"
import { useCallback } from "react"
import type { TriggerKind } from "#core/contract/trigger-config"
import type { TriggerHealth } from "#core/contract/triggers"
import type { FlowId } from "#core/ids"

/** What the address holds of the list. */
export type TriggersSearch = {
  q?: string | undefined
  sort?: string | undefined
  kind?: TriggerKind | undefined
  status?: TriggerHealth["status"] | "inactive" | undefined
  flow_id?: FlowId | undefined
  /** The dialog that is open: a new trigger of a kind, or one of the list. */
  new?: TriggerKind | undefined
  edit?: string | undefined
}

/** Changes what the address holds; lists are no history. */
export function useTriggersSearch(): (change: Partial<TriggersSearch>) => void {
  const navigate = useNavigate({ from: "/triggers" })
  return useCallback(
    (change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
}
