import type { CrewDraft } from "#core/crew/crew"
import type { NodeStatus } from "#core/execution/status"
import { positionOf, workersIn } from "#web/agent/trail/trail.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { splitKey } from "#web/flow/scope-path.ts"

/** Who works at a step of a crew's flow, and at which task; see core/crew/pattern/parts.ts. */
export type Worker = { position: string; task: string | undefined }

const speaker = /^Speaker_(\d+)_(.+)$/
const work = /^Work_(\d+)$/

export function workerAt(crew: CrewDraft, key: string): Worker | undefined {
  const delegated = positionOf(key)
  if (delegated !== undefined) return { position: delegated, task: undefined }
  const { node_id: id } = splitKey(key)
  const spoken = speaker.exec(id)
  if (spoken) return { position: spoken[2]!, task: crew.tasks[Number(spoken[1])]?.id }
  const worked = work.exec(id)
  const task = worked ? crew.tasks[Number(worked[1])] : crew.tasks.find((one) => one.id === id)
  if (!task) return undefined
  const position = leaderOf(crew) ?? task.position
  return position === undefined ? undefined : { position, task: task.id }
}

/** Who does every task by themselves, or puts the last word to it. */
function leaderOf({ collaboration_pattern: pattern, config }: CrewDraft): string | undefined {
  if (pattern === "hierarchical") return config.manager
  return pattern === "debate" ? config.judge : undefined
}

const rank: readonly NodeStatus[] = [
  "interrupted",
  "running",
  "retrying",
  "waiting",
  "ready",
  "failed",
  "cancelled",
  "succeeded",
]

/** How each member stands: what moves says it, else a failure. One line of text, so that it is compared as one. */
export function statusLine(live: LiveExecution, crew: CrewDraft): string {
  const found = new Map<string, NodeStatus>()
  for (const key of workersIn(live.state)) {
    const worker = workerAt(crew, key)
    const status = live.node(key)?.status
    if (!worker || !status || status === "skipped") continue
    const was = found.get(worker.position)
    if (was === undefined || rank.indexOf(status) < rank.indexOf(was)) found.set(worker.position, status)
  }
  return JSON.stringify([...found])
}
