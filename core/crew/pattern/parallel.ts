import type { FlowGraph } from "#core/flow/graph"
import type { CrewDefinition } from "../crew.ts"
import { after, taskPiece, whole } from "./parts.ts"

/** All tasks at once, but for those that are given the results of others. The crew's result has each task's by its name. */
export function parallel(crew: CrewDefinition): FlowGraph {
  const pieces = crew.tasks.map((task, i) =>
    taskPiece(crew, task, i, task.position ?? "", task.context ?? []),
  )
  const edges = pieces.flatMap((piece, i) => after(piece, crew.tasks[i]!.context ?? []))
  return whole(
    pieces,
    edges,
    pieces.map((piece) => piece.last),
  )
}
