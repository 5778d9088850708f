import type { Execution, ExecutionSummary } from "#core/contract/executions"

/** An execution that another comes from, and how. */
export type Ancestor = { id: string; how: "Retry of" | "Fork of" | "Replay of" }

/** Where an execution comes from. */
export function ancestorsOf(execution: Pick<Execution, "retry_of" | "fork_of" | "replay_of">): Ancestor[] {
  const { retry_of, fork_of, replay_of } = execution
  return [
    ...(retry_of ? [{ id: retry_of, how: "Retry of" as const }] : []),
    ...(fork_of ? [{ id: fork_of, how: "Fork of" as const }] : []),
    ...(replay_of ? [{ id: replay_of, how: "Replay of" as const }] : []),
  ]
}

export type Relative = { id: string; row: ExecutionSummary | undefined; why: string | undefined }

const said = { "Retry of": "retried here", "Fork of": "forked here", "Replay of": "replayed here" }

/** Whom an execution may be compared with: what it comes from first, then the one before it, then the others as they came. */
export function relativesOf(
  execution: Pick<Execution, "id" | "retry_of" | "fork_of" | "replay_of">,
  rows: readonly ExecutionSummary[],
  words: string,
): Relative[] {
  const byId = new Map(rows.map((row) => [row.id as string, row]))
  const ancestors = ancestorsOf(execution)
  const others = rows.filter((row) => row.id !== execution.id && !ancestors.some(({ id }) => id === row.id))
  // Ids begin with the time at which they were made.
  const before = others.find((row) => row.id < execution.id)
  const relatives: Relative[] = [
    ...ancestors.map(({ id, how }) => ({ id, row: byId.get(id), why: said[how] })),
    ...(before ? [{ id: before.id, row: before, why: "the one before" }] : []),
    ...others.filter((row) => row !== before).map((row) => ({ id: row.id, row, why: undefined })),
  ]
  const wanted = words.trim().toLowerCase()
  return wanted === "" ? relatives : relatives.filter((one) => says(one, wanted))
}

const says = ({ id, row, why }: Relative, word: string): boolean =>
  id.toLowerCase().includes(word) ||
  (why?.includes(word) ?? false) ||
  (row?.status.replace("_", " ").includes(word) ?? false) ||
  (row !== undefined && (row.flow_version === null ? "draft" : `version ${row.flow_version}`).includes(word))
