import type { NewEvent } from "#core/execution/event"
import type { Action } from "#core/execution/next"
import { perform, performPinned, type Performed } from "#core/execution/perform"
import { afterFault } from "#core/execution/retry"
import { pinnedFor } from "#core/execution/pins"
import { nodeKey, scopePath } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { agentStep, crewStep, thinkStep, untilIn } from "#core/execution/steps/agent"
import { approvalStep } from "#core/execution/steps/approval"
import { calledWith, loopStep, mapStep, subflowStep, type BodyStep } from "#core/execution/steps/body"
import { argumentsOf, callOf, callStep, checkStep, flowArguments } from "#core/execution/steps/call"
import { codeStep } from "#core/execution/steps/code"
import { credentialsIn, credentialsSent } from "#core/execution/steps/credentials"
import { StepFailure } from "#core/execution/steps/failure"
import { httpStep } from "#core/execution/steps/http"
import { modelHandle, modelStep } from "#core/execution/steps/model"
import { waitStep } from "#core/execution/steps/wait"
import { scopeOf } from "#core/execution/values"
import type { Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { actOf, toolOf } from "#core/agent/tool-node"
import { calleeOf, crewOf } from "#core/flow/plan"
import type { AgentAtWork } from "#core/agent/at-work"
import { graceMs } from "#core/agent/limits"
import { newId } from "#core/ids"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import "#durable/kit/crashpoint"
import type { ActiveExecution } from "./active.ts"
import { addressesFor } from "./addresses.ts"
import { runCode, type RunKeys } from "./code-step.ts"
import { sendHttp } from "./http-step.ts"
import type { Recorded } from "./messages.ts"
import { streamModel } from "./model-step.ts"
import type { StepDeps } from "./step-deps.ts"
import { fitting, isTooLarge, placeOf } from "./step-result.ts"
import { callTool } from "./tool-step.ts"

export type Begin = Extract<Action, { do: "begin" }>

/** What a timer takes. */
const mostTimerMs = 2_147_483_647

/** What is done once it is written down that it will be. */
export type Effect = (signal: AbortSignal) => Promise<Performed>

/**
 * Begins one attempt: resolves what it asks for and says so in the journal. A pure step is done at once; a step that acts on the
 * outside comes back as an effect, for whoever writes the journal first. Throws what went wrong.
 */
export async function beginStep(
  deps: StepDeps,
  run: ActiveExecution,
  action: Begin,
): Promise<Effect | undefined> {
  const { node, scope, attempt } = action
  const place = { ...placeOf(node.id, scope), attempt }
  const step = new Step(deps, run, node, scope, attempt)
  const act = actOf(run.plan.graph, node)
  const pinned = pinnedFor(run.state.pinned, nodeKey(node.id, scope))
  const recorded = run.state.replay_of === undefined ? undefined : run.recorded(nodeKey(node.id, scope))
  // Several calls of one turn are judged one after the other: nothing is waited for in between.
  if (act === "check") return step.check()
  const sees = await step.sees()
  if (pinned !== undefined) {
    step.emit({ type: "node.started", ...place, data: {} })
    step.succeed(await performPinned(node, pinned, sees), { pinned: true })
    return undefined
  }
  switch (act) {
    case "model":
      return node.type === "think" ? step.think(recorded) : step.model(sees, recorded)
    case "tool":
      return step.tool(sees, recorded)
    case "http":
      return step.http(sees, recorded)
    case "program":
      return step.code(sees, recorded)
    case "wait":
      return step.wait(sees, recorded)
    case "approval":
      return step.approval(sees, recorded)
    case "scope":
      return step.body(sees)
    default:
      step.emit({ type: "node.started", ...place, data: {} })
      step.succeed(await perform(node, sees))
      return undefined
  }
}

/** One attempt at one node, while it is begun. */
class Step {
  readonly deps: StepDeps
  readonly run: ActiveExecution
  readonly node: FlowNode
  readonly scope: string
  readonly attempt: number

  constructor(deps: StepDeps, run: ActiveExecution, node: FlowNode, scope: string, attempt: number) {
    this.deps = deps
    this.run = run
    this.node = node
    this.scope = scope
    this.attempt = attempt
  }

  private get place() {
    return { ...placeOf(this.node.id, this.scope), attempt: this.attempt }
  }

  private get key(): string {
    return nodeKey(this.node.id, this.scope)
  }

  /** The same for every attempt: whoever honours it does the thing once. */
  private get idempotencyKey(): string {
    return [this.run.id, this.scope, this.node.id].join(":")
  }

  private get runKeys(): RunKeys {
    const { interruptions } = this.run.state.nodes[this.key] ?? { interruptions: 0 }
    const idempotency_key = this.idempotencyKey
    return { step: this.key, idempotency_key, run_key: `${idempotency_key}:${this.attempt - interruptions}` }
  }

  emit(event: NewEvent): void {
    this.run.emit(event, new Date(this.deps.ports.now()).toISOString())
  }

  succeed(performed: Performed, more: { pinned?: boolean; reused?: boolean } = {}): void {
    const { output, handles } = fitting(performed)
    globalThis.crashpoint?.("before-result", this.run.id, this.node.id)
    this.emit({ type: "node.succeeded", ...this.place, data: { output, handles, ...more } })
    globalThis.crashpoint?.("after-result", this.run.id, this.node.id)
  }

  /** What expressions of the step see. */
  async sees(): Promise<Scope> {
    const { run, node, scope, deps } = this
    const now = run.state.created_at ?? new Date(deps.ports.now()).toISOString()
    const addresses = await addressesFor(deps, run, node, scope)
    return scopeOf(run.state, run.plan, node, scope, { id: run.id, now, ...(addresses ? { addresses } : {}) })
  }

  /** A replay sends nothing, so it uses no credentials either. */
  private started(input: JsonObject, credentials: string[] = []): void {
    if (isTooLarge(input)) {
      const message = "What this step is given is larger than 1 MiB. Give it only what it needs."
      throw new StepFailure("step.input_too_large", message)
    }
    const used = this.isReplay || credentials.length === 0 ? {} : { credentials }
    this.emit({ type: "node.started", ...this.place, data: { input, ...used } })
  }

  /** A replay sends nothing: the step comes to what it came to. */
  private replayed(recorded: Recorded | undefined): undefined {
    if (!recorded)
      throw new StepFailure(
        "replay.not_recorded",
        "The execution that is replayed never did this step, so there is no answer to stand in for it.",
      )
    if ("error" in recorded) {
      // It failed for good: the attempts that were made then are not made once more.
      const { retry: _, ...data } = this.node.data
      const fault = { ...recorded.error, retry: false }
      const now = this.deps.ports.now()
      this.emit(afterFault({ ...this.node, data }, this.scope, this.attempt, fault, now, 0))
      return undefined
    }
    this.succeed(recorded, { reused: true })
    return undefined
  }

  private get isReplay(): boolean {
    return this.run.state.replay_of !== undefined
  }

  async model(sees: Scope, recorded: Recorded | undefined): Promise<Effect | undefined> {
    const step = await modelStep(this.node, sees)
    this.started(step.shown)
    if (this.isReplay) return this.replayed(recorded)
    return async (signal) => {
      const { object, text } = await streamModel(
        this.deps,
        this.run,
        this.place,
        step,
        this.idempotencyKey,
        signal,
      )
      const output = object ?? text
      return { output, handles: [modelHandle(this.node, output)] }
    }
  }

  /** A turn of an agent: what its model answers is calls, its final answer, or to be mended. */
  think(recorded: Recorded | undefined): Effect | undefined {
    const { deps, run, place } = this
    const { step, agent_id, calls_per_minute, until, take } = thinkStep(
      run.state,
      run.plan,
      this.scope,
      deps.ports.now(),
    )
    this.started(step.shown)
    if (this.isReplay) return this.replayed(recorded)
    return async (given) => {
      const signal = this.untilThen(given, until)
      if (calls_per_minute !== undefined) {
        const turn = await deps.ports.agentTurn(deps.tenant(), agent_id, calls_per_minute)
        await pause(turn - deps.ports.now(), signal)
      }
      const answer = await streamModel(deps, run, place, step, this.idempotencyKey, signal)
      const thought = await take(answer)
      const calls = thought.handles[0] === "calls" ? (thought.output["tool_calls"] as Json[]).length : 0
      const { agent } = run.plan.body(this.scope).work!
      if (!isSettled(run.state.status))
        this.emit({ type: "agent.thought", ...place, data: { agent: agent.name, text: answer.text, calls } })
      return thought
    }
  }

  /** What an agent does ends with its time, so that it can still be asked for its answer. */
  private untilThen(signal: AbortSignal, until: number | undefined): AbortSignal {
    const left = until === undefined ? undefined : until - this.deps.ports.now()
    return left === undefined || left <= 0
      ? signal
      : AbortSignal.any([signal, AbortSignal.timeout(Math.min(left, mostTimerMs))])
  }

  /** Whether a call may be made: told at once, before another is judged. */
  check(): undefined {
    const { run, place } = this
    const { output, route, delegated } = checkStep(run.state, run.plan, this.scope)
    this.emit({ type: "node.started", ...place, data: {} })
    if (delegated) this.emit({ type: "agent.delegated", ...place, data: delegated })
    return this.succeed({ output, handles: [route] }) as undefined
  }

  async tool(sees: Scope, recorded: Recorded | undefined): Promise<Effect | undefined> {
    const { state, plan } = this.run
    const step =
      this.node.type === "tool" ? await this.ownCall(sees) : await callStep(state, plan, this.scope)
    this.started(step.shown, credentialsIn(step.does))
    if (this.isReplay) return this.replayed(recorded)
    const keys = this.runKeys
    const until = untilIn(state, this.scope)
    return (signal) => callTool(this.deps, this.run, this.place, step, keys, this.untilThen(signal, until))
  }

  private async ownCall(sees: Scope) {
    const tool = toolOf(this.run.plan.graph, this.node)
    const args = await argumentsOf(this.node, tool, sees)
    return callOf(tool!, args, this.key)
  }

  async http(sees: Scope, recorded: Recorded | undefined): Promise<Effect | undefined> {
    const step = await httpStep(this.node, sees)
    this.started(step.shown, credentialsSent(step))
    if (this.isReplay) return this.replayed(recorded)
    return (signal) => sendHttp(this.deps, this.run, this.place, step, this.idempotencyKey, signal)
  }

  async code(sees: Scope, recorded: Recorded | undefined): Promise<Effect | undefined> {
    const step = codeStep(this.node, sees)
    this.started(step.shown)
    if (this.isReplay) return this.replayed(recorded)
    const keys = this.runKeys
    return (signal) => runCode(this.deps, this.run, this.place, step, keys, signal)
  }

  async wait(sees: Scope, recorded: Recorded | undefined): Promise<undefined> {
    const { run } = this
    const { due, callback, isPast } = await waitStep(this.node, sees, this.deps.ports.now())
    const at = due === undefined ? undefined : new Date(due).toISOString()
    this.started({ ...(at === undefined ? {} : { until: at }), ...(callback ? { callback } : {}) })
    if (this.isReplay) return this.replayed(recorded)
    const called = run.state.callbacks[this.key]
    if (callback && called !== undefined)
      return this.succeed({ output: called, handles: ["out"] }) as undefined
    if (isPast && !callback) {
      const message = `${at} lies in the past, so this went on at once.`
      this.emit({ type: "node.log", ...this.place, data: { level: "warning", message } })
      return this.succeed({ output: sees.incoming ?? null, handles: ["out"] }) as undefined
    }
    this.rest(callback ? "callback" : "time", at)
    return undefined
  }

  async approval(sees: Scope, recorded: Recorded | undefined): Promise<undefined> {
    const { deps } = this
    const step = await approvalStep(this.node, sees, deps.ports.now())
    const { title, message, form_schema, buttons, assignees, by_others } = step
    const due = step.due === undefined ? undefined : new Date(step.due).toISOString()
    this.started({ title, ...(message === undefined ? {} : { message }), assignees })
    if (this.isReplay) return this.replayed(recorded)
    this.emit({
      type: "approval.requested",
      ...this.place,
      data: {
        approval_id: newId("appr", deps.ports.now(), deps.chance),
        title,
        buttons,
        assignees,
        ...(by_others ? { by_others } : {}),
        ...(message === undefined ? {} : { message }),
        ...(form_schema === undefined ? {} : { form_schema }),
        ...(due === undefined ? {} : { due }),
      },
    })
    this.rest("approval", due)
    return undefined
  }

  private rest(kind: "time" | "callback" | "approval", due: string | undefined): void {
    if (due !== undefined) this.emit({ type: "timer.set", ...this.place, data: { name: kind, due } })
    this.emit({
      type: "node.waiting",
      ...this.place,
      data: { for: kind, ...(due === undefined ? {} : { due }) },
    })
  }

  async body(sees: Scope): Promise<undefined> {
    const { input, total } = fittingBody(await this.bodyStep(sees))
    const seconds = this.agentSeconds()
    const { agent = null } = input
    // Kept, so that after a restart it is the same.
    if (seconds !== undefined && isJsonObject(agent))
      agent["until"] = new Date(this.deps.ports.now() + seconds * 1000).toISOString()
    const most = Math.min(...this.limits())
    const deadline = most === Infinity ? undefined : new Date(this.deps.ports.now() + most).toISOString()
    this.emit({
      type: "node.started",
      ...this.place,
      data: {
        input,
        ...(total === undefined ? {} : { total }),
        ...(deadline === undefined ? {} : { deadline }),
      },
    })
    return undefined
  }

  /** What its time is bounded by, in ms. */
  private limits(): number[] {
    const own = this.node.data["timeout_ms"]
    const seconds = this.agentSeconds()
    return [
      Infinity,
      ...(typeof own === "number" ? [own] : []),
      ...(seconds === undefined ? [] : [seconds * 1000 + graceMs(seconds)]),
    ]
  }

  private agentSeconds(): number | undefined {
    return this.node.type === "agent" ? this.work().agent.config.limits.max_seconds : undefined
  }

  /** The agent that works at this node. */
  private work(): AgentAtWork {
    const { work } = this.run.plan.body(scopePath(this.node.id, this.scope, 0))
    if (!work) throw new Error(`no agent works at ${this.key}`)
    return work
  }

  private async bodyStep(sees: Scope): Promise<BodyStep> {
    const { node, run, scope } = this
    if (node.type === "tool") {
      const inputs = await argumentsOf(node, toolOf(run.plan.graph, node), sees)
      return { input: { inputs }, total: 1 }
    }
    if (node.type === "flow")
      return calledWith(calleeOf(run.plan.graph, node), flowArguments(run.state, run.plan, scope))
    if (node.type === "agent") return agentStep(node, this.work(), sees)
    if (node.type === "crew") return crewStep(node, crewOf(run.plan.graph, node), sees)
    if (node.type === "map") return mapStep(node, sees)
    if (node.type === "loop") return loopStep(node, sees)
    return subflowStep(node, calleeOf(run.plan.graph, node), sees)
  }
}

function fittingBody(step: BodyStep): BodyStep {
  const output: Json = step.input
  fitting({ output, handles: [] })
  return step
}

/** Waits, unless it is stopped meanwhile. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
