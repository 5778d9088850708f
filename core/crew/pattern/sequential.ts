import type { FlowGraph } from "#core/flow/graph"
import type { CrewDefinition, CrewTask } from "../crew.ts"
import { after, taskPiece, whole } from "./parts.ts"

/** What a task is given of those before it: what it names, else the one that came last. */
export const contextOf = (task: CrewTask, before: CrewTask | undefined): string[] =>
  task.context ?? (before ? [before.id] : [])

/** One task after another. The last one's result is the crew's. */
export function sequential(crew: CrewDefinition, positionOf: (task: CrewTask) => string): FlowGraph {
  const { tasks } = crew
  const pieces = tasks.map((task, i) =>
    taskPiece(crew, task, i, positionOf(task), contextOf(task, tasks[i - 1])),
  )
  const edges = pieces.flatMap((piece, i) => after(piece, i > 0 ? [pieces[i - 1]!.last] : []))
  return whole(
    pieces,
    edges,
    pieces.slice(-1).map((piece) => piece.last),
  )
}
