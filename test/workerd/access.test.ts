import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { allCapabilities, type Capability } from "#core/access/capabilities"
import { grants, Role } from "#core/access/roles"
import type { Endpoint } from "#core/contract/endpoint"
import { allEndpoints } from "#core/contract/all"
import { ask, fetchText, addressOf, problemOf } from "#test/kit/api"
import { newKey, newMember, newTenant, testEnv, type TestTenant } from "#test/kit/tenants"
import { guarded, nameOf, nowhere } from "#test/kit/world"

const isCapability = (needs: string): needs is Capability => allCapabilities.some((one) => one === needs)

/** A body that no route takes: who may call is told so, who may not is not. */
const refusedBody = { no_such_field: 1 }

const probe = (endpoint: Endpoint, token: string) =>
  ask(endpoint, {
    token,
    params: nowhere,
    ...(endpoint.method === "GET" || endpoint.method === "DELETE" ? {} : { body: refusedBody }),
  })

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

afterEach(() => {
  vi.useRealTimers()
})

describe("who may call what", () => {
  it("[A41] only these routes are public", () => {
    expect(allEndpoints.filter(({ needs }) => needs === "public").map(nameOf)).toEqual([
      "POST /auth/register",
      "POST /auth/login",
      "POST /auth/refresh",
      "POST /auth/reset-request",
      "POST /auth/reset",
      "POST /auth/invitation",
      "POST /auth/accept-invite",
      "POST /auth/sso/start",
      "POST /auth/sso/finish",
      "GET /shared-chats/:token",
      "GET /approvals/by-link/:token",
      "POST /approvals/by-link/:token",
      "POST /executions/:execution_id/callbacks/:token",
      "GET /forms/:token",
      "POST /forms/:token",
      "GET /health",
      "GET /openapi.json",
    ])
  })

  it.each(guarded.map((one) => [nameOf(one), one] as const))(
    "[A41] anonymous %s is refused before its body is read",
    async (_, endpoint) => {
      const answered = await ask(endpoint, {
        params: nowhere,
        ...(endpoint.method === "GET" ? {} : { text: "{".repeat(2_000_000) }),
      })
      expect(problemOf(answered)).toEqual({ status: 401, code: "auth.required" })
      expect(answered.headers.get("www-authenticate")).toContain("Bearer")
    },
  )

  it("[A41] no trick in the path or query gets past the door", async () => {
    const tricks = [
      "?/webhooks/github",
      "?ticket=x",
      ";/health",
      "/%2e%2e/auth/me",
      "/..%2fhealth",
      "%2f",
      "//",
      "?/api/v1/health",
    ]
    for (const trick of tricks) {
      const { status } = await fetchText(
        `${addressOf(guarded.find((one) => one.path === "/flows")!)}${trick}`,
      )
      expect([trick, [401, 404].includes(status)]).toEqual([trick, true])
    }
  })

  it.each(Role.options)("[A41] a %s may do what the table of roles says, and nothing else", async (role) => {
    const { token } = role === "admin" ? tenant : await newMember(tenant, role)
    for (const endpoint of guarded) {
      const { status } = await probe(endpoint, token)
      const may = isCapability(endpoint.needs)
        ? grants[role].has(endpoint.needs)
        : endpoint.needs !== "platform"
      expect([nameOf(endpoint), status === 403]).toEqual([nameOf(endpoint), !may])
      expect([nameOf(endpoint), [401, 500].includes(status)]).toEqual([nameOf(endpoint), false])
    }
  })

  it("[A41] an API key may do what its scopes say, and nothing that needs a person", async () => {
    const keys = await Promise.all(
      allCapabilities.map(async (scope) => ({ scope, token: await newKey(tenant, scope) })),
    )
    for (const endpoint of guarded) {
      const allowed = await Promise.all(
        keys.map(async ({ scope, token }) => ((await probe(endpoint, token)).status === 403 ? [] : [scope])),
      )
      const { needs } = endpoint
      const wanted = needs === "member" ? allCapabilities : allCapabilities.filter((scope) => scope === needs)
      expect([nameOf(endpoint), ...allowed.flat()]).toEqual([nameOf(endpoint), ...wanted])
    }
    // Each scope with each route: they take as long as the machine is busy.
  }, 600_000)

  it("[A44] a key's rights shrink with its owner's role", async () => {
    const owner = await newMember(tenant, "admin")
    const token = await newKey({ ...tenant, token: owner.token }, "flow.edit", "flow.read")
    const [edit, read] = [
      guarded.find((one) => nameOf(one) === "POST /flows")!,
      guarded.find((one) => nameOf(one) === "GET /flows")!,
    ]
    expect((await probe(edit, token)).status).toBe(400)
    await testEnv.CONTROL_DB.prepare("update memberships set role = 'viewer' where identity_id = ?")
      .bind(owner.user)
      .run()
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5_001 })
    expect((await probe(edit, token)).status).toBe(403)
    expect((await probe(read, token)).status).toBe(200)
    expect((await probe(edit, owner.token)).status).toBe(403)
  })
})
