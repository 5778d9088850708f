import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { apiBase } from "#core/contract/endpoint"
import { authApi } from "#core/contract/auth"
import { ask } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newTenant, password } from "#test/kit/tenants"

it("a repeated request leaves nothing from which its password could be guessed without the pepper", async () => {
  const acme = await newTenant()
  const body = { current_password: password, new_password: "cobalt-fern-lantern-12" }
  const headers = { "idempotency-key": "once" }
  expect((await ask(authApi.password, { token: acme.token, body, headers })).status).toBe(204)

  const claims = (await dump(await databaseOf(acme.id)))["idempotency_claims"]!
  expect(claims).toHaveLength(1)
  const guess = `${apiBase}${authApi.password.path} ${JSON.stringify(body)}`
  expect(claims[0]!["fingerprint"]).toMatch(/^[\w-]{43}$/)
  expect(claims[0]!["fingerprint"]).not.toBe(createHash("sha256").update(guess).digest("base64url"))

  const other = { ...body, new_password: "cobalt-fern-lantern-13" }
  expect((await ask(authApi.password, { token: acme.token, body: other, headers })).status).toBe(422)
})
