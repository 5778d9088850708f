import type { FlowGraph } from "#core/flow/graph"
import type { CrewDefinition } from "./crew.ts"
import { debate } from "./pattern/debate.ts"
import { hierarchical } from "./pattern/hierarchical.ts"
import { parallel } from "./pattern/parallel.ts"
import { sequential } from "./pattern/sequential.ts"

/**
 * The flow that a crew amounts to: its members at their tasks, in the order that its pattern says. Each task's result is the
 * output of the node that is named like it.
 */
export function compileCrew(crew: CrewDefinition): FlowGraph {
  switch (crew.collaboration_pattern) {
    case "sequential":
      return sequential(crew, (task) => task.position ?? "")
    case "hierarchical":
      return hierarchical(crew)
    case "parallel":
      return parallel(crew)
    case "debate":
      return debate(crew)
    default:
      return crew.collaboration_pattern satisfies never
  }
}
