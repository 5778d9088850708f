import { describe, expect, it } from "vitest"
import { AuditEntry, commitmentOf, detailOf, faultsOf, hashOf, noHash, seal, type Deed } from "./entry.ts"

const tenant = "tenant_01JD0000000000000000000000"
const key = new Uint8Array(32).fill(7)
const deed: Deed = {
  id: "audit_01JD0000000000000000000000",
  at: "2026-11-22T12:00:00.000Z",
  actor: "user_01JD0000000000000000000000",
  action: "flow.update",
  target: "flow_01JD0000000000000000000000",
  request_id: "req_01JD0000000000000000000000",
  detail: '{"before":{"name":"Old"},"after":{"name":"New"},"ip":"192.0.2.7"}',
}
const first = seal(tenant, { seq: 0, hash: noHash }, deed, key)

describe("an audit entry", () => {
  it("[AU1] is sealed as docs/audit-format.md shows it", () => {
    expect(AuditEntry.parse(first.entry)).toEqual(first.entry)
    expect(first.entry).toMatchObject({ seq: 1, prev: noHash })
    expect(first.entry.commitment).toBe("85f99ec47705d6e94b6eb93a1c946bc4fd517f2a1bf98b0730e56bc395347310")
    expect(first.hash).toBe("4582abcbbcd00d583db8f96accba4094e240500fb5ac85290aa8054d1b405959")
    expect(faultsOf(first)).toEqual([])
  })

  it("[AU2] binds every one of its words, and the entry before it", () => {
    for (const [name, value] of Object.entries(first.entry)) {
      const entry = { ...first.entry, [name]: typeof value === "number" ? value + 1 : `${value}0` }
      expect([name, faultsOf({ ...first, entry })]).toEqual([name, expect.arrayContaining(["hash"])])
    }
    const second = seal(tenant, { seq: 1, hash: first.hash }, { ...deed, id: "audit_2" }, key)
    expect(second.entry.prev).toBe(first.hash)
    expect(second.hash).not.toBe(first.hash)
  })

  it("[AU3] binds its details by a commitment that nobody can test guesses on without the key", () => {
    expect(faultsOf({ ...first, detail: { after: { name: "Else" } } })).toEqual(["detail"])
    expect(faultsOf({ ...first, detail_key: "08".repeat(32) })).toEqual(["detail"])
    expect(faultsOf({ ...first, detail_key: "07" })).toEqual(["detail_key"])
    const other = seal(tenant, { seq: 0, hash: noHash }, deed, new Uint8Array(32).fill(8))
    expect(other.entry.commitment).not.toBe(first.entry.commitment)
    // The same details of another entry are committed to differently: they cannot be exchanged.
    expect(commitmentOf(key, "audit_2", first.detail)).not.toBe(first.entry.commitment)
  })

  it("[AU4] stays whole when its details and their key are erased, and not when only one of them is", () => {
    expect(faultsOf({ ...first, detail: null, detail_key: null })).toEqual([])
    expect(hashOf(first.entry)).toBe(first.hash)
    expect(faultsOf({ ...first, detail_key: null })).toEqual(["detail_key"])
    expect(faultsOf({ ...first, detail: null })).toEqual(["detail"])
  })

  it("[AU5] is sealed whatever was written into it", () => {
    for (const detail of ["", "{", '"\\ud800"', '{"a":1e400}', "[]", "\ud800"]) {
      const sealed = seal(tenant, { seq: 1, hash: first.hash }, { ...deed, target: "\ud800", detail }, key)
      expect([detail, faultsOf(sealed)]).toEqual([detail, []])
    }
    expect(detailOf("{")).toBe("{")
  })

  it("takes no short key", () => {
    expect(() => seal(tenant, { seq: 0, hash: noHash }, deed, new Uint8Array(16))).toThrow("32 bytes")
  })
})
