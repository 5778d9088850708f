import { afterEach, describe, expect, it, vi } from "vitest"
import { authApi } from "#core/contract/auth"
import { ask, problemOf } from "#test/kit/api"
import { newTenant, password, type TestTenant } from "#test/kit/tenants"

afterEach(() => {
  vi.useRealTimers()
})

const atOnce = <T>(times: number, act: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, i) => act(i)))

const guess = (tenant: TestTenant, i: number) =>
  ask(authApi.login, { body: { email: tenant.email, password: `a-wrong-guess-${i}` } })

describe("guesses that come all at once", () => {
  it("are no more than those that come one by one", async () => {
    const acme = await newTenant()
    const codes = (await atOnce(40, (i) => guess(acme, i))).map((one) => problemOf(one).code)
    expect(codes.filter((code) => code === "auth.bad_credentials")).toHaveLength(11)
    expect(codes.filter((code) => code === "auth.too_many_attempts")).toHaveLength(29)
  })

  it("at a change of the password, too", async () => {
    const acme = await newTenant()
    const answers = await atOnce(30, (i) =>
      ask(authApi.password, {
        token: acme.token,
        body: { current_password: `a-wrong-guess-${i}`, new_password: "cobalt-fern-lantern-12" },
      }),
    )
    expect(answers.filter((one) => problemOf(one).code === "auth.bad_credentials")).toHaveLength(11)
  })
})

describe("an attempt whose password is right", () => {
  it("is forgiven, however it goes on", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const acme = await newTenant()
    const taken = await newTenant()
    for (let i = 0; i < 15; i++) {
      const elsewhere = await ask(authApi.login, {
        body: { email: acme.email, password, tenant_slug: taken.slug },
      })
      expect(problemOf(elsewhere).code).toBe("tenant.not_found")
      const again = await ask(authApi.register, {
        body: { email: acme.email, password, tenant_name: "Taken", tenant_slug: taken.slug },
      })
      expect(problemOf(again).code).toBe("tenant.slug_taken")
      const weak = await ask(authApi.password, {
        token: acme.token,
        body: { current_password: password, new_password: "password1234" },
      })
      expect(problemOf(weak).code).toBe("auth.weak_password")
    }
    expect((await ask(authApi.login, { body: { email: acme.email, password } })).status).toBe(200)
  })
})
