import { FlowDraft } from "#core/contract/flows"
import { Failure } from "#core/errors"
import type { TenantId, UserId } from "#core/ids"
import { templates } from "#core/flow/templates"
import { audit } from "#worker/audit/record"
import * as admin from "#worker/db/admin"
import { sealingOf } from "#worker/audit/sealing"
import { isoTime, type Ctx, type PublicCtx } from "#worker/context"
import { commit, type Db } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import * as providers from "#worker/db/llm-providers"
import * as identities from "#worker/db/identities"
import * as members from "#worker/db/members"
import * as sessions from "#worker/db/sessions"
import { claimedSlots } from "#worker/db/slots"
import { controlDb, slotNames, tenantDb } from "#worker/db/tenant"
import type { Env, Settings } from "#worker/env"
import { forgetAllSessions } from "#worker/services/auth/live"
import { hashPassword } from "#worker/services/auth/password"
import { register } from "#worker/services/auth/register"
import { createFlow } from "#worker/services/flows/create"
import { withExamples } from "#worker/services/flow-parts/examples"
import { publishFlow } from "#worker/services/flows/publish"
import { updateProvider } from "#worker/services/providers/update"
import { wakeClock } from "#worker/services/triggers/clock"
import { seedChat } from "./seed-chat.ts"
import { seedCrews } from "./seed-crews.ts"
import { seedTrigger } from "./seed-triggers.ts"

const demo = { email: "demo@edgecrew.local", name: "Demo", tenant_name: "Demo", tenant_slug: "demo" }

type Wanted = {
  seed: boolean
  demo_password: string
  reset_password: boolean
  /** Whoever administers the installation while nobody does. */
  platform_admin?: UserId | undefined
}

/**
 * Brings every database up to date and, if wanted, makes a demo tenant with the example agents, crews and flows, and a chat with a crew. Repeating it changes nothing but
 * what is missing, and the demo password when asked to.
 */
export async function prepareInstallation(
  env: Env,
  settings: Settings,
  asked: Pick<PublicCtx, "requestId" | "now" | "chance">,
  wanted: Wanted,
) {
  const control = await controlDb(env)
  const sealing = sealingOf(env, (work) => void work)
  for (const { id, slot, status } of await claimedSlots(control)) {
    if (status !== "erasing") await tenantDb(env, slot)
    // What an older version wrote is sealed now.
    sealing.written(id)
    await wakeClock(env, { id, slot })
  }
  const ctx: PublicCtx = {
    ...asked,
    control: async () => control,
    after: () => {},
    sealing,
    client: { address: "setup", userAgent: "setup" },
  }
  const known = await identities.tenantBySlug(control, demo.tenant_slug)
  if (wanted.platform_admin !== undefined) {
    await commit({ db: control }, undefined, admin.firstPlatformAdmin(control, wanted.platform_admin))
    forgetAllSessions()
  }
  // One that was deleted is not made anew: its address is its own until it is erased.
  const isWanted = wanted.seed && !(await identities.isSlugTaken(control, demo.tenant_slug))
  if (!known && !isWanted) return { seeded: false, user: demo.email, password_set: false }
  if (!known) {
    await register(ctx, settings, slotNames(env), { ...demo, password: wanted.demo_password })
  } else if (wanted.reset_password) {
    await resetPassword(ctx, control, settings, known.id, wanted.demo_password)
  }
  const { id } = await seedExamples(env, ctx, settings, control)
  await commit({ db: control }, undefined, admin.firstPlatformAdmin(control, id))
  return { seeded: true, user: demo.email, password_set: !known || wanted.reset_password }
}

async function demoAdmin(
  env: Env,
  ctx: PublicCtx,
  control: Db,
): Promise<Ctx & { actor: { is: "user"; id: UserId } }> {
  const tenant = await identities.tenantBySlug(control, demo.tenant_slug)
  const identity = tenant && (await members.one(control, tenant.id, { email: demo.email }))
  if (!tenant || !identity) throw new Failure("internal")
  return {
    ...ctx,
    tenant: { id: tenant.id, slot: tenant.slot },
    actor: { is: "user", id: identity.id, role: "admin" },
    db: await tenantDb(env, tenant.slot),
  }
}

/** Only into a tenant that never had a flow: what its people deleted stays deleted. */
async function seedExamples(
  env: Env,
  base: PublicCtx,
  settings: Settings,
  control: Db,
): Promise<{ id: UserId }> {
  const ctx = await demoAdmin(env, base, control)
  await seedCrews(ctx)
  if (!(await flows.hasAny(ctx.db))) await seedFlows(env, ctx, settings)
  await seedChat(env, ctx)
  return { id: ctx.actor.id }
}

async function seedFlows(env: Env, ctx: Ctx, settings: Settings): Promise<void> {
  await slowDown(ctx, settings)
  // The list shows the newest first, so the first example is the last to be made.
  for (const [age, template] of templates.entries()) {
    const then = { ...ctx, now: ctx.now - age }
    const made = await createFlow(env, then, await withExamples(env, then, FlowDraft.parse(template.flow)))
    await publishFlow(then, made.flow.id, undefined, "The example as it comes")
    await seedTrigger(env, then, settings, template, made.flow.id)
  }
}

/** The demo's model answers at a reader's pace, so that one sees what streaming is; every other tenant's answers at once. */
async function slowDown(ctx: Ctx, settings: Settings): Promise<void> {
  const provider = await providers.theDefault(ctx.db)
  if (provider?.provider_type !== "builtin") return
  const { name, is_active } = provider
  await updateProvider(ctx, settings, provider.id, provider.version, {
    name,
    is_active,
    config: { pace_ms: demoPaceMs },
  })
}

const demoPaceMs = 40

async function resetPassword(
  ctx: PublicCtx,
  control: Db,
  settings: Settings,
  tenant: TenantId,
  password: string,
): Promise<void> {
  const identity = await members.one(control, tenant, { email: demo.email })
  if (!identity) return
  const at = isoTime(ctx.now)
  await commit(
    { db: control },
    undefined,
    identities.update(control, identity.id, {
      password_hash: await hashPassword(settings.PEPPER, password, ctx.chance),
      updated_at: at,
    }),
    audit({ ...ctx, actor: { is: "system" }, tenant: { id: tenant } }, "user.password", {
      target: identity.id,
    }),
    sessions.endAll(control, identity.id, at, "password_reset"),
  )
  forgetAllSessions()
}
