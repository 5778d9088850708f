import type { Span } from "#core/trace/span"
import { formatMicros } from "#core/money"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { spanKindLook, SpanStatusMark, titleOfNode, titleOfSpan } from "./span-look.tsx"

/** The bar under the pointer, and where that was when it came there. */
export type Pointed = { id: string; x: number; y: number }

type FactsProps = { pointed: Pointed; spans: readonly Span[]; from: number; now: number }

const width = 288

/** What a bar stands for, beside the pointer. The line and the inspector say the same to those who use none. */
export function Facts({ pointed, spans, from, now }: FactsProps) {
  const span = spans.find((one) => one.id === pointed.id)
  if (!span) return null
  const began = Date.parse(span.start_time)
  const took = span.duration_ms ?? Math.max(0, now - began)
  const tokens = span.input_tokens + span.output_tokens
  const facts = [
    ["Began", `after ${sayDuration(Math.max(0, began - from))}`],
    ["Took", sayDuration(took)],
    ...(span.attempt > 1 ? [["Attempt", String(span.attempt)]] : []),
    ...(span.first_token_ms === null ? [] : [["First token", sayDuration(span.first_token_ms)]]),
    ...(tokens === 0 ? [] : [["Tokens", tokens.toLocaleString("en")]]),
    ...(span.cost_micros === 0 ? [] : [["Cost", formatMicros(span.cost_micros)]]),
  ]
  const error = span.attributes["error.type"]
  const isLow = pointed.y > innerHeight * 0.65
  return (
    <div
      aria-hidden
      className="pointer-events-none fixed z-50 rounded-md bg-raised p-2.5 text-sm text-ink shadow-float"
      style={{
        width,
        left: Math.max(8, Math.min(pointed.x + 12, innerWidth - width - 8)),
        ...(isLow ? { bottom: innerHeight - pointed.y + 14 } : { top: pointed.y + 14 }),
      }}
    >
      <p className="flex items-baseline gap-2">
        <span className="truncate font-medium">{titleOfSpan(span)}</span>
        <span className="shrink-0 text-muted">{spanKindLook[span.kind].word}</span>
        <span className="ml-auto shrink-0">
          <SpanStatusMark status={span.status} />
        </span>
      </p>
      {span.kind !== "step" && span.kind !== "execution" && (
        <p className="truncate text-muted">{titleOfNode(span)}</p>
      )}
      <dl className="tabular mt-1.5 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        {facts.map(([term, fact]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd className="text-right">{fact}</dd>
          </div>
        ))}
      </dl>
      {typeof error === "string" && <p className="mt-1.5 truncate text-failed">{error}</p>}
    </div>
  )
}
