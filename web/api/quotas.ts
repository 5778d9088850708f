import type { Quota } from "#core/contract/quotas"
import type { QuotaName } from "#core/governor/quota"
import type { MeterRow, MeterTone } from "#web/ui/meter.tsx"
import { saySize } from "#web/ui/say-bytes.ts"

/** What quotas are called beside what is used of them. */
export const quotaWords: Record<QuotaName, string> = {
  flows: "Flows",
  storage_bytes: "Data",
  executions_per_day: "Executions today",
  tokens_per_day: "Tokens of models today",
  concurrent_executions: "Executions at once",
  waiting_executions: "Executions that wait for others",
}

const sayAmount = (name: QuotaName, amount: number): string =>
  name === "storage_bytes" ? saySize(amount) : amount.toLocaleString("en")

const toneOf = (share: number): MeterTone => (share >= 1 ? "full" : share >= 0.8 ? "near" : "calm")

/** A quota as it is shown: what is used, what is left, and when it begins anew. */
export function quotaRow({ name, limit, used, resets_at }: Quota): MeterRow {
  const said = { id: name, name: quotaWords[name] }
  if (used === null) {
    const note = "How much is used cannot be told just now."
    return { ...said, used: limit === null ? "No limit" : `of ${sayAmount(name, limit)}`, note, meter: null }
  }
  if (limit === null) return { ...said, used: sayAmount(name, used), note: "No limit", meter: null }
  const share = limit === 0 ? 1 : used / limit
  const left = Math.max(0, limit - used)
  const anew = resets_at === null ? "" : ", anew at midnight (UTC)"
  return {
    ...said,
    used: `${sayAmount(name, used)} of ${sayAmount(name, limit)}`,
    note: left === 0 ? `Nothing left${anew}` : `${sayAmount(name, left)} left${anew}`,
    meter: { share, tone: toneOf(share) },
  }
}
