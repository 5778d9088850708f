import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import type { Capability } from "#core/access/capabilities"
import type { Role } from "#core/access/roles"
import type { TenantId, UserId } from "#core/ids"
import { controlDb } from "#worker/db/tenant"
import { identities, memberships } from "#worker/db/schema/control"
import { forgetAllSessions } from "#worker/services/auth/live"
import { env } from "cloudflare:workers"
import { eq } from "drizzle-orm"
import type { Env } from "#worker/env"
import { hashPassword } from "#worker/services/auth/password"
import { settingsOf } from "#worker/env"
import { isoTime, randomBytes } from "#worker/context"
import { newId } from "#core/ids"
import type { Site } from "#worker/services/triggers/fire"
import { siteOf } from "#worker/services/triggers/site"
import { call } from "./api.ts"

export const password = "violet-harbour-kite-77"

export type Person = { email: string; token: string; refresh: string }
export type TestTenant = Person & { id: TenantId; user: UserId; slug: string }

export const testEnv = env as unknown as Env

let count = 0
/** A name that no other test of the file has. */
export const unique = (stem: string): string => `${stem}-${(++count).toString(36)}`

/** A new tenant with its first admin. */
export async function newTenant(stem = "acme"): Promise<TestTenant> {
  const slug = unique(stem)
  const email = `${slug}@example.com`
  const made = await call(authApi.register, {
    body: { email, password, tenant_name: `The ${slug} company`, tenant_slug: slug },
  })
  return {
    id: made.tenant_id,
    user: made.user_id,
    slug,
    email,
    token: made.access_token,
    refresh: made.refresh_token,
  }
}

let hash: Promise<string> | undefined
/** Made once: members put in by hand all have the one password, and a hash is slow on purpose. */
const passwordHash = (): Promise<string> =>
  (hash ??= hashPassword(settingsOf(testEnv).PEPPER, password, randomBytes))

/** A further member of a tenant, who signs in as somebody with that role. Put in by hand, without an invitation. */
export async function newMember(tenant: TestTenant, role: Role): Promise<Person & { user: UserId }> {
  const control = await controlDb(testEnv)
  const user = newId<UserId>("user", Date.now(), randomBytes)
  const email = `${unique(role)}@example.com`
  const at = isoTime(Date.now())
  await control.insert(identities).values({
    id: user,
    email,
    name: role,
    password_hash: await passwordHash(),
    preferences: {},
    created_at: at,
    updated_at: at,
  })
  await control.insert(memberships).values({ identity_id: user, tenant_id: tenant.id, role, created_at: at })
  const { access_token, refresh_token } = await call(authApi.login, { body: { email, password } })
  return { user, email, token: access_token, refresh: refresh_token }
}

/** A tenant with the name of its database, as objects know it. */
export async function refOf({ id }: Pick<TestTenant, "id">): Promise<Site["tenant"]> {
  const row = await testEnv.CONTROL_DB.prepare("select slot from tenants where id = ?")
    .bind(id)
    .first<{ slot: string }>()
  return { id, slot: row!.slot }
}

/** What a tenant's clock acts with. */
export const siteIn = async (tenant: Pick<TestTenant, "id">): Promise<Site> =>
  siteOf(testEnv, await refOf(tenant))

/** Makes a tenant's first admin a platform admin, as the installer does. */
export async function makePlatformAdmin({ user }: Pick<TestTenant, "user">): Promise<void> {
  const control = await controlDb(testEnv)
  await control.update(identities).set({ is_platform_admin: true }).where(eq(identities.id, user))
  forgetAllSessions()
}

/** An API key of a tenant, as the secret to send. */
export async function newKey(tenant: TestTenant, ...scopes: Capability[]): Promise<string> {
  const { secret } = await call(apiKeysApi.create, {
    token: tenant.token,
    body: { name: unique("key"), scopes },
  })
  return secret
}
