import type { CrewConfig, CrewDraft, CrewMember, CrewTask } from "#core/crew/crew"
import type { AgentId } from "#core/ids"

type DelegationEdge = NonNullable<CrewConfig["delegation"]>[number]

/** Who may hand work to whom, and whether a person has drawn it or it follows from the pattern. */
export type Delegation = { edges: readonly DelegationEdge[]; isDrawn: boolean }

/** The edges that hold: those that were drawn, else the manager to everybody. */
export function delegationOf({ agents, config, collaboration_pattern }: CrewDraft): Delegation {
  if (config.delegation) return { edges: config.delegation, isDrawn: true }
  const { manager } = config
  if (collaboration_pattern !== "hierarchical" || manager === undefined) return { edges: [], isDrawn: false }
  const others = agents.filter((one) => one.position !== manager)
  return { edges: others.map((one) => ({ from: manager, to: one.position })), isDrawn: false }
}

type Patch = Partial<CrewDraft>

/** A name for a position or task out of any words: small letters, digits and _. */
export function nameFrom(words: string, taken: readonly string[], otherwise: string): string {
  const plain = words
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 36)
    .replace(/_+$/, "")
  const name = plain || otherwise
  if (!taken.includes(name)) return name
  let n = 2
  while (taken.includes(`${name}_${n}`)) n++
  return `${name}_${n}`
}

const positionsOf = (crew: CrewDraft): string[] => crew.agents.map((one) => one.position)

/** Puts an agent into the crew; the first of a crew that needs a manager or judge becomes it. */
export function withMember(
  crew: CrewDraft,
  agent: { id: AgentId; name: string },
): Patch & { agents: CrewMember[] } {
  const position = nameFrom(agent.name, positionsOf(crew), "member")
  return { agents: [...crew.agents, { agent_id: agent.id, position }] }
}

/** Takes a member out, with the edges that lead to it and from it; its tasks wait for somebody else. */
export function withoutMember(crew: CrewDraft, position: string): Patch {
  const { config } = crew
  return {
    agents: crew.agents.filter((one) => one.position !== position),
    tasks: crew.tasks.map((task) => (task.position === position ? { ...task, position: undefined } : task)),
    config: {
      ...config,
      ...(config.manager === position ? { manager: undefined } : {}),
      ...(config.judge === position ? { judge: undefined } : {}),
      ...(config.delegation
        ? { delegation: config.delegation.filter(({ from, to }) => from !== position && to !== position) }
        : {}),
    },
  }
}

/** Gives a member another name, everywhere it is named. */
export function renamedPosition(crew: CrewDraft, from: string, to: string): Patch {
  const name = (one: string): string => (one === from ? to : one)
  const maybe = (one: string | undefined) => (one === undefined ? {} : { is: name(one) })
  const { config } = crew
  const manager = maybe(config.manager).is
  const judge = maybe(config.judge).is
  return {
    agents: crew.agents.map((one) => (one.position === from ? { ...one, position: to } : one)),
    tasks: crew.tasks.map((task) => (task.position === from ? { ...task, position: to } : task)),
    config: {
      ...config,
      manager,
      judge,
      ...(config.delegation
        ? {
            delegation: config.delegation.map((edge) => ({
              ...edge,
              from: name(edge.from),
              to: name(edge.to),
            })),
          }
        : {}),
    },
  }
}

const withConfig = (crew: CrewDraft, patch: Partial<CrewConfig>): Patch => ({
  config: { ...crew.config, ...patch },
})

/** Lets one hand work to another. What followed from the pattern so far is drawn with it. */
export function withEdge(crew: CrewDraft, from: string, to: string): Patch {
  const { edges } = delegationOf(crew)
  if (from === to || edges.some((edge) => edge.from === from && edge.to === to)) return {}
  return withConfig(crew, { delegation: [...edges, { from, to }] })
}

export function withoutEdge(crew: CrewDraft, from: string, to: string): Patch {
  const { edges } = delegationOf(crew)
  return withConfig(crew, {
    delegation: edges.filter((edge) => edge.from !== from || edge.to !== to),
  })
}

export function withEdgeBudget(
  crew: CrewDraft,
  from: string,
  to: string,
  max_cost_micros: number | undefined,
): Patch {
  const { edges } = delegationOf(crew)
  return withConfig(crew, {
    delegation: edges.map((edge) =>
      edge.from === from && edge.to === to ? { ...edge, max_cost_micros } : edge,
    ),
  })
}

/** Puts a task at the end, for the member who has the fewest. */
export function withTask(crew: CrewDraft): Patch & { tasks: CrewTask[] } {
  const id = nameFrom(
    `task_${crew.tasks.length + 1}`,
    crew.tasks.map((task) => task.id),
    "task",
  )
  const { collaboration_pattern: pattern } = crew
  const count = (position: string) => crew.tasks.filter((task) => task.position === position).length
  const idle = crew.agents.toSorted((one, other) => count(one.position) - count(other.position))[0]
  const isAssigned = (pattern === "sequential" || pattern === "parallel") && idle !== undefined
  const fresh: CrewTask = {
    id,
    description: "",
    expected_output: "",
    guardrails: [],
    needs_approval: false,
    ...(isAssigned ? { position: idle.position } : {}),
  }
  return { tasks: [...crew.tasks, fresh] }
}

/** Takes a task out, and out of the context of others. */
export function withoutTask(crew: CrewDraft, at: number): Patch {
  const gone = crew.tasks[at]?.id
  return {
    tasks: crew.tasks
      .filter((_, i) => i !== at)
      .map((task) =>
        task.context ? { ...task, context: task.context.filter((one) => one !== gone) } : task,
      ),
  }
}

export function withTaskAt(crew: CrewDraft, at: number, patch: Partial<CrewTask>): Patch {
  const was = crew.tasks[at]?.id
  const next = patch.id
  const tasks = crew.tasks.map((task, i) => (i === at ? { ...task, ...patch } : task))
  if (was === undefined || next === undefined || next === was) return { tasks }
  return {
    tasks: tasks.map((task) =>
      task.context ? { ...task, context: task.context.map((one) => (one === was ? next : one)) } : task,
    ),
  }
}

/** Puts a task before or after others. */
export function movedTask(crew: CrewDraft, from: number, to: number): Patch {
  const task = crew.tasks[from]
  if (!task || to < 0 || to >= crew.tasks.length || to === from) return {}
  const tasks = crew.tasks.filter((_, i) => i !== from)
  tasks.splice(to, 0, task)
  return { tasks }
}

/** Names of what the tasks ask of the input, such as `topic` of `{{ input.topic }}`. */
export function inputNames({ tasks }: Pick<CrewDraft, "tasks">): string[] {
  const names = new Set<string>()
  for (const { description, expected_output } of tasks)
    for (const [, name] of `${description} ${expected_output}`.matchAll(/\binput\.([A-Za-z_]\w*)/g))
      names.add(name!)
  return [...names]
}
