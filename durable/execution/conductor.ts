import type { StepError } from "#core/execution/event"
import { next, nextDue, scopeOf, type Action } from "#core/execution/next"
import { modelStep, outputFault, perform, performPinned } from "#core/execution/perform"
import { afterFault, type StepFault } from "#core/execution/retry"
import { nodeKey } from "#core/execution/state"
import { isSettled } from "#core/execution/status"
import { kindOf } from "#core/flow/kinds"
import type { ExecutionId } from "#core/ids"
import type { Json } from "#core/json"
import type { ActiveExecution } from "./active.ts"
import { faultOf } from "./fault.ts"
import { streamModel } from "./model-step.ts"
import type { ExecutionPorts, TenantRef } from "./ports.ts"

export type ConductorDeps = {
  ports: ExecutionPorts
  tenant(): TenantRef
  /** Writes what is pending, then tells viewers and waiters. */
  keep(run: ActiveExecution): void
  /** The same for parts of an answer that is still coming, which may wait for the next write while nobody watches. */
  stream(run: ActiveExecution): void
  /** Asks to be woken for this execution, which is left in flight, at a time. */
  wakeAt(id: ExecutionId, due: number): void
  /** A number in [0, 1) for jitter. */
  chance(): number
}

/** Pure steps after which others of the lane have their turn; each may compute for some 75 ms. */
const mostAtOnce = 32
const breath = () => new Promise<void>((resolve) => setTimeout(resolve, 0))

type Begin = Extract<Action, { do: "begin" }>

/** Drives executions: asks the plan what is next, does it, writes it down, until everything is done or in flight. */
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
    try {
      while (run.again) {
        run.again = false
        await this.turn(run)
      }
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
      if (!isSettled(run.state.status)) this.deps.wakeAt(run.id, this.dueOf(run))
    }
  }

  private async turn(run: ActiveExecution): Promise<void> {
    for (let steps = 0; ;) {
      // What is left out comes back with the next question.
      const actions = next(run.state, run.plan, this.deps.ports.now()).slice(0, mostAtOnce)
      if (actions.length === 0) return
      const begun = await Promise.all(actions.map((action) => this.act(run, action)))
      if (isSettled(run.state.status)) return
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

  /** Carries out one action; a step with effects comes back as something to begin once it is written down. */
  private async act(run: ActiveExecution, action: Action): Promise<(() => void) | undefined> {
    const at = this.stamp()
    switch (action.do) {
      case "skip":
        run.emit({ type: "node.skipped", ...placeOf(action.node.id, action.scope), data: {} }, at)
        return undefined
      case "succeed":
        this.succeed(run, action.outputs)
        return undefined
      case "fail":
        this.end(run, "execution.failed", action.error)
        return undefined
      case "begin":
        return this.begin(run, action)
      default:
        return action satisfies never
    }
  }

  private async begin(run: ActiveExecution, action: Begin): Promise<(() => void) | undefined> {
    const { node, scope, attempt } = action
    const place = { ...placeOf(node.id, scope), attempt }
    // Nodes may be named like what every object inherits.
    const pinned = Object.hasOwn(run.state.pinned, node.id) ? run.state.pinned[node.id] : undefined
    const sees = scopeOf(run.state, run.plan, node, run.id, run.state.created_at ?? this.stamp())
    try {
      if (pinned === undefined && kindOf(node.type)?.act === "model") {
        const step = await modelStep(node, sees)
        run.emit({ type: "node.started", ...place, data: { input: step.shown } }, this.stamp())
        return () => this.effect(run, action, (signal) => streamModel(this.deps, run, action, step, signal))
      }
      run.emit({ type: "node.started", ...place, data: {} }, this.stamp())
      const isPinned = pinned === undefined ? {} : { pinned: true }
      const { output, handles } =
        pinned === undefined ? await perform(node, sees) : await performPinned(node, pinned, sees)
      assertSize(output)
      run.emit({ type: "node.succeeded", ...place, data: { output, handles, ...isPinned } }, this.stamp())
    } catch (error) {
      this.fault(run, action, faultOf(error))
    }
    return undefined
  }

  /** Lets a step with effects go its way; when it ends, execution goes on. */
  private effect(run: ActiveExecution, action: Begin, work: (signal: AbortSignal) => Promise<Json>): void {
    const key = nodeKey(action.node.id, action.scope)
    const abort = new AbortController()
    const ended = work(limited(abort, action.node.data["timeout_ms"]))
      .then((output) => {
        if (this.isStale(run, action)) return
        assertSize(output)
        run.emit(
          {
            type: "node.succeeded",
            ...placeOf(action.node.id, action.scope),
            attempt: action.attempt,
            data: { output, handles: ["out"] },
          },
          this.stamp(),
        )
      })
      .catch((error: unknown) => {
        if (!this.isStale(run, action)) this.fault(run, action, faultOf(error))
      })
      .then(() => {
        run.effects.delete(key)
        return this.advance(run)
      })
      .catch((error: unknown) =>
        console.error("execution: a step could not be settled", { execution: run.id, error: String(error) }),
      )
    run.effects.set(key, { abort, ended })
  }

  /** A late answer: the execution has ended or is ending, or a newer attempt has begun. */
  private isStale(run: ActiveExecution, { node, scope, attempt }: Begin): boolean {
    const now = run.state.nodes[nodeKey(node.id, scope)]
    return (
      isSettled(run.state.status) ||
      run.state.status === "cancelling" ||
      now?.status !== "running" ||
      now.attempt !== attempt
    )
  }

  private fault(run: ActiveExecution, { node, scope, attempt }: Begin, fault: StepFault): void {
    run.emit(afterFault(node, scope, attempt, fault, this.deps.ports.now(), this.deps.chance()), this.stamp())
  }

  private succeed(run: ActiveExecution, outputs: Json): void {
    if (isTooLarge(outputs)) {
      const message =
        "The outputs of this execution are together larger than 1 MiB. Return only what is needed."
      return this.end(run, "execution.failed", { code: "execution.outputs_too_large", message })
    }
    const fault = outputFault(run.plan.graph.output_schema, outputs)
    if (fault) return this.end(run, "execution.failed", { code: "execution.outputs_invalid", message: fault })
    run.emit({ type: "execution.succeeded", data: { outputs } }, this.stamp())
  }

  private end(
    run: ActiveExecution,
    type: "execution.failed" | "execution.timed_out",
    error: StepError,
  ): void {
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
    if (isSettled(run.state.status)) return
    run.emit({ type: "execution.cancelled", data: {} }, this.stamp())
    this.deps.keep(run)
  }

  /** What to do when the alarm names this execution, and after a crash. */
  async wake(run: ActiveExecution): Promise<void> {
    const now = this.deps.ports.now()
    if (run.state.status === "cancelling" && run.effects.size === 0) return this.cancel(run, run.state.actor)
    if (now >= deadlineOf(run)) {
      const seconds = Math.round(run.state.timeout_ms / 1000)
      this.end(run, "execution.timed_out", {
        code: "execution.timeout",
        message: `The execution took longer than its limit of ${seconds} s.`,
      })
      return this.deps.keep(run)
    }
    this.interrupted(run)
    await this.advance(run)
  }

  /** Steps that the journal says are running, but nobody is: the memory that ran them is gone. */
  private interrupted(run: ActiveExecution): void {
    if (run.advancing) return
    for (const node of Object.values(run.state.nodes)) {
      if (node.status !== "running" || run.effects.has(nodeKey(node.node_id, node.scope))) continue
      const error: StepError = {
        code: "step.interrupted",
        message: "The server stopped during this attempt; it is begun again.",
        node_id: node.node_id,
      }
      run.emit(
        {
          type: "node.retrying",
          ...placeOf(node.node_id, node.scope),
          attempt: node.attempt,
          data: { error, due: this.stamp() },
        },
        this.stamp(),
      )
    }
  }

  private dueOf(run: ActiveExecution): number {
    // What is being cancelled begins nothing, so a retry that falls due would only ring again and again.
    if (run.state.status === "cancelling") return deadlineOf(run)
    return Math.min(deadlineOf(run), nextDue(run.state) ?? Infinity)
  }
}

const placeOf = (nodeId: string, scope: string) => ({ node_id: nodeId, ...(scope ? { scope } : {}) })

/** Bytes that one output may have: an event must fit into a row of the journal. */
const mostOutputBytes = 1_048_576
const encoder = new TextEncoder()

function isTooLarge(output: Json): boolean {
  if (typeof output !== "object" && typeof output !== "string") return false
  const text = typeof output === "string" ? output : JSON.stringify(output)
  // A character has three bytes at most, so a short text need not be measured.
  return text.length * 3 > mostOutputBytes && encoder.encode(text).length > mostOutputBytes
}

function assertSize(output: Json): void {
  if (!isTooLarge(output)) return
  throw Object.assign(
    new Error("The output of this step is larger than 1 MiB. Pass on only what later steps need."),
    {
      code: "step.output_too_large",
      retry: false,
    },
  )
}

const deadlineOf = (run: ActiveExecution): number =>
  Date.parse(run.state.created_at ?? "") + run.state.timeout_ms

/** One signal for both: aborted from outside, or by the node's own time limit. */
function limited(abort: AbortController, timeoutMs: unknown): AbortSignal {
  if (typeof timeoutMs !== "number") return abort.signal
  return AbortSignal.any([abort.signal, AbortSignal.timeout(timeoutMs)])
}
