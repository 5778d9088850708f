import { describe, expect, it } from "vitest"
import type { Quota } from "#core/contract/quotas"
import { quotaRow } from "./quotas.ts"

const quota = (more: Partial<Quota>): Quota => ({
  name: "flows",
  limit: 100,
  used: 42,
  resets_at: null,
  source: "usual",
  ...more,
})

describe("a quota", () => {
  it.each([
    [{}, "42 of 100", "58 left", { share: 0.42, tone: "calm" }],
    [{ used: 80 }, "80 of 100", "20 left", { share: 0.8, tone: "near" }],
    [{ used: 101 }, "101 of 100", "Nothing left", { share: 1.01, tone: "full" }],
    [{ limit: 0, used: 0 }, "0 of 0", "Nothing left", { share: 1, tone: "full" }],
    [{ limit: null }, "42", "No limit", null],
    [{ used: null }, "of 100", "How much is used cannot be told just now.", null],
    [
      { name: "executions_per_day", limit: 1_000, used: 999, resets_at: "2026-11-23T00:00:00.000Z" },
      "999 of 1,000",
      "1 left, anew at midnight (UTC)",
      { share: 0.999, tone: "near" },
    ],
    [
      { name: "storage_bytes", limit: 10_000_000_000, used: 2_500_000 },
      "2.5 MB of 10 GB",
      "10 GB left",
      { share: 0.00025, tone: "calm" },
    ],
  ] as const)("%j is said as %s", (more, used, note, meter) => {
    expect(quotaRow(quota(more))).toMatchObject({ used, note, meter })
  })
})
