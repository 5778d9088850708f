import type { NewEvent, StepError } from "#core/execution/event"
import { isSettled } from "#core/execution/status"
import type { ModelEvent } from "#core/llm/event"
import type { ActiveExecution } from "./active.ts"
import type { ExecutionPorts, ModelChoice, Spent } from "./ports.ts"

export type Place = { node_id: string; scope?: string; attempt: number }

/** What a model came to in the end. */
export type ModelAnswer = Extract<ModelEvent, { type: "finished" }>

const closed: StepError = { code: "step.cancelled", message: "The step was cancelled." }

/** The requests of one attempt to a model, as the journal has them: each begins, ends, and says what it took. */
export class ModelAccount {
  private readonly ports: Pick<ExecutionPorts, "now" | "price">
  private readonly run: ActiveExecution
  private readonly place: Place
  private readonly since: number
  private chosen: ModelChoice | undefined
  private spent: Spent | undefined
  private isOpen = false
  private isClosed = false
  private firstTokenMs: number | undefined

  constructor(ports: Pick<ExecutionPorts, "now" | "price">, run: ActiveExecution, place: Place) {
    this.ports = ports
    this.run = run
    this.place = place
    this.since = ports.now()
    run.calls.set(this.close, place.scope ?? "")
  }

  begun(choice: ModelChoice, spent: Spent | undefined): void {
    this.chosen = choice
    this.spent = spent
    this.isOpen = true
    this.firstTokenMs = undefined
    const { provider_type, provider_id, model, price } = choice
    const from = provider_id === undefined ? {} : { provider_id }
    const paid = price === undefined ? {} : { price }
    this.emit({ type: "model.started", ...this.place, data: { provider_type, ...from, model, ...paid } })
  }

  heard(): void {
    this.firstTokenMs ??= this.ports.now() - this.since
  }

  said(text: string): void {
    this.emit({ type: "model.delta", ...this.place, data: { text } })
  }

  /** The end of a request without an answer, with what it took all the same; one that has ended is not told of twice. */
  failed({ code, message }: StepError): void {
    const { chosen } = this
    if (!this.isOpen && chosen !== undefined) return
    this.isOpen = false
    const usage = this.spent?.()
    this.spent = undefined
    const took = usage && chosen ? { usage, cost_micros: this.ports.price(chosen, usage) } : {}
    this.emit({ type: "model.failed", ...this.place, data: { error: { code, message }, ...took } })
  }

  finished({ finish_reason, usage }: ModelAnswer): void {
    const { chosen, firstTokenMs } = this
    this.isOpen = false
    this.emit({
      type: "model.finished",
      ...this.place,
      data: {
        model: chosen?.model ?? "",
        finish_reason,
        usage,
        cost_micros: chosen ? this.ports.price(chosen, usage) : 0,
        latency_ms: this.ports.now() - this.since,
        ...(firstTokenMs === undefined ? {} : { first_token_ms: firstTokenMs }),
      },
    })
  }

  /** The execution goes on without it: what it took so far is the last that is said of it. */
  private readonly close = (): void => {
    if (this.isOpen) this.failed(closed)
    this.isClosed = true
  }

  over(): void {
    this.run.calls.delete(this.close)
  }

  // An execution's end is its last event, however late a model answers.
  private emit(event: NewEvent): void {
    if (this.isClosed || isSettled(this.run.state.status)) return
    this.run.emit(event, new Date(this.ports.now()).toISOString())
  }
}
