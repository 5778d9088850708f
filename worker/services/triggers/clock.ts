import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { clockStub } from "#worker/stubs"

type Tenant = Pick<Ctx["tenant"], "id" | "slot">

/** Sees to it that a tenant's clock ticks. Before a schedule is written: should we die behind that, the clock finds it itself. */
export const wakeClock = (env: Env, { id, slot }: Tenant): Promise<void> =>
  clockStub(env, id).wake({ id, slot })

/** Tells the clock that schedules have changed. It was woken, so it would read them anyhow, a few seconds later. */
export async function syncClock(env: Env, { id, slot }: Tenant): Promise<void> {
  try {
    await clockStub(env, id).sync({ id, slot })
  } catch (error) {
    console.warn(JSON.stringify({ level: "warn", event: "clock.sync_failed", error: String(error) }))
  }
}
