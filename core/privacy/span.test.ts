import { describe, expect, it } from "vitest"
import type { ExecutionId } from "#core/ids"
import type { Span } from "#core/trace/span"
import { redactedSpan } from "./span.ts"

const span: Span = {
  id: "0000000000000001",
  trace_id: "018f6ad2c1f07a3d9b0e4c5d6f708192",
  parent_id: null,
  execution_id: "exec_0001JD0000000000000000000000" as ExecutionId,
  flow_id: "flow_01JD0000000000000000000000",
  kind: "http",
  name: "GET",
  node_id: "ask",
  node_label: "Ask",
  scope: "",
  attempt: 1,
  status: "ok",
  start_time: "2026-11-21T09:00:00.000Z",
  end_time: "2026-11-21T09:00:01.000Z",
  duration_ms: 1_000,
  attributes: {
    "url.full": "https://api.example.com/people/ana@example.com",
    "http.response.status_code": 200,
    "gen_ai.response.finish_reasons": ["stop"],
  },
  model: "small",
  input_tokens: 12,
  output_tokens: 3,
  cost_micros: 7,
  first_token_ms: 5,
  text: "Write to ana@example.com\nI will call +49 30 901820",
}

describe("a span as it is kept", () => {
  it("[RD10] in full is as it was", () => expect(redactedSpan(span, "full")).toBe(span))

  it("[RD10] masked has what was asked and answered without personal data, and all its figures", () => {
    const kept = redactedSpan(span, "masked")
    expect(kept).toEqual({
      ...span,
      attributes: { ...span.attributes, "url.full": "https://api.example.com/people/[email]" },
      text: "Write to [email]\nI will call [phone]",
    })
  })

  it("[RD10] without prompts and answers has neither, nor addresses, and all its figures", () => {
    const { "url.full": address, ...attributes } = span.attributes
    expect(address).toContain("ana")
    expect(redactedSpan(span, "none")).toEqual({ ...span, text: null, attributes })
  })
})
