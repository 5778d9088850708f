import type { ClockPorts } from "#durable/clock/ports"
import { controlDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { settingsOf } from "#worker/env"
import { tendKeys } from "#worker/services/secrets/tend"
import { continueErasures } from "#worker/services/privacy/erasing"
import { sweepRetention } from "#worker/services/privacy/sweep"
import { isLeaving, lastRound } from "#worker/services/tenants/round"
import { isHeld } from "#worker/services/tenants/standing"
import { fireScheduled, noteMoved, schedulesOf } from "#worker/services/triggers/scheduled"
import { siteOf } from "#worker/services/triggers/site"
import { sweepTenant } from "#worker/services/triggers/sweep"

/** What a tenant's clock is given: its schedules, a way to fire them, and the sweeper. */
export const clockPorts = (env: Env): ClockPorts => ({
  schedules: async (tenant) => ((await isLeaving(env, tenant)) ? [] : schedulesOf(await siteOf(env, tenant))),
  isHeld: ({ id }) => isHeld({ now: Date.now(), control: () => controlDb(env) }, id),
  fire: async (tenant, trigger, at) => fireScheduled(env, await siteOf(env, tenant), trigger, at),
  moved: async (tenant, trigger, skipped, next) =>
    noteMoved(await siteOf(env, tenant), trigger, skipped, next),
  sweep: async (tenant) => {
    const last = await lastRound(env, tenant)
    if (last !== undefined) return last
    const site = await siteOf(env, tenant)
    site.sealing.written(tenant.id)
    await sweepTenant(env, site)
    await tendKeys(site, settingsOf(env))
    const isErasing = await continueErasures(env, site)
    return (await sweepRetention(env, site)) || isErasing ? "more" : "rest"
  },
  now: () => Date.now(),
})
