import * as z from "zod"

/**
 * What a tenant is. `suspended`: read only, its executions paused. `deleted`: gone for everybody, and whole until it is erased for good;
 * `erasing`: that has begun, and nothing brings it back.
 */
export const TenantStatus = z.enum(["active", "suspended", "deleted", "erasing"])
export type TenantStatus = z.infer<typeof TenantStatus>

/** What a platform admin may make of a tenant; the end comes by itself. */
export const TenantChange = TenantStatus.exclude(["erasing"])
export type TenantChange = z.infer<typeof TenantChange>

/** So long a deleted tenant can be restored. */
export const restorableDays = 30

const dayMs = 86_400_000

/** When a tenant that was deleted at a time is erased for good; both ISO 8601. */
export const erasedAt = (deletedAt: string): string =>
  new Date(Date.parse(deletedAt) + restorableDays * dayMs).toISOString()

/** Whoever was deleted before this is to be erased now; ms since 1970 in, ISO 8601 out. */
export const dueBefore = (now: number): string => new Date(now - restorableDays * dayMs).toISOString()
