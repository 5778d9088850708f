import { schemaFaults, withDefaults } from "#core/json-schema"
import { isJsonObject, type JsonObject } from "#core/json"
import type { ToolCall, ToolSpec } from "#core/llm/call"
import type { ToolDefinition } from "#core/tool/tool"
import type { AgentAtWork, Delegate } from "./at-work.ts"
import { flowOfTool, question, questionOfFlow, questionOfOthers, wantsOthers } from "./questions.ts"
import { timesCalled } from "./stuck.ts"

/** A colleague as a tool: its node in the body, and what a model calls it. */
export const delegateNode = (position: string): string => `to_${position}`
export const delegateTool = (position: string): string => `delegate_to_${position}`

const delegateSchema: JsonObject = {
  type: "object",
  properties: {
    task: { type: "string", minLength: 1, maxLength: 50_000, description: "What is to be done, in full" },
    context: {
      type: "string",
      maxLength: 100_000,
      description: "What your colleague must know for it: nothing else of this conversation is seen there",
    },
  },
  required: ["task"],
  additionalProperties: false,
}

/** What the agent's model is told of: its tools, and the colleagues whom it may hand work to. */
export function toolSpecs({ tools, delegates }: AgentAtWork): ToolSpec[] {
  const specs = new Map<string, ToolSpec>()
  for (const { position, agent } of delegates) {
    const name = delegateTool(position)
    specs.set(name, { name, description: describedDelegate(position, agent), input_schema: delegateSchema })
  }
  for (const { name, description, input_schema } of tools)
    if (!specs.has(name)) specs.set(name, { name, description, input_schema })
  return [...specs.values()]
}

const describedDelegate = (position: string, { role, goal, description }: Delegate["agent"]): string => {
  const what = [role, goal, description].filter((part) => part.trim() !== "").join(". ")
  return `Hands a piece of work to your colleague ${position}, who answers with the result.${what ? ` ${position}: ${what}` : ""}`.slice(
    0,
    4_000,
  )
}

/** The tool of that name, if the agent was granted it. */
export const toolNamed = ({ tools }: AgentAtWork, name: string): ToolDefinition | undefined =>
  tools.find((one) => one.name === name)

/** A flow that an agent calls is a node of its own in a turn's body, and so is the question before it. */
const routeOf = (tool: ToolDefinition): string => {
  if (tool.kind !== "flow")
    return tool.needs_approval ? (wantsOthers(tool) ? questionOfOthers : question) : "call"
  return tool.needs_approval ? questionOfFlow(tool.name) : flowOfTool(tool.name)
}

/** Where a call leads: to its tool, to a person who is asked first, or to a colleague; or what is wrong with it. */
export type Verdict = { route: string } | { wrong: string }

/** The same call with the same words is made so often at most: its answer would be the same again. */
const mostRepeats = 2

/**
 * Whether a call may be made, whatever the model says: only what was granted, only with arguments that fit, and not over and over.
 * What is wrong goes back to the model as the answer of the tool.
 */
export function verdictOn(
  call: ToolCall,
  work: AgentAtWork,
  earlier: readonly ToolCall[],
  delegations: number,
): Verdict {
  const delegate = work.delegates.find((one) => delegateTool(one.position) === call.name)
  const tool = delegate ? undefined : toolNamed(work, call.name)
  if (!delegate && !tool) {
    const names = toolSpecs(work).map((one) => one.name)
    return {
      wrong: `There is no tool ${call.name} for you. ${names.length > 0 ? `You have ${names.join(", ")}.` : "You have none: answer by yourself."}`,
    }
  }
  const wrong = argumentFaults(call, delegate ? delegateSchema : tool!.input_schema)
  if (wrong !== undefined) return { wrong }
  if (timesCalled(call, earlier) >= mostRepeats)
    return {
      wrong: `You have called ${call.name} with these very arguments ${mostRepeats} times. The answer would be the same: use it, try something else, or give your final answer.`,
    }
  if (!delegate) return { route: routeOf(tool!) }
  if (delegations >= work.max_delegations)
    return {
      wrong: `Work was handed on ${work.max_delegations} times in this task, which is the most. Do the rest yourself.`,
    }
  return { route: delegateNode(delegate.position) }
}

const mostNamed = 5

function argumentFaults(call: ToolCall, schema: JsonObject): string | undefined {
  if (!isJsonObject(call.arguments)) return `The arguments of ${call.name} are an object, as its schema says.`
  const faults = schemaFaults(schema, withDefaults(schema, call.arguments))
  if (faults.length === 0) return undefined
  const said = faults.slice(0, mostNamed).map(({ path, message }) => `${path || "the arguments"}: ${message}`)
  return `The arguments do not fit ${call.name}. ${said.join(" ")}`
}

/** The arguments as the tool gets them. */
export const filledArguments = (call: ToolCall, schema: JsonObject): JsonObject =>
  isJsonObject(call.arguments) ? withDefaults(schema, call.arguments) : {}
