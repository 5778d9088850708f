import { describe, expect, it } from "vitest"
import { keysIn, openVault, SecretUnreadable, withoutOld, type Place } from "./vault.ts"

const key = (fill: number) => btoa(String.fromCharCode(...new Uint8Array(32).fill(fill)))
const place: Place = {
  tenant: "tenant_A",
  table: "llm_providers",
  row: "provider_1",
  field: "api_key",
  version: 1,
}
const secret = "sk-live-äöü-0123456789"

async function sealedOnce() {
  const vault = openVault(`k1:${key(7)}`)
  const wrapped = await vault.newTenantKey(place.tenant)
  return { vault, wrapped, sealed: await vault.seal(wrapped, place, secret) }
}

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => "opened",
    (error: unknown) => error,
  )
const unreadable = expect.any(SecretUnreadable) as unknown

describe("a sealed secret", () => {
  it("opens where it was put, and shows nothing of itself", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    expect(await vault.open(wrapped, place, sealed)).toBe(secret)
    expect(sealed).toMatch(/^v1\.[\w-]{12}\.[\w-]{16}\.[\w-]+$/)
    expect(wrapped).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]{64}$/)
    expect(sealed).not.toContain(btoa(secret.slice(0, 9)).slice(0, 10))
  })

  it("does not open when any of its characters is another, missing or added", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    for (let at = 0; at < sealed.length; at++) {
      for (const other of ["A", "B", "_", ".", "="]) {
        if (sealed[at] === other) continue
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        expect([changed, await outcome(vault.open(wrapped, place, changed))]).toEqual([changed, unreadable])
      }
      expect(await outcome(vault.open(wrapped, place, sealed.slice(0, at)))).toEqual(unreadable)
    }
    expect(await outcome(vault.open(wrapped, place, `${sealed}A`))).toEqual(unreadable)
    expect(await outcome(vault.open(wrapped, place, `${sealed}.A`))).toEqual(unreadable)
  })

  it("does not open when any bit of its key, IV, ciphertext or tag is flipped", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    const flip = (text: string, part: number, at: number) => {
      const parts = text.split(".")
      const bytes = Buffer.from(parts[part] ?? "", "base64url")
      bytes.writeUInt8(bytes.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3)
      parts[part] = bytes.toString("base64url")
      return parts.join(".")
    }
    const bits = (text: string, part: number) =>
      Buffer.from(text.split(".")[part] ?? "", "base64url").length * 8
    for (const part of [2, 3]) {
      for (let at = 0; at < bits(sealed, part); at++)
        expect(await outcome(vault.open(wrapped, place, flip(sealed, part, at)))).toEqual(unreadable)
      for (let at = 0; at < bits(wrapped, part); at++)
        expect(await outcome(vault.open(flip(wrapped, part, at), place, sealed))).toEqual(unreadable)
    }
  })

  it("does not open in another row, field, table, version or tenant", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    const others: Partial<Place>[] = [
      { row: "provider_2" },
      { field: "token" },
      { table: "tools" },
      { version: 2 },
      { tenant: "tenant_B" },
    ]
    for (const other of others)
      expect([other, await outcome(vault.open(wrapped, { ...place, ...other }, sealed))]).toEqual([
        other,
        unreadable,
      ])
    // Parts that would read the same when simply joined.
    const joined = { ...place, table: "llm_providersprovider_", row: "1" }
    expect(await outcome(vault.open(wrapped, joined, sealed))).toEqual(unreadable)
  })

  it("does not open with another tenant's key, nor with that key moved over", async () => {
    const { vault, sealed } = await sealedOnce()
    const theirs = await vault.newTenantKey("tenant_B")
    expect(await outcome(vault.open(theirs, place, sealed))).toEqual(unreadable)
    expect(await outcome(vault.seal(theirs, place, "x"))).toEqual(unreadable)
  })

  it("says the same whatever was wrong", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    const errors = await Promise.all([
      outcome(vault.open(wrapped, place, "")),
      outcome(vault.open(wrapped, place, sealed.slice(0, -4))),
      outcome(vault.open("v1.gone.AAAA.AAAA", place, sealed)),
      outcome(vault.open(wrapped, { ...place, row: "x" }, sealed)),
    ])
    expect(new Set(errors.map(String))).toEqual(new Set(["SecretUnreadable: This secret cannot be read."]))
  })

  it("is never sealed the same way twice", { timeout: 600_000 }, async () => {
    const { vault, wrapped } = await sealedOnce()
    const rounds = process.env["SECURITY"] === "long" ? 2_000 : 1
    const [ivs, all] = [new Set<string>(), new Set<string>()]
    for (let round = 0; round < rounds; round++) {
      const some = await Promise.all(Array.from({ length: 500 }, () => vault.seal(wrapped, place, "")))
      for (const one of some) {
        ivs.add(one.split(".")[2] ?? "")
        all.add(one)
      }
    }
    console.log(JSON.stringify({ sealed_secrets: all.size }))
    expect([ivs.size, all.size]).toEqual([500 * rounds, 500 * rounds])
  })

  it("may be empty or long", async () => {
    const { vault, wrapped } = await sealedOnce()
    for (const text of ["", "x".repeat(100_000), "\u0000", "🔑", "\ufeffmarked"])
      expect(await vault.open(wrapped, place, await vault.seal(wrapped, place, text))).toBe(text)
  })
})

describe("the installation's keys", () => {
  it("rotate: old secrets stay readable, wrapped keys move to the new key, the old key can then go", async () => {
    const { wrapped, sealed } = await sealedOnce()
    const both = openVault(`k2:${key(9)},k1:${key(7)}`)
    expect(both.isOutdated(wrapped)).toBe(true)
    expect(await both.open(wrapped, place, sealed)).toBe(secret)
    const moved = await both.rewrap(place.tenant, wrapped)
    expect(both.isOutdated(moved)).toBe(false)
    const only = openVault(`k2:${key(9)}`)
    expect(await only.open(moved, place, sealed)).toBe(secret)
    expect(await outcome(only.open(wrapped, place, sealed))).toEqual(unreadable)
    expect(await outcome(both.rewrap("tenant_B", wrapped))).toEqual(unreadable)
  })

  it("do not open each other's", async () => {
    const { wrapped, sealed } = await sealedOnce()
    expect(await outcome(openVault(`k1:${key(8)}`).open(wrapped, place, sealed))).toEqual(unreadable)
  })

  it("may be a single bare key, and are refused when malformed without being repeated", () => {
    expect(() => openVault(key(1))).not.toThrow()
    expect(() => openVault(key(1).replace(/=+$/, ""))).not.toThrow()
    for (const bad of [
      "",
      "  ,",
      "k1:short",
      `k1:${key(1)},k1:${key(2)}`,
      `bad id:${key(1)}`,
      "k1:%%%secret%%%",
    ]) {
      const error = (() => {
        try {
          openVault(bad)
        } catch (caught) {
          return String(caught)
        }
        return "no error"
      })()
      expect([bad, error]).toEqual([bad, expect.stringContaining("SECRETS_KEK")])
      expect(error).not.toMatch(/secret%%%|short/)
    }
  })
})

describe("a tenant's keys", () => {
  it("rotate: the new one seals, the old ones open, until they are taken away", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    const ring = await vault.withNewKey(place.tenant, wrapped, 1_000)
    expect([keysIn(wrapped), keysIn(ring)]).toEqual([1, 2])
    const again = await vault.seal(ring, place, secret)
    expect(again.split(".")[1]).not.toBe(sealed.split(".")[1])
    expect([await vault.open(ring, place, sealed), await vault.open(ring, place, again)]).toEqual([
      secret,
      secret,
    ])
    expect(await vault.isNewest(place.tenant, ring, sealed)).toBe(false)
    expect(await vault.isNewest(place.tenant, ring, again)).toBe(true)
    expect(withoutOld(ring, 1_000)).toBe(ring)
    const alone = withoutOld(ring, 1_001)
    expect(await vault.open(alone, place, again)).toBe(secret)
    expect(await outcome(vault.open(alone, place, sealed))).toEqual(unreadable)
  })

  it("remember since when each seals no more, through a rotation of the installation's key", async () => {
    const { vault, wrapped } = await sealedOnce()
    const ring = await vault.withNewKey(
      place.tenant,
      await vault.withNewKey(place.tenant, wrapped, 1_000),
      2_000,
    )
    const both = openVault(`k2:${key(9)},k1:${key(7)}`)
    expect(both.isOutdated(ring)).toBe(true)
    const moved = await both.rewrap(place.tenant, ring)
    expect(both.isOutdated(moved)).toBe(false)
    expect(moved.split(" ").map((one) => one.split("@")[1])).toEqual([undefined, "2000", "1000"])
    expect(keysIn(withoutOld(moved, 1_500))).toBe(2)
  })

  it("are no other tenant's, and no ring is read that was written by somebody else", async () => {
    const { vault, wrapped, sealed } = await sealedOnce()
    const theirs = await vault.newTenantKey("tenant_B")
    expect(await outcome(vault.open(`${theirs} ${wrapped}`, place, sealed))).toEqual(unreadable)
    for (const ring of [
      "",
      " ",
      `${wrapped} `,
      `${wrapped}@x`,
      `${wrapped}@1@2`,
      Array(33).fill(wrapped).join(" "),
    ])
      expect(await outcome(vault.open(ring, place, sealed))).toEqual(unreadable)
  })
})
