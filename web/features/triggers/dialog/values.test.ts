import { expect, it } from "vitest"
import { TriggerDraft, type Trigger } from "#core/contract/triggers"
import { FlowId, TriggerId } from "#core/ids"
import { draftOf } from "../queries.ts"
import { bodyOf, fieldOf } from "./body.ts"
import { newValues, valuesOf } from "./values.ts"

const ulid = "01JD0000000000000000000000"
const flow = { id: `flow_${ulid}`, name: "Invoices" }

/** A trigger as the server shows one of this draft. */
function shown(draft: object): Trigger {
  const parsed = TriggerDraft.parse({ flow_id: flow.id, name: "One", ...draft })
  return {
    ...parsed,
    id: TriggerId.parse(`trig_${ulid}`),
    flow_id: FlowId.parse(flow.id),
    flow_name: flow.name,
    health: { status: "ok", reason: null, failures_in_a_row: 0, last_error: null, last_error_at: null },
    last_fired_at: null,
    next_fire_at: null,
    address: null,
    secret: null,
    version: 1,
    created_by: "user_1",
    created_at: "2026-11-21T09:30:00.000Z",
    updated_at: "2026-11-21T09:30:00.000Z",
  }
}

it.each(["webhook", "schedule", "form"] as const)(
  "begins a %s that the contract takes once it has a name",
  (kind) => {
    const values = newValues(kind, flow)
    expect(TriggerDraft.safeParse(bodyOf(values)).success).toBe(false)
    expect(TriggerDraft.safeParse(bodyOf({ ...values, name: "One" })).error).toBeUndefined()
  },
)

it.each([
  { kind: "webhook" },
  {
    kind: "webhook",
    config: {
      methods: ["GET", "PUT"],
      signature: {
        kind: "hmac_sha256",
        header: "X-S",
        encoding: "base64",
        prefix: "v0=",
        timestamp_header: "X-T",
        tolerance_seconds: 60,
        content: "v0:{timestamp}:{body}",
      },
      dedupe: { id_header: "X-Id", id_window_seconds: 0, body_window_seconds: 60 },
      max_body_bytes: 5_000,
      inputs: { mapping: { text: "{{ input.body.text }}" } },
      reply: { mode: "outputs", wait_seconds: 5, on_timeout: "problem" },
    },
  },
  { kind: "webhook", config: { signature: { kind: "stripe", tolerance_seconds: 20 }, inputs: "envelope" } },
  { kind: "webhook", config: { signature: { kind: "header", header: "X-Key" } } },
  { kind: "schedule", config: { timing: { kind: "cron", cron: "0 9 * * *", time_zone: "Asia/Tokyo" } } },
  {
    kind: "schedule",
    config: { timing: { kind: "interval", every_seconds: 90 }, missed: "skip", inputs: { a: 1 } },
  },
  { kind: "form", config: { title: "T", description: "D", submit_label: "Go" } },
  {
    kind: "form",
    config: { input_schema: { type: "object" }, reply: { mode: "redirect", url: "https://example.com" } },
  },
  { kind: "form", config: { reply: { mode: "outputs", wait_seconds: 9 } } },
  { kind: "flow", config: { source_flow_id: flow.id, on: "any", inputs: "envelope" }, is_active: false },
])("opens and saves %j without changing it", (draft) => {
  const trigger = shown(draft)
  expect(TriggerDraft.parse(bodyOf(valuesOf(trigger)))).toEqual(TriggerDraft.parse(draftOf(trigger)))
})

it("sends a secret only where there is a signature to check", () => {
  const values = { ...newValues("webhook", flow), name: "One", secret: "correct horse" }
  expect(bodyOf(values)).not.toHaveProperty("secret")
  expect(bodyOf({ ...values, signature: "github" })).toHaveProperty("secret", "correct horse")
  expect(bodyOf({ ...values, signature: "github", secret: " " })).not.toHaveProperty("secret")
})

it("finds the field that an error is about", () => {
  const values = newValues("webhook", flow)
  expect(fieldOf("config.timing.cron", values)).toBe("cron")
  expect(fieldOf("config.methods.0", values)).toBe("methods")
  expect(fieldOf("config.inputs.mapping.text", values)).toBe("mapping")
  expect(fieldOf("config.signature.header", values)).toBe("header")
  expect(fieldOf("flow_id", values)).toBe("flow_id")
})
