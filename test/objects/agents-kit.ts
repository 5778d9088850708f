import type { AgentDefinition, AgentConfig } from "#core/agent/agent"
import { AgentConfig as Config } from "#core/agent/agent"
import type { CrewDefinition } from "#core/crew/crew"
import { CrewConfig } from "#core/crew/crew"
import type { FrozenGraph } from "#core/flow/frozen"
import type { AgentId, CrewId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { ModelMessage, ToolCall } from "#core/llm/call"
import type { ModelEvent } from "#core/llm/event"
import { builtinTool } from "#core/tool/builtin/all"
import type { ToolDefinition } from "#core/tool/tool"
import { edge, node } from "#test/fixtures/record/scenario"
import type { ModelRequest } from "#durable/execution/ports"

export const agentId = "agent_01JD0000000000000000000001" as AgentId
export const crewId = "crew_01JD0000000000000000000001" as CrewId

type Draft = Partial<Omit<AgentDefinition, "config">> & {
  config?: Partial<Omit<AgentConfig, "limits">> & { limits?: Partial<AgentConfig["limits"]> }
}

export const agentOf = ({ config, ...more }: Draft = {}): AgentDefinition => ({
  agent_id: agentId,
  version: 1,
  name: "Ana",
  description: "",
  role: "researcher",
  goal: "",
  backstory: "",
  system_prompt: "",
  tools: [],
  ...more,
  config: Config.parse(config ?? {}),
})

/** Four digits that a position always has. */
const numberOf = (position: string): number =>
  Array.from({ length: position.length }, (_, i) => position.charCodeAt(i)).reduce(
    (sum, one) => sum + one,
    1_000,
  )

/** A member whose prompt tells a script who is speaking. */
export const member = (position: string, more: Draft = {}) => ({
  position,
  agent: agentOf({
    name: position,
    agent_id: `agent_01JD000000000000000000${numberOf(position)}`,
    system_prompt: `I am ${position}.`,
    ...more,
  }),
})

export const builtin = (name: string): ToolDefinition => builtinTool(`builtin:${name}`)!.definition

export const httpTool = (
  name: string,
  config: JsonObject = {},
  more: Partial<ToolDefinition> = {},
): ToolDefinition =>
  ({
    id: "tool_01JD0000000000000000000001",
    kind: "http",
    name,
    description: `Does ${name}`,
    input_schema: {
      type: "object",
      properties: { id: { type: "string", maxLength: 20 } },
      required: ["id"],
      additionalProperties: false,
    },
    risk: "read",
    needs_approval: false,
    execution_config: {
      method: "GET",
      url: `https://x.test/${name}?id={{ input.id }}`,
      headers: {},
      query: {},
      ...config,
    },
    ...more,
  }) as ToolDefinition

/** input → one agent → output. */
export const agentFlow = (agent: AgentDefinition, data: JsonObject = {}): FrozenGraph => ({
  nodes: [
    node("in", "input"),
    node("ana", "agent", { agent_id: agent.agent_id, task: "{{ input.task }}", ...data }),
    node("out", "output"),
  ],
  edges: [edge("in", "ana"), edge("ana", "out")],
  settings: {},
  agents: { [agent.agent_id]: agent },
})

type CrewMore = Partial<Omit<CrewDefinition, "config" | "tasks">> & {
  config?: JsonObject
  tasks?: JsonObject[]
}

/** input → one crew → output. */
export const crewFlow = (crew: CrewMore): FrozenGraph => ({
  nodes: [
    node("in", "input"),
    node("team", "crew", { crew_id: crewId, input: "{{ input }}" }),
    node("out", "output"),
  ],
  edges: [edge("in", "team"), edge("team", "out")],
  settings: {},
  crews: {
    [crewId]: {
      crew_id: crewId,
      version: 1,
      name: "Team",
      description: "",
      collaboration_pattern: "sequential",
      members: [],
      ...crew,
      tasks: (crew.tasks ?? []).map((task) => ({
        expected_output: "",
        guardrails: [],
        needs_approval: false,
        ...task,
      })) as unknown as CrewDefinition["tasks"],
      config: CrewConfig.parse(crew.config ?? {}),
    },
  },
})

export const usage = { input_tokens: 10, output_tokens: 2, estimated: false }

/** What a model says: text, or calls. */
export async function* says(text: string, ...tool_calls: ToolCall[]): AsyncIterable<ModelEvent> {
  yield { type: "started", model: "fake" }
  if (text) yield { type: "delta", text }
  yield {
    type: "finished",
    text,
    ...(tool_calls.length > 0 ? { tool_calls } : {}),
    finish_reason: tool_calls.length > 0 ? "tool_calls" : "stop",
    usage,
  }
}

let calls = 0
export const call = (name: string, args: JsonObject): ToolCall => ({
  id: `c${calls++}`,
  name,
  arguments: args,
})

/** What tools have answered in a question, the newest last. */
export const answers = ({ call: { messages } }: ModelRequest): string[] =>
  messages.flatMap((one: ModelMessage) => (one.role === "tool" ? [one.content] : []))

/** Who is asked: the position in the system prompt. */
export const asked = ({ call: { messages } }: ModelRequest): string =>
  /I am (\w+)\./.exec(messages[0]!.content)?.[1] ?? ""

/** Calls one tool first, and says what it answered. */
export const onceCalling =
  (name: string, args: JsonObject) =>
  (request: ModelRequest): AsyncIterable<ModelEvent> => {
    const said = answers(request)
    return said.length === 0 ? says("", call(name, args)) : says(`It said: ${said.at(-1)}`)
  }
