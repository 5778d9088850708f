import type { CredentialUse } from "#core/execution/uses"
import type { Span } from "#core/trace/span"
import type { ModelEvent } from "#core/llm/event"
import type { ExecutionSummary } from "#core/contract/executions"
import { ExecutionObject } from "#durable/execution/object"
import type { Approval } from "#core/contract/approvals"
import type { EntryPort } from "#durable/execution/entry-port"
import type { CallHttp, HttpStepRequest } from "#durable/execution/http-port"
import type { McpCall } from "#durable/execution/mcp-port"
import type { ProgramCall, RunProgram } from "#durable/execution/program-port"
import type { Ended, ExecutionPorts, LearnedIn, ModelRequest } from "#durable/execution/ports"
import { uncounted } from "#test/kit/uncounted"

export type Env = { EXECUTION: DurableObjectNamespace<FakeExecution> }

/** What the tests decide and see of the outside world. Shared by every object of a test file; a test names what is its own. */
export const world = {
  /** How the model answers, by the prompt's first word. */
  models: new Map<string, (signal: AbortSignal) => AsyncIterable<ModelEvent>>(),
  /** Answers before the others, for agents: their last words are not theirs alone. */
  agents: undefined as
    | ((request: ModelRequest, signal: AbortSignal) => AsyncIterable<ModelEvent>)
    | undefined,
  /** What another target says before it breaks, and why it does. */
  failover: undefined as { text: string; code: string } | undefined,
  calls: [] as (ModelRequest & { signal: AbortSignal })[],
  rows: new Map<string, ExecutionSummary>(),
  spans: new Map<string, Span>(),
  approvals: new Map<string, Approval>(),
  /** Uses of credentials, as often as they came. */
  uses: [] as CredentialUse[],
  /** How addresses answer, by path; the others say ok. */
  addresses: new Map<string, CallHttp>(),
  requests: [] as (HttpStepRequest & { signal: AbortSignal })[],
  /** How programs end; the others say what they were given. */
  program: undefined as RunProgram | undefined,
  programs: [] as (ProgramCall & { signal: AbortSignal })[],
  mcp: [] as (McpCall & { signal: AbortSignal })[],
  ends: [] as Ended[],
  followFailures: 0,
  archive: new Map<string, string>(),
  failures: 0,
  /** Deliveries that arrive, and whose answer is lost. */
  lost: 0,
  skew: 0,
  /** The tenant is suspended: nothing is to be begun. */
  isHeld: false,
  /** Sessions and keys whose people may see nothing any more. */
  shutOut: new Set<string>(),
  /** What a delivery to the database waits for, and how many do. */
  hold: undefined as Promise<void> | undefined,
  held: 0,
  /** Who counts executions; nobody does unless a test says so. */
  entry: undefined as EntryPort | undefined,
  /** When agents were asked that are limited, by agent. */
  turns: new Map<string, number[]>(),
  /** What is remembered, by holder. */
  memories: new Map<string, string[]>(),
  /** Where each of them was learned, in their order. */
  learned: [] as LearnedIn[],
  /** What a call of a model waits for before its target is chosen, and whoever asks for an address. */
  before: undefined as Promise<void> | undefined,
}

export const answerOf = async function* (...chunks: string[]): AsyncIterable<ModelEvent> {
  yield { type: "started", model: "fake" }
  for (const text of chunks) yield { type: "delta", text }
  yield {
    type: "finished",
    text: chunks.join(""),
    finish_reason: "stop",
    usage: { input_tokens: 10, output_tokens: chunks.length, estimated: false },
  }
}

const ports: ExecutionPorts = {
  async *callModel(request, signal, chosen, failed) {
    world.calls.push({ ...request, signal })
    await world.before
    if (world.failover) {
      const first = { provider_type: "openai", provider_id: undefined, model: "first" }
      chosen(first)
      yield { type: "delta", text: world.failover.text }
      failed?.(first, { code: world.failover.code, message: "It broke off." })
    }
    chosen({ provider_type: "builtin", provider_id: undefined, model: "fake" })
    if (world.agents) {
      yield* world.agents(request, signal)
      return
    }
    const word = request.call.messages.at(-1)!.content.split(" ")[0]!
    yield* (world.models.get(word) ?? (() => answerOf("echo ", request.call.messages.at(-1)!.content)))(
      signal,
    )
  },
  async callHttp(request, signal) {
    world.requests.push({ ...request, signal })
    const answer = world.addresses.get(new URL(request.url).pathname)
    if (answer) return answer(request, signal)
    return { status: 200, headers: {}, body: { ok: true }, duration_ms: 1, final_url: request.url }
  },
  async callMcp(call, signal, log) {
    world.mcp.push({ ...call, signal })
    log("Progress 1 of 2")
    return { called: call.tool_name, with: call.arguments }
  },
  async runProgram(call, signal, log) {
    world.programs.push({ ...call, signal })
    if (world.program) return world.program(call, signal, log)
    return { result: call.program.input, artifacts: [] }
  },
  async addressToken(purpose, _, id, key) {
    await world.before
    return [purpose, id, key].join("~")
  },
  entry: {
    enter: (tenant, ask) => (world.entry ?? uncounted).enter(tenant, ask),
    leave: (tenant, count) => (world.entry ?? uncounted).leave(tenant, count),
  },
  async agentTurn(_, agentId, perMinute) {
    const taken = world.turns.get(agentId) ?? []
    const at = Math.max(Date.now(), (taken.at(-perMinute) ?? 0) + 60_000)
    world.turns.set(agentId, [...taken, at])
    return at
  },
  memory: {
    recall: async (_, holder, text, most) =>
      (world.memories.get(holder) ?? [])
        .filter((one) => text.split(" ").some((word) => one.includes(word)))
        .slice(0, most)
        .map((one) => ({ text: one, created_at: "2026-01-01T00:00:00.000Z" })),
    remember: async (_, holder, text, learned) => {
      world.memories.set(holder, [...(world.memories.get(holder) ?? []), text])
      world.learned.push(learned)
    },
  },
  async follow(_, ended) {
    if (world.followFailures-- > 0) throw new Error("nobody listens")
    world.ends.push(ended)
  },
  price: (_, usage) => usage.output_tokens * 5,
  async record(_, rows) {
    if (world.hold) {
      world.held++
      await world.hold
    }
    if (world.failures-- > 0) throw new Error("D1 is away")
    for (const row of rows.executions) world.rows.set(row.id, row)
    for (const span of rows.spans) world.spans.set(span.id, span)
    world.uses.push(...rows.uses)
    for (const row of rows.approvals) world.approvals.set(row.id, row)
    if (world.lost-- > 0) throw new Error("D1 has answered, and nobody heard it")
  },
  archive: {
    put: async (name, text) => void world.archive.set(name, text),
    get: async (name) => world.archive.get(name),
    delete: async (name) => void world.archive.delete(name),
  },
  mayStay: async (_, passes) =>
    passes.map((pass) => !world.shutOut.has("key" in pass ? pass.key : pass.session)),
  journalDays: () => 30,
  isHeld: () => world.isHeld,
  now: () => Date.now() + world.skew,
}

export class FakeExecution extends ExecutionObject<Env> {
  protected ports() {
    return ports
  }
}

export { FakeCanvas } from "./canvas-world.ts"
export { FakeChat } from "./chat-world.ts"
export { FakeClock } from "./clock-world.ts"
export { FakeGovernor } from "./governor-world.ts"
export { FakeSandbox } from "./sandbox-world.ts"
export { FakeSealer } from "./sealer-world.ts"

export default { fetch: () => new Response("objects only") }
