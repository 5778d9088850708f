import type { ModelCall } from "#core/llm/call"
import type { ModelUsage } from "#core/llm/event"
import type { ProviderPart } from "./provider.ts"
import { settledUsage, type ReportedUsage } from "./usage.ts"

/** What a request has cost so far; undefined while nothing has come of it. Can be asked at any time, also after it broke. */
export type Spent = () => ModelUsage | undefined

/**
 * Counts along with an answer, so that one that breaks off, or that nobody waits for any more, is paid for as far as it came: by
 * what the vendor has reported of it, else by our own count. What was refused, or never begun, costs nothing.
 */
export class Meter {
  private readonly call: ModelCall
  private hasBegun = false
  private text = ""
  private thoughts = ""
  private calls = ""
  /** Tool calls that are not whole yet, by their ids: they are paid for all the same. */
  private readonly begun = new Map<string, string>()
  private reported: ReportedUsage = {}

  constructor(call: ModelCall) {
    this.call = call
  }

  hear(part: ProviderPart): void {
    this.hasBegun = true
    switch (part.type) {
      case "delta":
        this.text += part.text
        return
      case "thinking":
        this.thoughts += part.text
        return
      case "calling":
        this.begun.set(part.id, (this.begun.get(part.id) ?? "\n") + part.text)
        return
      case "tool_call":
        this.begun.delete(part.id)
        this.calls += `\n${part.name} ${part.arguments}`
        return
      case "begun":
        this.reported = { ...this.reported, ...part.usage }
        return
      case "end":
        this.reported = part.usage ?? {}
        return
      default:
        part satisfies never
    }
  }

  readonly spent: Spent = () => {
    if (!this.hasBegun) return undefined
    const said = [this.text, this.calls, ...this.begun.values(), this.thoughts].join("")
    return settledUsage(this.reported, this.call, said)
  }
}
