import type { Span, SpanAttributes } from "#core/trace/span"
import { mask, maskExcerpt, type Redaction } from "./redact.ts"

/** What says something of its own, beside names, numbers and ids. */
const free = new Set(["url.full", "error.message", "exception.message"])

type Value = SpanAttributes[string]

const maskedValue = (value: Value): Value => {
  if (typeof value === "string") return mask(value).text
  return Array.isArray(value) ? value.map((one) => mask(one).text) : value
}

/** A span as it may be kept. Its times, tokens, cost, model and names of steps stay whatever the policy. */
export function redactedSpan(span: Span, policy: Redaction): Span {
  if (policy === "full") return span
  const attributes = Object.entries(span.attributes)
    .filter(([name]) => policy === "masked" || !free.has(name))
    .map(([name, value]) => [name, maskedValue(value)] as const)
  const text = policy === "none" || span.text === null ? null : maskExcerpt(span.text)
  return { ...span, name: mask(span.name).text, text, attributes: Object.fromEntries(attributes) }
}
