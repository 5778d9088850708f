import { scryptSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { ask } from "#test/kit/api"
import { newTenant, password, testEnv } from "#test/kit/tenants"
import { keyedDigest } from "#worker/digest"
import { argon2 } from "#worker/services/auth/argon2"

const secret = keyedDigest(testEnv.PEPPER, password)
const salt = new Uint8Array(16).fill(7)
const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "")

/** The hash that an installation without WebAssembly would have stored. */
const scrypt = (ln: number, r: number, p: number): string =>
  `$scrypt$ln=${ln},r=${r},p=${p}$${b64(salt)}$${b64(new Uint8Array(scryptSync(secret, salt, 32, { N: 2 ** ln, r, p, maxmem: 2 ** 26 })))}`

async function argon(m: number, t: number): Promise<string> {
  const compute = await argon2()
  const tag = compute!({ password: secret, salt, memorySize: m, passes: t, parallelism: 1, tagLength: 32 })
  return `$argon2id$v=19$m=${m},t=${t},p=1$${b64(salt)}$${b64(tag)}`
}

async function withHash(hash: string) {
  const tenant = await newTenant()
  await testEnv.CONTROL_DB.prepare("update identities set password_hash = ? where id = ?")
    .bind(hash, tenant.user)
    .run()
  const stored = async () =>
    (
      await testEnv.CONTROL_DB.prepare("select password_hash from identities where id = ?")
        .bind(tenant.user)
        .first<{ password_hash: string }>()
    )?.password_hash
  const login = async (text = password) =>
    (await ask(authApi.login, { body: { email: tenant.email, password: text } })).status
  return { stored, login }
}

describe("[A55] a stored password", () => {
  it.each([
    ["scrypt, the fallback", () => Promise.resolve(scrypt(14, 8, 5))],
    ["argon2id with less memory", () => argon(4_096, 3)],
    ["argon2id with fewer passes", () => argon(12_288, 1)],
  ])("of %s still opens, and is made anew at login", async (_, make) => {
    const old = await make()
    const { stored, login } = await withHash(old)
    expect(await login("not-the-password")).toBe(401)
    expect(await stored()).toBe(old)
    expect(await login()).toBe(200)
    expect(await stored()).toMatch(
      /^\$argon2id\$v=19\$m=12288,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
    expect(await login()).toBe(200)
  })

  it("of today's profile stays as it is", async () => {
    const hash = await argon(12_288, 3)
    const { stored, login } = await withHash(hash)
    expect(await login()).toBe(200)
    expect(await stored()).toBe(hash)
  })

  it.each([
    "",
    "plain",
    "$argon2id$v=19$m=12288,t=3,p=1$$",
    "$2b$10$abcdefghijklmnopqrstuv",
    "$argon2id$v=19$m=99999999,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
  ])("that reads %j opens to nobody", async (hash) => {
    const { login } = await withHash(hash)
    expect(await login()).toBe(401)
    expect(await login(hash || " ")).toBe(401)
  })
})
