import type { Usage } from "../../../core/execution/event.ts"
import { cost, priceOf, priceTable } from "../../../core/llm/price.ts"
import { wholeUsage } from "../../../core/llm/usage.ts"
import type { Bill, Recorded } from "../../kit/llm/openai-server.ts"
import type { Entry, SpanSum, Sum } from "../kit/client.ts"

export type Taken = { input_tokens: number; output_tokens: number; cost_micros: number }

const nothing: Taken = { input_tokens: 0, output_tokens: 0, cost_micros: 0 }
const added = (all: Taken, one: Taken): Taken => ({
  input_tokens: all.input_tokens + one.input_tokens,
  output_tokens: all.output_tokens + one.output_tokens,
  cost_micros: all.cost_micros + one.cost_micros,
})
export const sum = (all: readonly Taken[]): Taken => all.reduce(added, nothing)
const text = ({ input_tokens, output_tokens, cost_micros }: Taken): string =>
  `${input_tokens}+${output_tokens} tokens, ${cost_micros} micro-USD`

/** What the vendor is owed for one request. */
export function owed({ body, billed }: Pick<Recorded, "body" | "billed">): Taken {
  if (!billed) return nothing
  const { model } = body as { model: string }
  return priced(model, billed)
}

function priced(model: string, { prompt_tokens, completion_tokens }: Bill): Taken {
  const usage = { input_tokens: prompt_tokens, output_tokens: completion_tokens, estimated: false }
  return { ...usage, cost_micros: cost(usage, priceOf(priceTable, "openai", model)!) }
}

/** The execution that a request was made for: its key says so. */
export const executionOf = ({ headers }: Recorded): string =>
  String(headers["idempotency-key"] ?? "").split(":")[0] ?? ""

type Failed = { error: { code: string } }
type Ended = { usage?: Usage; cost_micros?: number }

/** What the journal says of each call that has ended. */
export const callsIn = (journal: readonly Entry[]): Taken[] =>
  journal.flatMap(({ type, data }) => {
    if (type !== "model.finished" && type !== "model.failed") return []
    const { usage, cost_micros = 0 } = data as Ended
    const { input_tokens, output_tokens } = wholeUsage(usage ?? { input_tokens: 0, output_tokens: 0 })
    return [{ input_tokens, output_tokens, cost_micros }]
  })

/** Why calls failed that the vendor has not heard of: in the order of the journal, what failed without having cost anything. */
export const unheard = (requests: readonly Recorded[], { journal }: Pick<Kept, "journal">): string[] => {
  const surplus = journal.filter(({ type }) => type === "model.started").length - requests.length
  if (surplus <= 0) return []
  return journal
    .flatMap(({ type, data }) =>
      type === "model.failed" && (data as Ended).usage === undefined ? [(data as Failed).error.code] : [],
    )
    .filter(
      (code) => code === "model.unreachable" || code === "model.timeout" || code === "model.stream_broken",
    )
    .slice(0, surplus)
}

export type Kept = { journal: Entry[]; row: Sum | undefined; own: Taken; spans: SpanSum[] }

/** Where what we keep of an execution differs from what the vendor is owed for it. */
export function differences(id: string, requests: readonly Recorded[], kept: Kept): string[] {
  const due = requests.map(owed)
  const whole = sum(due)
  const calls = callsIn(kept.journal)
  const begun = kept.journal.filter(({ type }) => type === "model.started").length
  // A connection may be closed just when it is used again, and a call be given up before the vendor hears of it: it costs nothing.
  const paid = calls.filter((one) => text(one) !== text(nothing))
  const found: string[] = []
  const same = (what: string, ours: Taken): void => {
    if (text(ours) !== text(whole)) found.push(`${id}: ${what} says ${text(ours)}, the vendor ${text(whole)}`)
  }
  same("the sum of its calls", sum(calls))
  same("the execution", kept.own)
  same("the index", kept.row ?? nothing)
  same("the sum of its model spans", sum(kept.spans.filter(({ kind }) => kind === "model")))
  same("its own span", sum(kept.spans.filter(({ kind }) => kind === "execution")))
  if (begun !== calls.length || begun < requests.length)
    found.push(
      `${id}: ${begun} calls began and ${calls.length} ended, the vendor has seen ${requests.length}`,
    )
  const owing = due.filter((one) => text(one) !== text(nothing))
  const [one, other] = [paid, owing].map((list) => list.map(text).toSorted().join("; "))
  if (one !== other) found.push(`${id}: call by call it says ${one}, the vendor ${other}`)
  return found
}
