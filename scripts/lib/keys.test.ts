import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { newPassword, readKeys } from "./keys.ts"

let folder = ""
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "edgecrew-keys-"))))
afterEach(() => rmSync(folder, { recursive: true }))

describe("keys of an installation", () => {
  it("are made once, kept, and readable by their owner alone", () => {
    const file = join(folder, "keys.json")
    const first = readKeys(file)
    expect(first.created).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readKeys(file)).toEqual({ ...first, created: false })
  })

  it("a file that others may read is closed", () => {
    const file = join(folder, "keys.json")
    readKeys(file)
    chmodSync(file, 0o644)
    readKeys(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it("sign and verify with Ed25519", async () => {
    const jwk: JsonWebKey = JSON.parse(readKeys(join(folder, "keys.json")).bindings.SIGNING_KEY)
    const { d: _, ...open } = jwk
    const message = new TextEncoder().encode("edgecrew")
    const privateKey = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"])
    const publicKey = await crypto.subtle.importKey("jwk", open, "Ed25519", false, ["verify"])
    const signature = await crypto.subtle.sign("Ed25519", privateKey, message)
    expect(await crypto.subtle.verify("Ed25519", publicKey, signature, message)).toBe(true)
  })

  it("may hold a new key for secrets before the old one, and no broken one", () => {
    const file = join(folder, "keys.json")
    const { bindings } = readKeys(file)
    const put = (SECRETS_KEK: string) =>
      writeFileSync(
        file,
        JSON.stringify({
          ...bindings,
          SIGNING_KEY: JSON.parse(bindings.SIGNING_KEY),
          AUDIT_KEY: JSON.parse(bindings.AUDIT_KEY),
          SECRETS_KEK,
        }),
      )
    const ring = `k2:${Buffer.alloc(32, 7).toString("base64")},${bindings.SECRETS_KEK}`
    put(ring)
    expect(readKeys(file).bindings.SECRETS_KEK).toBe(ring)
    put(`k2:short,${bindings.SECRETS_KEK}`)
    expect(() => readKeys(file)).toThrow("does not hold Edgecrew's keys")
  })

  it("an older file gets the key that it lacks, once, and keeps the others", () => {
    const file = join(folder, "keys.json")
    const { bindings } = readKeys(file)
    const { AUDIT_KEY: _, ...older } = JSON.parse(readFileSync(file, "utf8"))
    writeFileSync(file, JSON.stringify(older))
    const grown = readKeys(file)
    expect(grown.bindings).toEqual({ ...bindings, AUDIT_KEY: grown.bindings.AUDIT_KEY })
    expect(grown.bindings.AUDIT_KEY).not.toBe(bindings.AUDIT_KEY)
    expect(readKeys(file)).toEqual(grown)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it("a damaged file is refused and left as it was", () => {
    const file = join(folder, "keys.json")
    writeFileSync(file, '{"PEPPER":"c2hvcnQ="}')
    expect(() => readKeys(file)).toThrow("does not hold Edgecrew's keys")
    expect(readFileSync(file, "utf8")).toBe('{"PEPPER":"c2hvcnQ="}')
  })

  it("passwords are four groups of five and never alike", () => {
    const drawn = Array.from({ length: 200 }, newPassword)
    expect(new Set(drawn).size).toBe(200)
    for (const password of drawn)
      expect(password).toMatch(/^(?:[a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/)
  })
})
