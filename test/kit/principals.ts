import { allCapabilities } from "#core/access/capabilities"
import { can, type Actor, type Role } from "#core/access/roles"
import { adminApi } from "#core/contract/admin"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import type { Endpoint } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { membersApi } from "#core/contract/members"
import { widgetApi } from "#core/contract/widget"
import { ApiKeyId, UserId } from "#core/ids"
import { forgetAllSessions } from "#worker/services/auth/live"
import { forgetStanding } from "#worker/services/tenants/standing"
import { signAccessToken } from "#worker/services/auth/access-token"
import { settingsOf } from "#worker/env"
import { ask, call } from "./api.ts"
import { deleteTenant } from "./deletion.ts"
import {
  makePlatformAdmin,
  newKey,
  newMember,
  newTenant,
  testEnv,
  unique,
  type TestTenant,
} from "./tenants.ts"
import { flowDraft } from "./world.ts"

/** What a route says to somebody before it looks at what is asked. */
export type Verdict = "open" | "unknown" | "forbidden"

/** Somebody who asks, and what every route must answer: told by the contract and the table of roles alone, never by the Worker. */
export type Principal = {
  name: string
  token: string | undefined
  headers?: Record<string, string>
  verdict: (endpoint: Endpoint) => Verdict
}

const isPublic = ({ needs }: Endpoint): boolean => needs === "public"
const widgetOnly = new Set(Object.values(widgetApi) as Endpoint[])

/** Nobody that is known: refused everywhere but at what is anybody's, where a token is not looked at. */
const nobody = (endpoint: Endpoint): Verdict => (isPublic(endpoint) ? "open" : "unknown")

/** The same rights in a tenant that may only be read. */
const reading =
  (rules: Principal["verdict"]): Principal["verdict"] =>
  (endpoint) => {
    const { method, needs, reads } = endpoint
    const isOpen = method === "GET" || reads || needs === "session" || needs === "public"
    return isOpen ? rules(endpoint) : "forbidden"
  }

/** Whoever the rules of the contract let in. */
function byRules(actor: Actor, { isPlatformAdmin = false } = {}): Principal["verdict"] {
  return (endpoint) => {
    const { needs, support } = endpoint
    if (needs === "public") return "open"
    const isOwn = needs === "session" || needs === "member" || needs === "platform"
    if (actor.is === "user" && actor.support && (isOwn ? support !== "allowed" : support === "withheld"))
      return "forbidden"
    if (needs === "member") return "open"
    if (needs === "session") return actor.is === "user" ? "open" : "forbidden"
    if (needs === "platform") return isPlatformAdmin ? "open" : "forbidden"
    return can(actor, needs) ? "open" : "forbidden"
  }
}

const user = (role: Role, support?: { by: UserId; writes: boolean }): Actor => ({
  is: "user",
  id: UserId.parse("user_01JD0000000000000000000000"),
  role,
  ...(support ? { support } : {}),
})
const key = (scopes: Extract<Actor, { is: "api_key" }>["scopes"], role: Role = "admin"): Actor => ({
  is: "api_key",
  id: ApiKeyId.parse("key_01JD0000000000000000000000"),
  role,
  scopes,
})

async function keyOf(token: string, more: object): Promise<{ id: string; secret: string }> {
  const made = await call(apiKeysApi.create, {
    token,
    body: { name: unique("key"), scopes: ["flow.read", "flow.edit"], ...more } as never,
  })
  return { id: made.api_key.id, secret: made.secret }
}

const inControl = (statement: string, ...values: unknown[]) =>
  testEnv.CONTROL_DB.prepare(statement)
    .bind(...values)
    .run()

/** Those whom a tenant knows, each with the rights that they have. */
async function members(tenant: TestTenant): Promise<Principal[]> {
  const roles = await Promise.all(
    (["editor", "viewer", "executor"] as const).map(async (role) => ({
      name: `a ${role}`,
      token: (await newMember(tenant, role)).token,
      verdict: byRules(user(role)),
    })),
  )
  const everyScope = await newKey(tenant, ...allCapabilities)
  const readsFlows = await newKey(tenant, "flow.read")
  const starts = await newKey(tenant, "execution.start", "execution.read")
  const owner = await newMember(tenant, "admin")
  const shrunk = await keyOf(owner.token, {})
  await inControl("update memberships set role = 'viewer' where identity_id = ?", owner.user)
  return [
    { name: "an admin", token: tenant.token, verdict: byRules(user("admin")) },
    ...roles,
    { name: "a key with every scope", token: everyScope, verdict: byRules(key([...allCapabilities])) },
    { name: "a key that reads flows", token: readsFlows, verdict: byRules(key(["flow.read"])) },
    {
      name: "a key that starts executions",
      token: starts,
      verdict: byRules(key(["execution.start", "execution.read"])),
    },
    {
      name: "a key whose owner is a viewer now",
      token: shrunk.secret,
      verdict: byRules(key(["flow.read", "flow.edit"], "viewer")),
    },
  ]
}

type Operator = TestTenant

/** A token of the operator's in the name of a tenant's new admin. */
async function inNameOf(operator: Operator, tenant: TestTenant, may_write = false) {
  const { user: user_id } = await newMember(tenant, "admin")
  const body = { user_id, tenant_id: tenant.id, reason: "Ticket 4711: it does not start", may_write }
  const made = await call(adminApi.impersonate, { token: operator.token, body })
  return { id: made.impersonation.id, token: made.access_token }
}

/** The installation's own people, in their own name and in somebody else's. */
async function platform(operator: Operator, tenant: TestTenant): Promise<Principal[]> {
  await inControl("update tenants set support_access = 'write' where id = ?", tenant.id)
  const by = operator.user
  return [
    {
      name: "a platform admin",
      token: operator.token,
      verdict: byRules(user("admin"), { isPlatformAdmin: true }),
    },
    {
      name: "support that looks on",
      token: (await inNameOf(operator, tenant)).token,
      verdict: byRules(user("admin", { by, writes: false })),
    },
    {
      name: "support that may change things",
      token: (await inNameOf(operator, tenant, true)).token,
      verdict: byRules(user("admin", { by, writes: true })),
    },
  ]
}

/** Another site's page: where it stands, the key in its source and the token of somebody who looks at it. */
export async function newSite(tenant: TestTenant) {
  const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
  await call(flowsApi.publish, { token: tenant.token, params: { flow_id: flow.id } })
  const site = { origin: "https://shop.example" }
  const { secret } = await keyOf(tenant.token, {
    scopes: ["chat.write"],
    restrictions: { flow_id: flow.id, origins: [site.origin] },
  })
  const { token } = (await ask(widgetApi.begin, { token: secret, body: {}, headers: site })).body as {
    token: string
  }
  return { site, secret, token }
}

/** Keys and tokens that stand in a site's source. */
async function visitors(tenant: TestTenant): Promise<Principal[]> {
  const { site, secret, token } = await newSite(tenant)
  const within = (endpoint: Endpoint): Verdict =>
    isPublic(endpoint) ? "open" : widgetOnly.has(endpoint) ? "open" : "forbidden"
  return [
    { name: "a site's key", token: secret, headers: site, verdict: within },
    { name: "a site's visitor", token, headers: site, verdict: within },
    {
      name: "a visitor from another site",
      token,
      headers: { origin: "https://evil.example" },
      verdict: (one) => (isPublic(one) ? "open" : "forbidden"),
    },
  ]
}

type Named = [name: string, token: string | undefined]

/** Those whose tenant, membership or errand was taken from them, by the product's own verbs. */
async function formerly(
  operator: Operator,
  tenant: TestTenant,
): Promise<{ gone: Named[]; closed: Principal[] }> {
  const suspended = await newTenant("gone")
  const employee = await newMember(suspended, "editor")
  const itsKey = await newKey(suspended, ...allCapabilities)
  const itsSupport = await inNameOf(operator, suspended)
  await call(adminApi.updateTenant, {
    token: operator.token,
    params: { tenant_id: suspended.id },
    body: { status: "suspended", reason: "Has not paid for a year" },
  })
  forgetStanding(suspended.id)
  const closed: Principal[] = [
    {
      name: "an admin of a suspended tenant",
      token: suspended.token,
      verdict: reading(byRules(user("admin"))),
    },
    {
      name: "an editor of a suspended tenant",
      token: employee.token,
      verdict: reading(byRules(user("editor"))),
    },
    {
      name: "a key of a suspended tenant",
      token: itsKey,
      verdict: reading(byRules(key([...allCapabilities]))),
    },
    {
      name: "support in a suspended tenant",
      token: itsSupport.token,
      verdict: reading(byRules(user("admin", { by: operator.user, writes: false }))),
    },
  ]
  const deleted = await newTenant("left")
  const keyOfDeleted = await newKey(deleted, ...allCapabilities)
  await deleteTenant(operator, deleted)
  const disabled = await newMember(tenant, "admin")
  const theirKey = await keyOf(disabled.token, {})
  await call(membersApi.update, {
    token: tenant.token,
    params: { user_id: disabled.user },
    body: { status: "disabled" },
  })
  const removed = await newMember(tenant, "admin")
  const keyOfRemoved = await keyOf(removed.token, {})
  await call(membersApi.remove, { token: tenant.token, params: { user_id: removed.user } })
  const ended = await inNameOf(operator, tenant)
  const past = "2020-01-01T00:00:00.000Z"
  await inControl("update impersonations set expires_at = ? where id = ?", past, ended.id)
  await inControl(
    "update sessions set expires_at = ? where id = (select session_id from impersonations where id = ?)",
    past,
    ended.id,
  )
  const gone: Named[] = [
    ["an admin of a deleted tenant", deleted.token],
    ["a key of a deleted tenant", keyOfDeleted],
    ["a member who was disabled", disabled.token],
    ["a key of a member who was disabled", theirKey.secret],
    ["a member who was removed", removed.token],
    ["a key of a member who was removed", keyOfRemoved.secret],
    ["support whose time is over", ended.token],
  ]
  return { gone, closed }
}

/** Those who were somebody, or never anybody. */
async function strangers(operator: Operator, tenant: TestTenant): Promise<Principal[]> {
  const leaver = await newMember(tenant, "admin")
  await call(authApi.logout, { token: leaver.token })
  const revoked = await keyOf(tenant.token, {})
  await call(apiKeysApi.remove, { token: tenant.token, params: { key_id: revoked.id } })
  const late = await keyOf(tenant.token, {})
  await inControl("update api_keys set expires_at = '2020-01-01T00:00:00.000Z' where id = ?", late.id)
  const former = await formerly(operator, tenant)
  forgetAllSessions()
  const { ticket } = await call(authApi.ticket, {
    token: tenant.token,
    body: { resource: "/api/v1/auth/me" },
  })
  const claims = JSON.parse(
    atob(tenant.token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/")),
  ) as never
  const expired = await signAccessToken(settingsOf(testEnv).SIGNING_KEY, claims, Date.now() - 700_000)
  const all: Named[] = [
    ["nobody", undefined],
    ["a token that is none", "x"],
    ["a session that was ended", leaver.token],
    ...former.gone,
    ["an access token that expired", expired],
    ["a refresh token", tenant.refresh],
    ["a ticket", ticket],
    ["a key that was revoked", revoked.secret],
    ["a key that expired", late.secret],
    ["a key that never was", `eck_${"A".repeat(43)}`],
  ]
  return [...all.map(([name, token]) => ({ name, token, verdict: nobody })), ...former.closed]
}

/** Everybody who may knock, one of each kind. */
export async function principalsOf(tenant: TestTenant): Promise<Principal[]> {
  const other = await newTenant("globex")
  const operator = await newTenant("operator")
  await makePlatformAdmin(operator)
  return [
    ...(await members(tenant)),
    ...(await platform(operator, tenant)),
    ...(await visitors(tenant)),
    { name: "another tenant's admin", token: other.token, verdict: byRules(user("admin")) },
    ...(await strangers(operator, tenant)),
  ]
}
