import type { ActiveExecution } from "./active.ts"

/** What an execution's place among those of its flow is counted for, and how many there are. */
export function turnOf({ state, plan }: ActiveExecution): { turnKey: string | undefined; most: number } {
  const most = plan.graph.settings.max_concurrency
  if (most === undefined) return { turnKey: undefined, most: Infinity }
  return { turnKey: [state.flow_id, state.concurrency_key ?? ""].join(" "), most }
}
