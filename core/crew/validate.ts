import { guardrailFaults, schemaFaultsAt } from "#core/agent/validate"
import { checkTemplate } from "#core/flow/expression/check"
import { templateReferences } from "#core/flow/expression/references"
import { error, warning } from "#core/flow/finding"
import type { Finding } from "#core/flow/graph"
import type { CrewDraft, CrewTask } from "./crew.ts"

/** What of a crew decides whether it can work: a draft has it, and a crew that an execution is pinned to. */
export type CrewShape = Pick<CrewDraft, "collaboration_pattern" | "tasks" | "config" | "input_schema"> & {
  agents: readonly { position: string }[]
}

/**
 * Everything that keeps a crew from working, for the browser as one builds, for the Worker at save, and before each start. Never
 * throws. `node_id` is a position or a task. A crew with an `error` can be saved, but not executed.
 */
export function validateCrew(crew: CrewShape): Finding[] {
  return [
    ...memberFindings(crew),
    ...crew.tasks.flatMap((task, i) => taskFindings(task, i, crew)),
    ...taskIdFindings(crew),
    ...patternFindings(crew),
    ...delegationFindings(crew),
    ...schemaFaultsAt(crew.input_schema, "input_schema").map(({ path, message }) =>
      error("crew.bad_schema", message, { path }),
    ),
  ]
}

const positionsOf = ({ agents }: CrewShape): string[] => agents.map((one) => one.position)

/** What stands in a list more than once, each told once. */
const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
]

function memberFindings(crew: CrewShape): Finding[] {
  if (crew.agents.length === 0)
    return [error("crew.no_members", "The crew has no members. Add an agent.", { path: "agents" })]
  return repeated(positionsOf(crew)).map((position) =>
    error("crew.duplicate_position", `Two members have the position ${position}. Rename one.`, {
      node_id: position,
      path: "position",
    }),
  )
}

function taskIdFindings({ tasks }: CrewShape): Finding[] {
  if (tasks.length === 0)
    return [error("crew.no_tasks", "The crew has nothing to do. Add a task.", { path: "tasks" })]
  return repeated(tasks.map((task) => task.id)).map((id) =>
    error("crew.duplicate_task", `Two tasks are named ${id}. Rename one.`, { node_id: id, path: "id" }),
  )
}

function taskFindings(task: CrewTask, index: number, crew: CrewShape): Finding[] {
  const at = (path: string) => ({ node_id: task.id, path })
  return [
    ...whoFindings(task, crew),
    ...contextFindings(task, index, crew),
    ...textFindings(task, index, crew),
    ...schemaFaultsAt(task.output_schema, "output_schema").map(({ path, message }) =>
      error("task.bad_schema", message, at(path)),
    ),
    ...guardrailFaults(task.guardrails, "guardrails").map(({ path, message }) =>
      error("task.bad_guardrail", message, at(path)),
    ),
  ]
}

function whoFindings({ id, position }: CrewTask, crew: CrewShape): Finding[] {
  const at = { node_id: id, path: "position" }
  const { collaboration_pattern: pattern } = crew
  if (position !== undefined && !positionsOf(crew).includes(position))
    return [error("task.unknown_position", `Nobody in the crew has the position ${position}.`, at)]
  if (position === undefined && (pattern === "sequential" || pattern === "parallel"))
    return [error("task.no_position", "Say who does this task.", at)]
  return []
}

function contextFindings({ id, context = [] }: CrewTask, index: number, { tasks }: CrewShape): Finding[] {
  return context.flatMap((name, i) => {
    const at = { node_id: id, path: `context.${i}` }
    const place = tasks.findIndex((task) => task.id === name)
    if (place === -1) return [error("task.unknown_context", `There is no task ${name}.`, at)]
    if (place < index) return []
    const message =
      name === id
        ? "A task cannot be given its own result."
        : `${name} comes later, so this task cannot be given its result. Move it up.`
    return [error("task.later_context", message, at)]
  })
}

/** The expressions of a task's texts, which see `input` and `tasks`. */
function textFindings(task: CrewTask, index: number, { tasks }: CrewShape): Finding[] {
  const earlier = tasks.slice(0, index).map((one) => one.id)
  return (["description", "expected_output"] as const).flatMap((path) => {
    const at = { node_id: task.id, path }
    const fault = checkTemplate(task[path])
    if (fault) return [error(fault.code, fault.message, at)]
    return templateReferences(task[path]).roots.flatMap((root) => {
      if (root === "input") return []
      if (root === "tasks" && earlier.length > 0) return []
      const message =
        root === "tasks"
          ? "No task comes before this one, so tasks holds nothing here."
          : `${root} is not known here: there are input, and tasks, what earlier tasks came to.`
      return [warning("expression.no_value", message, at)]
    })
  })
}

function patternFindings(crew: CrewShape): Finding[] {
  const { collaboration_pattern: pattern, config } = crew
  if (pattern === "hierarchical") {
    const faults = leaderFindings(crew, "manager", config.manager, "plans, delegates and reviews")
    const alone = new Set(positionsOf(crew)).size === 1
    if (alone && faults.length === 0)
      faults.push(
        error("crew.nobody_else", "The manager has nobody to hand work to. Add a member.", {
          path: "agents",
        }),
      )
    return faults
  }
  if (pattern === "debate") {
    const faults = leaderFindings(crew, "judge", config.judge, "decides at the end")
    const speakers = new Set(positionsOf(crew).filter((position) => position !== config.judge))
    if (faults.length === 0 && speakers.size < 2)
      faults.push(
        error("crew.nobody_else", "A debate needs two members beside the judge.", { path: "agents" }),
      )
    return faults
  }
  return []
}

function leaderFindings(
  crew: CrewShape,
  leader: "manager" | "judge",
  named: string | undefined,
  does: string,
): Finding[] {
  const path = `config.${leader}`
  if (named === undefined) return [error(`crew.no_${leader}`, `Choose the ${leader}, who ${does}.`, { path })]
  if (positionsOf(crew).includes(named)) return []
  return [error(`crew.unknown_${leader}`, `Nobody in the crew has the position ${named}.`, { path })]
}

function delegationFindings(crew: CrewShape): Finding[] {
  const { delegation = [], max_depth } = crew.config
  const positions = new Set(positionsOf(crew))
  const found = delegation.flatMap((edge, i): Finding[] => {
    if (edge.from === edge.to)
      return [
        error("delegation.to_itself", `${edge.from} cannot hand work to itself.`, {
          path: `config.delegation.${i}`,
        }),
      ]
    return (["from", "to"] as const)
      .filter((end) => !positions.has(edge[end]))
      .map((end) =>
        error("delegation.unknown_position", `Nobody in the crew has the position ${edge[end]}.`, {
          path: `config.delegation.${i}.${end}`,
        }),
      )
  })
  for (const way of repeated(delegation.map(({ from, to }) => `${from} to ${to}`)))
    found.push(
      error("delegation.duplicate", `${way} stands twice. Remove one.`, { path: "config.delegation" }),
    )
  const circle = circleIn(delegation)
  if (circle)
    found.push(
      warning(
        "delegation.circle",
        `${circle.join(", ")} can hand work round in a circle. It ends ${max_depth} deep.`,
        { path: "config.delegation" },
      ),
    )
  return found
}

/** The members of a circle, if there is one. */
function circleIn(edges: readonly { from: string; to: string }[]): string[] | undefined {
  const ways = new Map<string, string[]>()
  for (const { from, to } of edges) if (from !== to) ways.set(from, [...(ways.get(from) ?? []), to])
  const done = new Set<string>()
  const walk = (position: string, path: string[]): string[] | undefined => {
    if (path.includes(position)) return path.slice(path.indexOf(position))
    if (done.has(position)) return undefined
    for (const next of ways.get(position) ?? []) {
      const circle = walk(next, [...path, position])
      if (circle) return circle
    }
    done.add(position)
    return undefined
  }
  for (const start of ways.keys()) {
    const circle = walk(start, [])
    if (circle) return circle
  }
  return undefined
}
