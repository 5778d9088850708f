import type { Quota } from "#core/contract/quotas"
import type { QuotaName } from "#core/governor/quota"
import type { MeterRow, MeterTone } from "#web/ui/meter.tsx"

/** What quotas are called on pages. */
export const quotaWords: Record<QuotaName, string> = {
  flows: "Flows",
  storage_bytes: "Data",
  executions_per_day: "Executions today",
  tokens_per_day: "Tokens of models today",
  concurrent_executions: "Executions at once",
}

const sizes = [
  ["byte", 1],
  ["kilobyte", 1e3],
  ["megabyte", 1e6],
  ["gigabyte", 1e9],
  ["terabyte", 1e12],
] as const

function sayAmount(name: QuotaName, amount: number): string {
  if (name !== "storage_bytes") return amount.toLocaleString("en")
  const [unit, size] = sizes.findLast(([, one]) => amount >= one) ?? sizes[0]
  return new Intl.NumberFormat("en", { style: "unit", unit, maximumFractionDigits: 1 }).format(amount / size)
}

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
