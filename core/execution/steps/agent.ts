import { earlyEndOf } from "#core/agent/early-end"
import { taskPrompt } from "#core/agent/prompt"
import type { AgentAtWork, MemberData } from "#core/agent/at-work"
import { questionOf } from "#core/agent/conversation"
import { AgentFailure } from "#core/agent/failure"
import type { Pressed } from "#core/agent/limits"
import { turnOf, type Turn } from "#core/agent/turn"
import { inWords, wordsIn } from "#core/agent/words"
import { thoughtOf, type LastCall, type Reply, type Thought } from "#core/agent/thought"
import { resolveBare, resolveFields, resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { CrewData } from "#core/flow/kinds/crew"
import type { Plan } from "#core/flow/plan"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { asText, isJsonObject, type JsonObject } from "#core/json"
import type { CrewDefinition } from "#core/crew/crew"
import type { AgentId } from "#core/ids"
import type { Micros } from "#core/money"
import {
  holderOf,
  nodeKey,
  scopePath,
  type ExecutionState,
  type NodeState,
  type ScopeState,
} from "../state.ts"
import type { BodyStep } from "./body.ts"
import { StepFailure } from "./failure.ts"
import type { ModelStep } from "./model.ts"

/** What an agent begins with: its task with every expression resolved, and what tasks before it came to. */
export async function agentStep(node: FlowNode, work: AgentAtWork, scope: Scope): Promise<BodyStep> {
  const data = node.data as Partial<MemberData> & { history?: JsonObject[string] }
  const said = asText(await resolveTemplate(data.task ?? "", scope))
  const expected = asText(await resolveTemplate(data.expected_output ?? "", scope))
  const context = (data.context ?? []).flatMap((name) => {
    const value = scope.nodes[name]
    return value === undefined ? [] : [{ name, value }]
  })
  const task = taskPrompt(said, expected, context)
  if (task === "") throw new StepFailure("agent.no_task", "The task came to nothing. Say what is to be done.")
  const { agent_id, name, version } = work.agent
  const { history } = data
  const words = await wordsIn(work, scope)
  const before =
    typeof history === "string"
      ? await resolveBare(history, scope)
      : history === undefined
        ? undefined
        : await resolveFields(history, scope)
  const input: JsonObject = {
    task,
    ...(before === undefined || before === null ? {} : { history: before }),
    agent: {
      agent_id,
      name,
      version,
      ...(work.position === undefined ? {} : { position: work.position }),
      ...(words === undefined ? {} : { words }),
    },
  }
  return { input, total: undefined }
}

/** What a crew begins with, if it fits what the crew takes. */
export async function crewStep(node: FlowNode, crew: CrewDefinition, scope: Scope): Promise<BodyStep> {
  const { input } = CrewData.parse(node.data)
  const given = (await resolveFields(input, scope)) ?? null
  const { input_schema: schema } = crew
  if (!schema) return { input: { inputs: given }, total: 1 }
  const whole = isJsonObject(given) ? withDefaults(schema, given) : given
  const [fault] = schemaFaults(schema, whole)
  if (fault)
    throw new StepFailure(
      "crew.input_invalid",
      `The input does not fit ${crew.name}: ${fault.path || "the input"}: ${fault.message}`,
    )
  return { input: { inputs: whole }, total: 1 }
}

/** Where an agent stands in its work, seen from one of its turns. */
type Standing = { work: AgentAtWork; holder: NodeState; turn: ScopeState; turns: Turn[] }

/** The turn that a scope is, or is inside. */
export function standingAt(state: ExecutionState, plan: Plan, path: string): Standing {
  const turn = state.scopes[path]
  const { work } = plan.body(path)
  const holder = turn && state.nodes[nodeKey(turn.node_id, turn.parent)]
  if (!turn || !holder || !work) throw new Error(`no agent works at ${path}`)
  return { work, holder, turn, turns: turnsBefore(state, turn, turn.index ?? 0) }
}

/** The turns of an agent that are over, as their scopes say. */
export const turnsBefore = (
  state: ExecutionState,
  { node_id, parent }: Pick<ScopeState, "node_id" | "parent">,
  index: number,
): Turn[] =>
  Array.from({ length: index }, (_, i) => turnOf(state.scopes[scopePath(node_id, parent, i)]?.output))

/** What was spent inside of a node, colleagues included. */
export function spentIn(state: ExecutionState, key: string): Micros {
  let spent = 0
  for (const node of Object.values(state.nodes))
    if (node.scope.startsWith(`${key}[`) || node.scope === key || node.scope.startsWith(`${key}/`))
      spent += node.cost_micros
  return spent
}

/** What an agent's model is asked in one turn, and how to take its answer. */
export type ThinkStep = {
  step: ModelStep
  /** Whose turn it is, and how many questions it may be asked in a minute, wherever it works. */
  agent_id: AgentId
  calls_per_minute: number | undefined
  /** When what is under way is to end, in ms since 1970, so that there is time left for an answer; undefined for that answer. */
  until: number | undefined
  take: (reply: Reply) => Promise<Thought>
}

export function thinkStep(state: ExecutionState, plan: Plan, path: string, now: number): ThinkStep {
  const { work, holder, turn, turns } = standingAt(state, plan, path)
  const input = isJsonObject(holder.input) ? holder.input : {}
  const { agent } = work
  const dear = tooDear(state, plan, path)
  // One last answer is asked for beyond what it may cost; when that is of no use, it is over.
  if (dear && (state.engine_version < 4 || turns.at(-1)?.isLast))
    throw new AgentFailure(
      "agent.cost_limit",
      `The task has cost ${dear.spent} micro-USD; it may cost ${dear.most}.`,
    )
  const until = untilIn(state, path)
  const pressed: Pressed = dear ? "cost" : until !== undefined && now >= until ? "time" : undefined
  const speaking = inWords(work, isJsonObject(input["agent"]) ? input["agent"]["words"] : undefined)
  const { call, last } = questionOf(speaking, asText(input["task"]), input["history"], turns, pressed)
  const { max_calls_per_minute } = agent.config.limits
  return {
    step: {
      provider_id: agent.llm_provider_id,
      model: agent.model,
      call,
      shown: shownOf(call, last, (turn.index ?? 0) + 1),
    },
    agent_id: agent.agent_id,
    calls_per_minute: max_calls_per_minute,
    until: last === undefined ? until : undefined,
    take: (reply) => thoughtOf(work, turns, last, reply, new Date(now).toISOString()),
  }
}

/** What the journal keeps of a question: the rest of the conversation stands in the turns before it. */
const shownOf = (
  { messages, tools }: ReturnType<typeof questionOf>["call"],
  last: LastCall,
  turn: number,
): JsonObject => ({
  turn,
  messages: messages.length,
  ...(tools ? { tools: tools.map((one) => one.name) } : {}),
  ...(last === undefined ? {} : { last }),
})

/** The first limit of cost that is reached: the agent's own, or that of one whom it works for, whose colleagues' work counts. */
function tooDear(
  state: ExecutionState,
  plan: Plan,
  path: string,
): { spent: Micros; most: Micros } | undefined {
  for (let scope = path; scope !== ""; scope = state.scopes[scope]?.parent ?? "") {
    const most = plan.body(scope).work?.max_cost_micros
    if (most === undefined) continue
    const spent = spentIn(state, holderOf(scope))
    if (spent >= most) return { spent, most }
  }
  return undefined
}

/** When time is over for an agent, or for one whom it works for; undefined where none is limited. */
export function untilIn(state: ExecutionState, path: string): number | undefined {
  const all: number[] = []
  for (let scope = path; scope !== ""; scope = state.scopes[scope]?.parent ?? "") {
    const input = state.nodes[holderOf(scope)]?.input
    const agent = isJsonObject(input) ? input["agent"] : undefined
    const until = isJsonObject(agent) ? agent["until"] : undefined
    if (typeof until === "string") all.push(Date.parse(until))
  }
  return all.length === 0 ? undefined : Math.min(...all)
}

/** How an agent that has answered came to it. */
export function agentSummary(state: ExecutionState, plan: Plan, key: string) {
  const holder = state.nodes[key]!
  const { agent } = plan.body(`${key}[0]`).work!
  const turns = holder.progress?.opened ?? 0
  const { last } = holder.progress ?? {}
  const think = isJsonObject(last) && isJsonObject(last["think"]) ? last["think"] : {}
  const ended = earlyEndOf(think["ended"]) ?? "answered"
  return { agent: agent.name, turns, ended, cost_micros: spentIn(state, key) } as const
}
