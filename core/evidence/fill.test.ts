import { describe, expect, it } from "vitest"
import { defaultRetention } from "#core/privacy/retention"
import type { Facts } from "./facts.ts"
import { canonical, filled, markdownOf } from "./fill.ts"
import { ReportKind } from "./report.ts"

const about = {
  workspace: { id: "tenant_1", name: "Acme | *Sons*", slug: "acme" },
  generated_at: "2026-11-22T12:00:00.000Z",
  generated_by: "user_1",
  since: "2026-08-24T12:00:00.000Z",
}

/** A workspace that was made a moment ago. */
const bare: Facts = {
  members: { active: 1, disabled: 0, roles: { admin: 1, editor: 0, viewer: 0, executor: 0 } },
  passwords: { kept: 1, hashed: 1 },
  sessions: { alive: 1, oldest_days: 0 },
  keys: { total: 0, without_expiry: 0, unused_90_days: 0, oldest_days: 0, restricted: 0 },
  secrets: { kept: 0, sealed: 0, data_keys: 1, newest_key_days: null },
  audit: { entries: 0, since_entries: 0, first_at: null, last_at: null, checkpoints: 0 },
  retention: { ...defaultRetention, deliveries: null },
  redaction: "full",
  holds: 0,
  exports: 0,
  erasures: { done: 0, open: 0, longest_days: null },
  changes: { review_required: false, published: 0, reviewed: 0 },
  executions: { since: 0, failed: 0, answered_questions: 0 },
  budgets: { total: 0, hard: 0 },
}

/** One that does all that it can. */
const whole: Facts = {
  ...bare,
  members: { active: 9, disabled: 2, roles: { admin: 2, editor: 3, viewer: 3, executor: 1 } },
  keys: { total: 3, without_expiry: 0, unused_90_days: 0, oldest_days: 40, restricted: 1 },
  secrets: { kept: 4, sealed: 4, data_keys: 2, newest_key_days: 12 },
  audit: {
    entries: 12_345,
    since_entries: 345,
    first_at: "2026-01-01T00:00:00.000Z",
    last_at: "2026-11-22T00:00:00.000Z",
    checkpoints: 13,
  },
  retention: { executions: 90, traces: 30, tool_calls: 30, chats: 365, deliveries: 30, deleted: 30 },
  redaction: "masked",
  exports: 2,
  erasures: { done: 1, open: 0, longest_days: 1 },
  changes: { review_required: true, published: 7, reviewed: 7 },
  executions: { since: 1_000, failed: 3, answered_questions: 5 },
  budgets: { total: 2, hard: 1 },
}

const of = (facts: Facts, kind: ReportKind, id: string) =>
  filled(kind, facts, about).controls.find((one) => one.id === id)!

describe.each(ReportKind.options)("the report %s", (kind) => {
  it("[EV1] has every control once, each with evidence or with what is missing", () => {
    for (const facts of [bare, whole]) {
      const { controls } = filled(kind, facts, about)
      expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length)
      for (const { evidence, missing } of controls)
        expect(evidence.length + missing.length).toBeGreaterThan(0)
    }
  })

  it("[EV2] shows everything where the data does, and says so of nothing else", () => {
    expect(new Set(filled(kind, whole, about).controls.map(({ state }) => state))).toEqual(new Set(["shown"]))
    expect(filled(kind, bare, about).controls.some(({ state }) => state !== "shown")).toBe(true)
  })

  it("[EV3] says in words what it cannot say", () => {
    const text = markdownOf(filled(kind, bare, about))
    expect(text).toContain("It is no certificate")
    expect(text).not.toMatch(/\b(?:compliant|certified|guarantee)/i)
    expect(text).toContain("Acme \\| \\*Sons\\*")
  })
})

describe("no claim that the data does not show", () => {
  it.each([
    ["an empty log", bare, "gdpr", "Art. 5(2)", "not_shown"],
    [
      "a log without checkpoints",
      { ...whole, audit: { ...whole.audit, checkpoints: 0 } },
      "soc2",
      "CC7.3",
      "partly",
    ],
    ["prompts in full", { ...whole, redaction: "full" }, "iso27001", "A.8.11", "not_shown"],
    [
      "keys without an end",
      { ...whole, keys: { ...whole.keys, without_expiry: 1 } },
      "gdpr",
      "Art. 32",
      "partly",
    ],
    [
      "an unsealed secret",
      { ...whole, secrets: { ...whole.secrets, sealed: 3 } },
      "iso27001",
      "A.8.24",
      "partly",
    ],
    [
      "a password in another form",
      { ...whole, passwords: { kept: 9, hashed: 8 } },
      "gdpr",
      "Art. 32",
      "partly",
    ],
    [
      "an erasure that is not done",
      { ...whole, erasures: { done: 0, open: 1, longest_days: null } },
      "gdpr",
      "Art. 17",
      "not_shown",
    ],
    ["no budgets", { ...whole, budgets: { total: 0, hard: 0 } }, "iso27001", "A.8.6", "not_shown"],
    ["nothing limited", bare, "gdpr", "Art. 5(1)(e)", "partly"],
    ["no review", bare, "soc2", "CC8.1", "not_shown"],
    [
      "admins all over",
      { ...whole, members: { ...whole.members, roles: { admin: 6, editor: 3, viewer: 0, executor: 0 } } },
      "iso27001",
      "A.8.2",
      "not_shown",
    ],
  ] as const)("[EV2] %s", (_, facts, kind, id, state) => {
    expect(of(facts, kind, id).state).toBe(state)
  })
})

describe("the text that is signed", () => {
  it("[EV4] is the same whatever the order of names", () => {
    expect(canonical({ b: [1, { d: null, c: "ü\n" }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"ü\\n","d":null}]}',
    )
    const report = filled("soc2", whole, about)
    const turned = Object.fromEntries(Object.entries(report).toReversed())
    expect(canonical(turned)).toBe(canonical(report))
    expect(JSON.parse(canonical(report))).toEqual(report)
  })
})
