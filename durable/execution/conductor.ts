import type { StepError } from "#core/execution/event"
import { next, type Action } from "#core/execution/next"
import { outputFault, type Performed } from "#core/execution/perform"
import { afterFault, type StepFault } from "#core/execution/retry"
import { holdersOf, isWithin, nodeKey, scopePath } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { agentSummary } from "#core/execution/steps/agent"
import { goesOn } from "#core/execution/steps/body"
import { scopeOf } from "#core/execution/values"
import { isJsonObject, type Json } from "#core/json"
import type { ExecutionId } from "#core/ids"
import "#durable/kit/crashpoint"
import type { ActiveExecution } from "./active.ts"
import { beginStep, type Begin, type Effect } from "./begin.ts"
import { deadlineOf, dueOf } from "./deadline.ts"
import { faultOf } from "./fault.ts"
import { cutOff, interrupted } from "./interrupted.ts"
import { ring } from "./ring.ts"
import { limited, outputOf } from "./step-ends.ts"
import type { StepDeps } from "./step-deps.ts"
import { fitting, isTooLarge, placeOf } from "./step-result.ts"

export type ConductorDeps = StepDeps & {
  /** Writes what is pending, then tells viewers and waiters. */
  keep(run: ActiveExecution): void
  /** Asks to be woken for this execution, which is left in flight, at a time. */
  wakeAt(id: ExecutionId, due: number): void
}

/** Actions after which others of the lane have their turn; each may compute for some 75 ms. */
const mostAtOnce = 32
/** So often it is looked whether the tenant's executions may go on; whoever lets them go on pokes them besides. */
const heldMs = 60_000
const breath = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

/** Drives executions: asks the plan what is next, does it, writes it down, until everything is done, in flight or at rest. */
export class Conductor {
  private readonly deps: ConductorDeps

  constructor(deps: ConductorDeps) {
    this.deps = deps
  }

  private stamp(): string {
    return new Date(this.deps.ports.now()).toISOString()
  }

  /** Goes on until nothing more can be done at once. Called again while it goes on, it takes one more turn. */
  async advance(run: ActiveExecution): Promise<void> {
    run.again = true
    if (run.advancing) return
    run.advancing = true
    let isHeld: boolean | Promise<boolean> = false
    try {
      while (run.again) {
        run.again = false
        isHeld = this.deps.ports.isHeld(this.deps.tenant())
        if (isHeld !== false) isHeld = await isHeld
        if (!isHeld) await this.turn(run)
      }
      if (isHeld) this.hold(run)
      else this.rest(run)
    } catch (error) {
      console.error("execution: the engine failed", {
        execution: run.id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      this.end(run, "execution.failed", {
        code: "engine.fault",
        message: "The engine could not go on with this execution.",
      })
    } finally {
      run.advancing = false
      this.deps.keep(run)
      const due = isHeld === true ? this.deps.ports.now() + heldMs : this.dueOf(run)
      if (!isSettled(run.state.status)) this.deps.wakeAt(run.id, due)
    }
  }

  /** What is in flight comes to its end, and then the execution waits: that does not count as its time. */
  private hold(run: ActiveExecution): void {
    if (run.state.status === "running" && run.effects.size === 0)
      run.emit({ type: "execution.waiting", data: {} }, this.stamp())
  }

  private async turn(run: ActiveExecution): Promise<void> {
    for (let steps = 0; ;) {
      // What is left out comes back with the next question.
      const actions = next(run.state, run.plan, this.deps.ports.now()).slice(0, mostAtOnce)
      if (actions.length === 0) return
      const begun = await Promise.all(actions.map((action) => this.act(run, action)))
      // Whoever cancelled meanwhile has waited for what was in flight then, and for nothing that would be begun now.
      if (isSettled(run.state.status) || run.state.status === "cancelling") return
      const effects = begun.filter((one) => one !== undefined)
      // Written before it is begun: after a crash the journal knows what was in flight.
      if (effects.length > 0 || run.isFull) this.deps.keep(run)
      for (const effect of effects) effect()
      steps += actions.length
      if (steps < mostAtOnce) continue
      steps = 0
      await breath()
    }
  }

  /** Says so when all that is left waits for times and people, or for a person's word on a step that was cut off. */
  private rest(run: ActiveExecution): void {
    if (run.state.status !== "running" || run.effects.size > 0) return
    let isWaiting = false
    for (const node of Object.values(run.state.nodes)) {
      if (node.status === "interrupted") {
        const error = node.error ?? { code: "step.interrupted", message: "A step was cut off." }
        return run.emit({ type: "execution.needs_attention", data: { error } }, this.stamp())
      }
      // Another attempt is soon; what soon goes on is not put away.
      if (node.status === "retrying") return
      if (node.status === "waiting") isWaiting = true
    }
    if (isWaiting) run.emit({ type: "execution.waiting", data: {} }, this.stamp())
  }

  /** Carries out one action; a step with effects comes back as something to begin once it is written down. */
  private async act(run: ActiveExecution, action: Action): Promise<(() => void) | undefined> {
    const at = this.stamp()
    switch (action.do) {
      case "begin":
        return this.begin(run, action)
      case "skip":
        run.emit({ type: "node.skipped", ...placeOf(action.node.id, action.scope), data: {} }, at)
        return undefined
      case "ring":
        ring(
          run,
          action,
          (fault) => this.fault(run, { ...action, attempt: attemptOf(run, action) }, fault),
          at,
        )
        return undefined
      case "open":
        return this.open(run, action)
      case "iterate":
        return this.iterate(run, action)
      case "finish":
        return this.finish(run, action, { output: action.output, handles: ["out"] })
      case "break":
        this.fault(run, action, { ...action.error, retry: false })
        return this.abortStopped(run)
      case "close":
        return this.close(run, action)
      case "succeed":
        this.succeed(run, action.outputs)
        return undefined
      case "fail":
        this.end(run, "execution.failed", action.error)
        return undefined
      default:
        return action satisfies never
    }
  }

  private async begin(run: ActiveExecution, action: Begin): Promise<(() => void) | undefined> {
    try {
      const effect = await beginStep(this.deps, run, action)
      return effect && (() => this.effect(run, action, effect))
    } catch (error) {
      this.fault(run, action, faultOf(error))
    }
    return undefined
  }

  private open(run: ActiveExecution, { node, scope, index }: Extract<Action, { do: "open" }>): undefined {
    const path = scopePath(node.id, scope, index)
    const data = { path, ...(index === undefined ? {} : { index }) }
    if (run.state.scopes[path]) {
      this.stopWithin(run, path)
      // What is begun anew forgets what was; questions that were asked inside are withdrawn first.
      this.deps.keep(run)
    }
    run.emit({ type: "scope.opened", ...placeOf(node.id, scope), data }, this.stamp())
    globalThis.crashpoint?.("scope-opened", run.id, node.id)
    return undefined
  }

  /** Asks a loop's conditions, with the state that its last iteration came to. */
  private async iterate(
    run: ActiveExecution,
    action: Extract<Action, { do: "iterate" }>,
  ): Promise<undefined> {
    const { node, scope, index } = action
    const known = run.state.nodes[nodeKey(node.id, scope)]!
    const first = isJsonObject(known.input) ? (known.input["state"] ?? null) : null
    const state = index === 0 ? first : (known.progress?.last ?? null)
    const begin = { ...action, do: "begin", attempt: known.attempt } as const
    try {
      const about = { id: run.id, now: run.state.created_at ?? this.stamp() }
      if (await goesOn(node, state, index, scopeOf(run.state, run.plan, node, scope, about)))
        return this.open(run, { ...action, do: "open" })
      return this.finish(run, { node, scope, attempt: known.attempt }, { output: state, handles: ["out"] })
    } catch (error) {
      this.fault(run, begin, faultOf(error))
    }
    return undefined
  }

  /** Says how an agent came to its answer. */
  private finished(run: ActiveExecution, { node, scope, attempt }: Omit<Begin, "do">): void {
    if (node.type !== "agent") return
    const data = agentSummary(run.state, run.plan, nodeKey(node.id, scope))
    run.emit({ type: "agent.finished", ...placeOf(node.id, scope), attempt, data }, this.stamp())
  }

  private finish(run: ActiveExecution, at: Omit<Begin, "do">, performed: Performed): undefined {
    try {
      const { output, handles } = fitting(performed)
      const place = { ...placeOf(at.node.id, at.scope), attempt: at.attempt }
      this.finished(run, at)
      globalThis.crashpoint?.("before-result", run.id, at.node.id)
      run.emit({ type: "node.succeeded", ...place, data: { output, handles } }, this.stamp())
      globalThis.crashpoint?.("after-result", run.id, at.node.id)
    } catch (error) {
      this.fault(run, at, faultOf(error))
    }
    return undefined
  }

  private close(run: ActiveExecution, action: Extract<Action, { do: "close" }>): undefined {
    const scope = run.state.scopes[action.path]
    // An outer scope that was closed in the same turn has taken this one with it.
    if (scope?.status !== "open" || !run.state.open.includes(action.path)) return undefined
    const result = "error" in action ? { error: action.error } : outputOf(run, action.path, action.output)
    if ("error" in result) run.closeCalls((inside) => isWithin(inside, action.path))
    run.emit(
      {
        type: "scope.closed",
        ...placeOf(scope.node_id, scope.parent),
        data: { path: action.path, ...result },
      },
      this.stamp(),
    )
    globalThis.crashpoint?.("scope-closed", run.id, scope.node_id)
    if ("error" in result) this.abortStopped(run)
    return undefined
  }

  /** Closes the connections of steps that nobody wants any more, since the scope around them has ended. */
  private abortStopped(run: ActiveExecution): undefined {
    for (const [key, { abort }] of run.effects) {
      if (run.state.nodes[key]?.status !== "running") abort.abort()
    }
    return undefined
  }

  /** Closes the connections inside of a scope that is about to be forgotten. */
  private stopWithin(run: ActiveExecution, path: string): void {
    run.closeCalls((inside) => isWithin(inside, path))
    for (const [key, { abort }] of run.effects) {
      const known = run.state.nodes[key]
      if (known && isWithin(known.scope, path)) abort.abort()
    }
  }

  /** Lets a step with effects go its way; when it ends, execution goes on. */
  private effect(run: ActiveExecution, action: Begin, work: Effect): void {
    const key = nodeKey(action.node.id, action.scope)
    const abort = new AbortController()
    // The same step may have been begun anew in a scope that was: attempts are counted from one there.
    const isWanted = () => run.effects.get(key)?.abort === abort && !this.isStale(run, action)
    globalThis.crashpoint?.("before-effect", run.id, action.node.id)
    const ended = work(limited(abort, action.node.data["timeout_ms"]))
      .then((performed) => {
        globalThis.crashpoint?.("after-effect", run.id, action.node.id)
        if (isWanted()) this.finish(run, action, performed)
      })
      .catch((error: unknown) => {
        globalThis.crashpoint?.("after-effect", run.id, action.node.id)
        if (isWanted()) this.failed(run, action, faultOf(error))
      })
      .then(() => {
        // Whoever was begun anew in its place goes on; this one may outlive the execution's time in memory.
        if (run.effects.get(key)?.abort !== abort) return undefined
        run.effects.delete(key)
        return this.advance(run)
      })
      .catch((error: unknown) =>
        console.error("execution: a step could not be settled", { execution: run.id, error: String(error) }),
      )
    run.effects.set(key, { abort, ended })
  }

  /** What follows from an effect that failed; one that was cut off where it was done is no failure of the step. */
  private failed(run: ActiveExecution, action: Begin, fault: StepFault): void {
    const known = run.state.nodes[nodeKey(action.node.id, action.scope)]
    if (fault.code !== "sandbox.lost" || !known) return this.fault(run, action, fault)
    cutOff(run, known, "sandbox", this.stamp(), (at, why) => this.fault(run, at, why))
  }

  /** A late answer: the execution has ended or is ending, its scope is closed, or a newer attempt has begun. */
  private isStale(run: ActiveExecution, { node, scope, attempt }: Begin): boolean {
    const now = run.state.nodes[nodeKey(node.id, scope)]
    return (
      isSettled(run.state.status) ||
      run.state.status === "cancelling" ||
      now?.status !== "running" ||
      now.attempt !== attempt
    )
  }

  /** What follows from a failed attempt, by the node's own word. */
  fault(run: ActiveExecution, { node, scope, attempt }: Omit<Begin, "do">, fault: StepFault): void {
    const chance = new DataView(this.deps.chance(4).buffer).getUint32(0) / 2 ** 32
    const { interruptions } = run.state.nodes[nodeKey(node.id, scope)] ?? { interruptions: 0 }
    const now = this.deps.ports.now()
    const event = afterFault(node, scope, attempt, fault, now, chance, interruptions)
    const key = nodeKey(node.id, scope)
    // Its bodies end with it.
    if (event.type === "node.failed") run.closeCalls((inside) => holdersOf(inside).includes(key))
    run.emit(event, this.stamp())
  }

  /** A person says that a step which was cut off has failed. */
  giveUp(run: ActiveExecution, at: { node_id: string; scope: string; attempt: number }): void {
    const node = run.plan.body(at.scope).nodes.get(at.node_id)
    const message = "The server stopped during this step, and a person decided that it failed."
    if (node)
      this.fault(
        run,
        { node, scope: at.scope, attempt: at.attempt },
        { code: "step.interrupted", message, retry: false },
      )
  }

  private succeed(run: ActiveExecution, outputs: Json): void {
    if (isTooLarge(outputs)) {
      const message =
        "The outputs of this execution are together larger than 1 MiB. Return only what is needed."
      return this.end(run, "execution.failed", { code: "execution.outputs_too_large", message })
    }
    const fault = run.state.stop_after === undefined && outputFault(run.plan.graph.output_schema, outputs)
    if (fault) return this.end(run, "execution.failed", { code: "execution.outputs_invalid", message: fault })
    run.closeCalls()
    run.emit({ type: "execution.succeeded", data: { outputs } }, this.stamp())
    for (const { abort } of run.effects.values()) abort.abort()
  }

  private end(
    run: ActiveExecution,
    type: "execution.failed" | "execution.timed_out",
    error: StepError,
  ): void {
    run.closeCalls()
    if (!isSettled(run.state.status)) run.emit({ type, data: { error } }, this.stamp())
    for (const { abort } of run.effects.values()) abort.abort()
  }

  /** Ends what is in flight, and only when each has ended says that it is cancelled. */
  async cancel(run: ActiveExecution, actor: string): Promise<void> {
    if (run.state.status !== "cancelling")
      run.emit({ type: "execution.cancelling", data: { actor } }, this.stamp())
    this.deps.keep(run)
    for (const { abort } of run.effects.values()) abort.abort()
    await Promise.allSettled([...run.effects.values()].map((one) => one.ended))
    // An aborted call rejects at once; its connection is closed when the event loop has turned.
    await breath()
    if (isSettled(run.state.status)) return
    globalThis.crashpoint?.("before-cancelled", run.id)
    run.emit({ type: "execution.cancelled", data: {} }, this.stamp())
    this.deps.keep(run)
  }

  /** What to do when the alarm names this execution, and after a crash. */
  async wake(run: ActiveExecution): Promise<void> {
    const now = this.deps.ports.now()
    if (run.state.status === "cancelling" && run.effects.size === 0) return this.cancel(run, run.state.actor)
    if (now >= deadlineOf(run.state)) {
      const seconds = Math.round(run.state.timeout_ms / 1000)
      this.end(run, "execution.timed_out", {
        code: "execution.timeout",
        message: `The execution took longer than its limit of ${seconds} s.`,
      })
      return this.deps.keep(run)
    }
    if (!run.advancing) {
      interrupted(run, this.stamp(), (action, fault) => this.fault(run, action, fault))
    }
    await this.advance(run)
  }

  private dueOf(run: ActiveExecution): number {
    // What is being cancelled begins nothing, so a retry that falls due would only ring again and again.
    if (run.state.status === "cancelling") return deadlineOf(run.state)
    return dueOf(run.state)
  }
}

const attemptOf = (run: ActiveExecution, { node, scope }: { node: { id: string }; scope: string }): number =>
  run.state.nodes[nodeKey(node.id, scope)]?.attempt ?? 1
