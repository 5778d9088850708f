import { describe, expect, it } from "vitest"
import type { NewEvent } from "#core/execution/event"
import { at, begin, queued, short, spansOf, started, succeed, succeeded } from "#test/kit/journal"

describe("the span of a call", () => {
  const place = { node_id: "draft", attempt: 1 }

  it("says of a model what OpenTelemetry asks for, and its step and execution say what it cost", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft", {}, { prompt: "Answer this mail: where is my parcel?" })],
      [
        2,
        {
          type: "model.started",
          ...place,
          data: { provider_type: "google", provider_id: "provider_1", model: "gemini" },
        },
      ],
      [60, { type: "model.delta", ...place, data: { text: "It is on " } }],
      [70, { type: "model.delta", ...place, data: { text: "its way." } }],
      [
        90,
        {
          type: "model.finished",
          ...place,
          data: {
            model: "gemini-002",
            finish_reason: "stop",
            usage: { input_tokens: 12, output_tokens: 5, cache_read_tokens: 3, reasoning_tokens: 2 },
            cost_micros: 42,
            latency_ms: 88,
            first_token_ms: 58,
          },
        },
      ],
      [91, succeed("draft")],
      [92, succeeded],
    )
    expect(spans.map(short)).toEqual(["model draft  1 ok 88", "step draft  1 ok 90", "execution   1 ok 92"])
    expect(spans.at(0)!).toMatchObject({
      name: "chat gemini",
      parent_id: spans.at(1)!.id,
      model: "gemini-002",
      first_token_ms: 58,
      text: "Answer this mail: where is my parcel?\nIt is on its way.",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "gcp.gemini",
        "gen_ai.request.model": "gemini",
        "gen_ai.response.model": "gemini-002",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": 0.058,
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 3,
        "gen_ai.usage.reasoning.output_tokens": 2,
      },
    })
    for (const span of spans)
      expect(span).toMatchObject({ input_tokens: 12, output_tokens: 5, cost_micros: 42 })
  })

  it("keeps no more than a few words of what was asked and answered", () => {
    const long = "Bonjour 👋 ".repeat(9_000)
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("draft", {}, { prompt: long })],
      [2, { type: "model.started", ...place, data: { provider_type: "openai", model: "m" } }],
      [3, { type: "model.delta", ...place, data: { text: long } }],
      [4, { type: "model.failed", ...place, data: { error: { code: "model.x", message: long } } }],
    )
    expect(spans.at(0)!.text!.length).toBeLessThanOrEqual(500)
    expect(spans.at(0)!.text!.isWellFormed()).toBe(true)
  })

  it("keeps an address without what its query and its user say", () => {
    const url = "https://ana:pw@api.example.com:8443/v1/items?key=s3cr3t&q=a%20b&flag#frag"
    const http = spansOf(
      [0, queued],
      [0, started],
      [1, begin("fetch")],
      [
        2,
        {
          type: "http.started",
          node_id: "fetch",
          attempt: 1,
          data: { method: "GET", url, idempotency_key: "k" },
        },
      ],
      [
        30,
        {
          type: "http.failed",
          node_id: "fetch",
          attempt: 1,
          data: { error: { code: "http.status_503", message: "Unavailable" }, latency_ms: 28 },
        },
      ],
    ).at(0)!
    expect(short(http)).toBe("http fetch  1 error 28")
    expect(http.attributes).toEqual({
      "http.request.method": "GET",
      "url.full": "https://REDACTED@api.example.com:8443/v1/items?key=REDACTED&q=REDACTED&flag",
      "server.address": "api.example.com",
      "http.response.status_code": 503,
      "error.type": "http.status_503",
    })
    expect(JSON.stringify(http)).not.toContain("s3cr3t")
  })
})

describe("the span of a wait", () => {
  it("lasts until a time has come, a call or an answer", () => {
    const wait = (kind: "time" | "callback" | "approval", node_id: string): NewEvent => ({
      type: "node.waiting",
      node_id,
      attempt: 1,
      data: { for: kind, due: at(500) },
    })
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, begin("pause")],
      [1, { type: "timer.set", node_id: "pause", attempt: 1, data: { name: "time", due: at(500) } }],
      [1, wait("time", "pause")],
      [2, begin("called")],
      [2, wait("callback", "called")],
      [3, begin("ask")],
      [
        3,
        {
          type: "approval.requested",
          node_id: "ask",
          attempt: 1,
          data: { approval_id: "appr_1", title: "Pay it?", buttons: [], assignees: [] },
        },
      ],
      [3, wait("approval", "ask")],
      [40, { type: "callback.received", node_id: "called", data: { body: null } }],
      [41, succeed("called")],
      [
        60,
        {
          type: "approval.answered",
          node_id: "ask",
          attempt: 1,
          data: { approval_id: "appr_1", button: "yes", actor: "user_2" },
        },
      ],
      [60, succeed("ask")],
      [500, { type: "timer.fired", node_id: "pause", attempt: 1, data: { name: "time" } }],
      [501, succeed("pause")],
    )
    expect(spans.map(short)).toEqual([
      "callback called  1 ok 38",
      "step called  1 ok 39",
      "approval ask  1 ok 57",
      "step ask  1 ok 57",
      "timer pause  1 ok 500",
      "step pause  1 ok 500",
    ])
    expect(spans.at(2)!).toMatchObject({
      text: "Pay it?",
      attributes: { "edgecrew.approval.button": "yes", "edgecrew.actor": "user_2" },
    })
  })

  it("of no step belongs to the execution", () => {
    const spans = spansOf(
      [0, queued],
      [0, started],
      [1, { type: "timer.set", data: { name: "slot", due: at(9) } }],
      [9, { type: "timer.fired", data: { name: "slot" } }],
      [10, succeeded],
    )
    expect(spans.map(short)).toEqual(["timer   1 ok 8", "execution   1 ok 10"])
    expect(spans.at(0)!.parent_id).toBe(spans.at(1)!.id)
  })
})
