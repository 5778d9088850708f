import { isSettled } from "#core/execution/status"
import { useNow } from "#web/ui/use-now.ts"
import type { LiveExecution } from "./live-execution.ts"
import { useLive } from "./use-execution.ts"

/** How long an execution has lasted, ticking while it does; null before it begins. */
export function useElapsed(live: LiveExecution): number | null {
  const began = useLive(live, ({ state }) => state.started_at ?? state.created_at)
  const ended = useLive(live, ({ state }) => state.finished_at)
  const settled = useLive(live, ({ state }) => isSettled(state.status)) ?? false
  const now = useNow(began !== undefined && !settled ? 100 : null)
  if (began === undefined) return null
  return Math.max(0, (ended === undefined ? now : Date.parse(ended)) - Date.parse(began))
}
