import { AgentDraft } from "#core/agent/agent"
import type { InputFault } from "#core/errors"
import { readYaml } from "#core/yaml"
import { CrewDraft, type CrewMember } from "./crew.ts"
import { readAgent, type AgentRead } from "./crewai-agents.ts"
import { Reader, type Entry, type FidelityReport, type Surroundings } from "./crewai-reader.ts"
import { readTask, type TaskRead } from "./crewai-tasks.ts"
import { slugOf } from "./crewai-words.ts"

type Files = {
  name: string
  agents_yaml: string
  tasks_yaml: string
  collaboration_pattern: "sequential" | "hierarchical"
}

export type ImportedCrew = {
  agents: { position: string; agent: AgentDraft }[]
  /** The crew, in want of the agents' ids. */
  crew(ids: ReadonlyMap<string, CrewMember["agent_id"]>): CrewDraft
  report: FidelityReport
}

type Result = { ok: true; value: ImportedCrew } | { ok: false; faults: InputFault[] }

const [mostAgents, mostTasks, mostFaults] = [20, 50, 50]
/** Fifty tasks with every field come to a quarter of it. */
const limits = {
  depth: 12,
  tokens: 40_000,
  tooLong: "This is more than twenty agents or fifty tasks can be.",
}

/** A crew and its agents from CrewAI's two files, with a word on every field: taken over, changed, or dropped and why. */
export function importCrewAi(files: Files, here: Surroundings): Result {
  const [agentsFile, tasksFile] = [
    readYaml(files.agents_yaml, "agents_yaml", limits),
    readYaml(files.tasks_yaml, "tasks_yaml", limits),
  ]
  if (!agentsFile.ok || !tasksFile.ok)
    return { ok: false, faults: [agentsFile, tasksFile].flatMap((one) => (one.ok ? [] : one.faults)) }
  const reader = new Reader()
  const agents = readAgents(reader, agentsFile.value, here)
  const tasks = readTasks(reader, tasksFile.value, agents, here)
  const leader = files.collaboration_pattern === "hierarchical" ? managerOf(reader, agents) : undefined
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults.slice(0, mostFaults) }
  const members = leader && !agents.has(leader.key) ? [...agents.values(), leader] : [...agents.values()]
  return {
    ok: true,
    value: {
      agents: members.map(({ position, draft }) => ({ position, agent: AgentDraft.parse(draft) })),
      crew: (ids) =>
        CrewDraft.parse({
          name: files.name,
          description: "Taken over from CrewAI.",
          collaboration_pattern: files.collaboration_pattern,
          agents: members.map(({ position }) => ({ agent_id: ids.get(position), position })),
          tasks: tasks.map((one) => one.task),
          ...inputSchemaOf(reader.inputs),
          config: configOf(members, leader?.position),
        }),
      report: reader.report,
    },
  }
}

function readAgents(reader: Reader, value: unknown, here: Surroundings): Map<string, AgentRead> {
  const found = new Map<string, AgentRead>()
  const taken = new Set<string>()
  for (const [key, fields] of reader.entries(value, "agents_yaml", "agents", mostAgents)) {
    const position = slugOf(key, taken)
    taken.add(position)
    if (position !== key)
      reader.changed(`agents_yaml.${key}`, `agents.${position}`, "Positions are small letters, digits and _.")
    found.set(key, readAgent(reader, key, position, fields, here))
  }
  return found
}

function readTasks(
  reader: Reader,
  value: unknown,
  agents: ReadonlyMap<string, AgentRead>,
  here: Surroundings,
): TaskRead[] {
  const found = new Map<string, TaskRead>()
  const taken = new Set<string>()
  const entries = reader.entries(value, "tasks_yaml", "tasks", mostTasks)
  const ordered = inOrder(entries)
  for (const [i, [key]] of ordered.entries())
    if (entries[i]![0] !== key)
      reader.changed(
        `tasks_yaml.${key}`,
        "tasks",
        "It stands elsewhere here: after the tasks of its context.",
      )
  for (const [key, fields] of ordered) {
    const id = slugOf(key, taken)
    taken.add(id)
    if (id !== key)
      reader.changed(`tasks_yaml.${key}`, `tasks.${id}`, "Tasks are named by small letters, digits and _.")
    found.set(key, readTask(reader, { key, id, fields }, agents, found, here))
  }
  return [...found.values()]
}

/** CrewAI says in Python which task comes when; a task that is given another's result comes after it. */
function inOrder(entries: Entry[]): Entry[] {
  const known = new Map(entries)
  const placed = new Map<string, Entry[1]>()
  const open = new Set<string>()
  const place = ([key, fields]: Entry): void => {
    // Whoever waits for himself is told so where his context is read.
    if (placed.has(key) || open.has(key)) return
    open.add(key)
    const { context } = fields
    for (const name of Array.isArray(context) ? context : [context]) {
      const before = typeof name === "string" ? known.get(name.trim()) : undefined
      if (before) place([(name as string).trim(), before])
    }
    placed.set(key, fields)
  }
  for (const entry of entries) place(entry)
  return [...placed]
}

/** CrewAI's manager is made in Python: an agent that is called so is taken for it, else one is added. */
function managerOf(reader: Reader, agents: ReadonlyMap<string, AgentRead>): AgentRead {
  const known = [...agents.values()].find(({ key }) => /^(?:crew_?)?manager(?:_agent)?$/i.test(key))
  if (known) {
    reader.changed(
      `agents_yaml.${known.key}`,
      "config.manager",
      "Taken for the manager by its name: CrewAI says in Python who that is.",
    )
    known.mayDelegate = true
    known.draft.config = { ...known.draft.config, allow_delegation: true }
    return known
  }
  const position = slugOf("manager", new Set([...agents.values()].map((one) => one.position)))
  reader.changed(
    "agents_yaml",
    `agents.${position}`,
    "A manager was added: CrewAI makes one when the crew is hierarchical.",
  )
  return {
    key: "",
    position,
    mayDelegate: true,
    draft: {
      name: "Manager",
      role: "who leads the crew",
      goal: "Give each piece of work to whoever does it best, and make one whole of what they bring.",
      backstory:
        "You have led teams for years, and do nothing yourself that somebody beside you does better.",
      config: { limits: { max_iterations: 20 }, allow_delegation: true },
    },
  }
}

/** Whoever may delegate in CrewAI may delegate to everybody. */
function configOf(members: readonly AgentRead[], manager: string | undefined) {
  const delegating = members.filter((one) => one.mayDelegate || one.position === manager)
  const isOnlyManager = delegating.every((one) => one.position === manager)
  const delegation = delegating.flatMap((from) =>
    members.filter((to) => to !== from).map((to) => ({ from: from.position, to: to.position })),
  )
  return {
    ...(manager === undefined ? {} : { manager }),
    ...(isOnlyManager ? {} : { delegation }),
  }
}

const inputSchemaOf = (names: ReadonlySet<string>) =>
  names.size === 0
    ? {}
    : {
        input_schema: {
          type: "object",
          properties: Object.fromEntries([...names].map((name) => [name, { type: "string" }])),
          required: [...names],
        },
      }
