import { describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { ask, call } from "#test/kit/api"
import { newTenant, password, unique } from "#test/kit/tenants"

describe("register", () => {
  it("makes a tenant whose first admin may do everything", async () => {
    const acme = await newTenant()
    const me = await call(authApi.me, { token: acme.token })
    expect(me).toMatchObject({
      user: { id: acme.user, email: acme.email, preferences: {} },
      tenant: { id: acme.id, slug: acme.slug },
      role: "admin",
      tenants: [{ id: acme.id, role: "admin" }],
    })
    expect(me.capabilities).toContain("key.edit")
  })
})
