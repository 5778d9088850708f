import type { FlowGraph } from "#core/flow/graph"
import type { CrewDefinition } from "../crew.ts"
import { sequential } from "./sequential.ts"

/** One task after another, each the manager's, who hands the work to the others and puts together what they answer. */
export function hierarchical(crew: CrewDefinition): FlowGraph {
  const manager = crew.config.manager ?? ""
  const tasks = crew.tasks.map((task) =>
    task.position === undefined || task.position === manager
      ? task
      : { ...task, description: `${task.description}\n\nYour colleague ${task.position} is to do this.` },
  )
  return sequential({ ...crew, tasks }, () => manager)
}
