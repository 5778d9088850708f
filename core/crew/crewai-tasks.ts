import type * as z from "zod"
import { checkSchema } from "#core/json-schema"
import { isJsonObject } from "#core/json"
import type { CrewTask } from "./crew.ts"
import { grantTools, sentence, type AgentRead } from "./crewai-agents.ts"
import { taskReasons, unknownField } from "./crewai-reasons.ts"
import { filled, type Reader, type Surroundings } from "./crewai-reader.ts"

type Draft = z.input<typeof CrewTask>

export type TaskRead = { key: string; task: Draft }

type Named = { key: string; id: string; fields: Record<string, unknown> }

type At = {
  reader: Reader
  path: string
  to: string
  task: Draft
  agents: ReadonlyMap<string, AgentRead>
  earlier: ReadonlyMap<string, TaskRead>
  here: Surroundings
  doer: AgentRead | undefined
}

const mostExpected = 4_000

/** A task; `earlier` are those above it, whose results it may be given. */
export function readTask(
  reader: Reader,
  { key, id, fields }: Named,
  agents: ReadonlyMap<string, AgentRead>,
  earlier: ReadonlyMap<string, TaskRead>,
  here: Surroundings,
): TaskRead {
  // CrewAI gives a task that names no context the results of all before it.
  const context = [...earlier.values()].map((one) => one.task.id)
  const task: Draft = { id, description: "", ...(context.length > 0 ? { context } : {}) }
  const path = `tasks_yaml.${key}`
  const given = filled(fields)
  if (!given.some(([field]) => field === "description"))
    reader.fault(`${path}.description`, "Every task has one.")
  if (!given.some(([field]) => field === "expected_output"))
    reader.changed(`${path}.expected_output`, `tasks.${id}.expected_output`, "The file says nothing of it.")
  const doer = doerOf(reader, fields["agent"], path, task, agents)
  for (const [field, value] of given) {
    const at: At = { reader, path: `${path}.${field}`, to: `tasks.${id}`, task, agents, earlier, here, doer }
    const read = Object.hasOwn(readers, field) ? readers[field] : undefined
    if (read) read(value, at)
    else if (field !== "agent")
      reader.dropped(at.path, Object.hasOwn(taskReasons, field) ? taskReasons[field]! : unknownField)
  }
  return { key, task }
}

function doerOf(
  reader: Reader,
  value: unknown,
  path: string,
  task: Draft,
  agents: ReadonlyMap<string, AgentRead>,
): AgentRead | undefined {
  if (value === null || value === undefined || value === "") {
    const why = "The file does not say who does it; CrewAI says so in Python. Choose somebody."
    reader.changed(`${path}.agent`, `tasks.${task.id}.position`, why)
    return undefined
  }
  const name = reader.plainText(value, `${path}.agent`)
  if (name === undefined) return undefined
  const doer = agents.get(name) ?? [...agents.values()].find((one) => one.draft.role === name)
  if (!doer) return reader.fault(`${path}.agent`, `There is no agent ${name.slice(0, 100)} in agents.yaml.`)
  task.position = doer.position
  reader.mapped(`${path}.agent`, `tasks.${task.id}.position`)
  return doer
}

/** What becomes of each field that has a counterpart. */
const readers: Record<string, (value: unknown, at: At) => void> = {
  description: (value, { reader, path, to, task }) => {
    task.description = reader.text(value, path, `${to}.description`, 20_000) ?? ""
  },
  expected_output: (value, { reader, path, to, task }) => {
    const text = reader.text(value, path, `${to}.expected_output`, mostExpected)
    if (text !== undefined) task.expected_output = [text, task.expected_output].filter(Boolean).join("\n\n")
  },
  name: (value, { reader, path }) => {
    if (reader.plainText(value, path) !== undefined)
      reader.dropped(path, "A task has one name, the one that it stands under.")
  },
  context: (value, { reader, path, to, task, earlier }) => {
    task.context = reader.names(value, path).flatMap((name, i) => {
      const before = earlier.get(name)
      if (before) return [before.task.id]
      const at = Array.isArray(value) ? `${path}.${i}` : path
      reader.fault(at, `There is no task ${name.slice(0, 100)} before this one.`)
      return []
    })
    reader.mapped(path, `${to}.context`)
  },
  human_input: (value, { reader, path, to, task }) => {
    const isAsked = reader.flag(value, path)
    if (isAsked === undefined) return
    task.needs_approval = isAsked
    reader.mapped(path, `${to}.needs_approval`)
  },
  markdown: (value, { reader, path, to, task }) => {
    const isWanted = reader.flag(value, path)
    if (isWanted === true) {
      expect(task, "Formatted as Markdown.", reader, path)
      reader.changed(path, `${to}.expected_output`, "Said in words.")
    } else if (isWanted === false) reader.mapped(path, `${to}.expected_output`)
  },
  async_execution: (value, { reader, path, to }) => {
    if (value === false) reader.mapped(path, `${to}.context`)
    else reader.dropped(path, taskReasons["async_execution"]!)
  },
  output_json: (value, { reader, path, to, task }) => {
    if (!isJsonObject(value)) {
      reader.dropped(path, taskReasons["output_json"]!)
      return
    }
    const [fault] = checkSchema(value, path)
    if (fault) {
      reader.fault(fault.path, fault.message)
      return
    }
    task.output_schema = value
    reader.mapped(path, `${to}.output_schema`)
  },
  guardrail: guard,
  guardrails: (value, at) => {
    const list: unknown[] = Array.isArray(value) ? value : [value]
    for (const [i, one] of list.entries()) guard(one, { ...at, path: `${at.path}.${i}` })
  },
  tools: (value, { reader, path, to, doer, here }) => {
    if (doer) {
      const target = { reader, path, to: `agents.${doer.position}`, agent: doer, here }
      return grantTools(value, target, "Tools are given to agents, not to tasks.")
    }
    for (const name of reader.names(value, path))
      reader.dropped(`${path}.${name}`, `Nobody is named who does ${to.slice("tasks.".length)}.`)
  },
}

function guard(value: unknown, { reader, path, to, task }: At): void {
  const said = sentence(reader, value, path)
  if (said === undefined) return
  expect(task, `It must keep to this: ${said}`, reader, path)
  reader.changed(
    path,
    `${to}.expected_output`,
    "Said in words: guardrails here are patterns and expressions.",
  )
}

/** One more thing that is expected of a task's result. */
function expect(task: Draft, what: string, reader: Reader, path: string): void {
  const text = [task.expected_output, what].filter(Boolean).join("\n\n")
  if (text.length > mostExpected) reader.fault(path, "This and expected_output are too long together.")
  else task.expected_output = text
}
