import { runInDurableObject } from "cloudflare:test"
import { vi } from "vitest"
import { adminApi } from "#core/contract/admin"
import { privacyApi } from "#core/contract/privacy"
import type { TenantId } from "#core/ids"
import { ask, call } from "./api.ts"
import { databaseOf, dump } from "./dump.ts"
import { testEnv, type TestTenant } from "./tenants.ts"

const deletionReason = "The contract ended in August"

/** Has a tenant deleted by a platform admin, whatever comes of it. */
export const askDeletion = (operator: TestTenant, of: Pick<TestTenant, "id" | "slug">, confirm = of.slug) =>
  ask(adminApi.updateTenant, {
    token: operator.token,
    params: { tenant_id: of.id },
    body: { status: "deleted", reason: deletionReason, confirm },
  })

export async function deleteTenant(operator: TestTenant, of: Pick<TestTenant, "id" | "slug">): Promise<void> {
  const { status, text } = await askDeletion(operator, of)
  if (status !== 200) throw new Error(`deleting answered ${status}: ${text}`)
}

export const restoreTenant = (operator: TestTenant, of: Pick<TestTenant, "id">) =>
  ask(adminApi.updateTenant, {
    token: operator.token,
    params: { tenant_id: of.id },
    body: { status: "active", reason: "It was a misunderstanding" },
  })

/** Lifts what a test's world holds. */
export async function liftHolds(token: string): Promise<void> {
  const { holds } = await call(privacyApi.holds, { token })
  for (const { id } of holds) await call(privacyApi.lift, { token, params: { hold_id: id } })
}

/** What a tenant's database holds once nothing more is on its way into it. */
export async function settled(id: TenantId): ReturnType<typeof dump> {
  let last = await dump(await databaseOf(id))
  for (let same = 0; same < 3;) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    const now = await dump(await databaseOf(id))
    same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
    last = now
  }
  return last
}

/** As if a tenant had been deleted so many days ago. */
export async function deletedAgo(id: TenantId, days: number): Promise<void> {
  const at = new Date(Date.now() - days * 86_400_000).toISOString()
  await testEnv.CONTROL_DB.prepare("update tenants set status_at = ? where id = ?").bind(at, id).run()
}

let rounds = 0

/** Lets a tenant's clock go its next round. */
export async function clockRound(id: TenantId): Promise<void> {
  const clocks = testEnv.CLOCK as unknown as DurableObjectNamespace
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 360_000 * ++rounds })
  try {
    await runInDurableObject(clocks.get(clocks.idFromName(id)), (object) =>
      (object as unknown as { alarm(): Promise<void> }).alarm(),
    )
  } finally {
    vi.useRealTimers()
  }
}
