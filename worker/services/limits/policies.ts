import type { Actor } from "#core/access/roles"
import type { RatePolicy } from "#core/governor/gcra"
import type { Settings } from "#worker/env"

/** A limit of somebody's: by whose key it is counted, and what it is. */
export type RateLimit = { key: string; policy: RatePolicy }

/** In the measure of an installation of one machine; QUOTAS sets others, and 0 switches a limit off. */
const usual = {
  tenant_requests_per_second: 1_000,
  user_requests_per_second: 500,
  key_requests_per_second: 1_000,
  /** A limit's whole window may come at once. */
  rate_window_seconds: 10,
}

/** What a caller's requests count against: the tenant's limit, and the person's or the key's own. */
export function limitsOf({ QUOTAS }: Pick<Settings, "QUOTAS">, actor: Actor): RateLimit[] {
  const quota = (name: keyof typeof usual): number => QUOTAS[name] ?? usual[name]
  const seconds = Math.max(1, quota("rate_window_seconds"))
  const limit = (name: string, key: string, perSecond: number): RateLimit[] =>
    perSecond <= 0
      ? []
      : [
          {
            key,
            policy: { name, limit: Math.max(1, Math.floor(perSecond * seconds)), window_ms: seconds * 1_000 },
          },
        ]
  return [
    ...(actor.is === "user" ? limit("user", actor.id, quota("user_requests_per_second")) : []),
    ...(actor.is === "api_key" ? limit("key", actor.id, quota("key_requests_per_second")) : []),
    ...limit("tenant", "tenant", quota("tenant_requests_per_second")),
  ]
}
