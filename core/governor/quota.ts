/** What a tenant may have, or do in a day (UTC), altogether. */
export const quotaNames = [
  "flows",
  "storage_bytes",
  "executions_per_day",
  "tokens_per_day",
  "concurrent_executions",
  "waiting_executions",
] as const
export type QuotaName = (typeof quotaNames)[number]

/** By name; null where there is no limit. */
export type Quotas = Record<QuotaName, number | null>

/** What holds where neither the installation nor its operator says otherwise (product.md §2). */
export const usualQuotas: Quotas = {
  flows: 100,
  storage_bytes: 10_000_000_000,
  executions_per_day: 1_000,
  tokens_per_day: null,
  concurrent_executions: 100,
  waiting_executions: 1_000,
}

/** The most that is handed out ahead at once. */
const mostAhead = 64
/** Of what is free so many parts are left for others; so near a limit units are handed out one by one. */
const parts = 16

/**
 * How many of `free` units somebody is given who needs some now: those and some ahead, so that most do not have to ask. Never more than
 * are free; 0 when none is.
 */
export function portion(free: number, needed: number): number {
  if (free <= 0) return 0
  const ahead = Math.min(mostAhead, Math.floor(Math.max(0, free - needed) / parts))
  return Math.min(free, needed + ahead)
}

/** A quota that refuses: what a caller is told of it. */
export type QuotaRefusal = {
  quota: QuotaName
  limit: number
  used: number
  /** When it begins anew, in ms since 1970; undefined where only room helps. */
  resets: number | undefined
}

const words: Record<QuotaName, { of: (limit: string) => string; help: string }> = {
  flows: {
    of: (limit) => `at most ${limit} flows`,
    help: "Delete some, or ask the operator of this installation for more.",
  },
  storage_bytes: {
    of: (limit) => `at most ${limit} bytes of data`,
    help: "Delete executions, or ask the operator of this installation for more.",
  },
  executions_per_day: {
    of: (limit) => `at most ${limit} executions a day`,
    help: "Wait until the day is over (UTC), or ask the operator of this installation for more.",
  },
  tokens_per_day: {
    of: (limit) => `at most ${limit} tokens of models a day`,
    help: "Wait until the day is over (UTC), ask for fewer tokens (max_tokens), or ask the operator of this installation for more.",
  },
  concurrent_executions: {
    of: (limit) => `at most ${limit} executions under way at once`,
    help: "Try again when one of them has ended.",
  },
  waiting_executions: {
    of: (limit) => `at most ${limit} executions that wait until others have ended`,
    help: "Try again later, or ask the operator of this installation for more.",
  },
}

/** A refusal in words that say what to do. */
export function quotaWords({ quota, limit, used }: QuotaRefusal): string {
  const { of, help } = words[quota]
  return `This tenant may have ${of(limit.toLocaleString("en"))}; ${used.toLocaleString("en")} are used. ${help}`
}

/** What goes with a refusal to whoever asked: words, when to try again, and the members of the problem document. */
export function quotaDetail(refusal: QuotaRefusal, now: number) {
  const { quota, limit, used, resets } = refusal
  return {
    detail: quotaWords(refusal),
    ...(resets === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil((resets - now) / 1_000)) }),
    more: {
      quota,
      limit,
      used,
      resets_at: resets === undefined ? null : new Date(resets).toISOString(),
    },
  }
}
