import { describe, expect, it } from "vitest"
import { toBase64 } from "#core/audit/bytes"
import { noHash, seal } from "#core/audit/entry"
import { leafHash } from "#core/audit/merkle"
import { checkpointText, noteOf, originOf, verifierKey } from "#core/audit/note"
import { fromHex, toHex, utf8 } from "#core/audit/bytes"
import { nodeHash } from "#core/audit/merkle"
import { AuditId } from "#core/ids"
import { checkEntry } from "./check-entry.ts"

const tenant = "tenant_01JD0000000000000000000000"
const id = AuditId.parse("audit_01JD0000000000000000000000")
const at = "2026-11-22T12:00:00.000Z"
const deed = {
  id,
  at,
  actor: "user_1",
  action: "flow.update",
  target: null,
  request_id: "req_1",
  detail: "{}",
}

/** The first of two entries, as the server answers for it. */
async function found() {
  const sealed = seal(tenant, { seq: 0, hash: noHash }, deed, new Uint8Array(32).fill(1))
  const beside = leafHash(new Uint8Array(32).fill(9))
  const root = nodeHash(leafHash(fromHex(sealed.hash)!), beside)
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])
  if (!("publicKey" in pair)) throw new Error("no pair")
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))
  const key = { name: originOf(tenant), publicKey }
  const text = checkpointText({ origin: key.name, size: 2, root, time: at })
  const signature = new Uint8Array(
    await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(utf8(text))),
  )
  return {
    entry: { ...deed, id, seq: 1, actor_name: null, detail: {}, is_erased: false, hash: sealed.hash },
    sealed,
    inclusion: {
      index: 0,
      hashes: [toHex(beside)],
      checkpoint: { size: 2, at, note: noteOf(text, key, signature) },
    },
    verifier_key: verifierKey(key),
  }
}

describe("an entry that the page checks for itself", () => {
  it("is verified when everything holds", async () => {
    expect(await checkEntry(await found())).toEqual({ is: "whole", size: 2, at, isSigned: true })
  })

  it("waits until it is sealed", async () => {
    const one = await found()
    expect(await checkEntry({ ...one, sealed: null, inclusion: null })).toEqual({ is: "waiting" })
  })

  it("is broken, with what is wrong of it", async () => {
    const one = await found()
    const { sealed, inclusion } = one
    const faults = async (change: Partial<typeof one>) => {
      const check = await checkEntry({ ...one, ...change })
      return check.is === "broken" ? check.faults : check.is
    }
    expect(await faults({ sealed: { ...sealed, entry: { ...sealed.entry, actor: "user_2" } } })).toEqual([
      "hash",
    ])
    expect(await faults({ sealed: { ...sealed, detail: { name: "Else" } } })).toEqual(["detail"])
    expect(await faults({ sealed: { ...sealed, detail: null, detail_key: null } })).toBe("whole")
    expect(await faults({ inclusion: { ...inclusion, hashes: [toHex(new Uint8Array(32))] } })).toEqual([
      "place",
    ])
    expect(await faults({ inclusion: { ...inclusion, index: 1 } })).toEqual(["place"])
    const note = inclusion.checkpoint.note.replace("time 2026", "time 2025")
    expect(
      await faults({ inclusion: { ...inclusion, checkpoint: { ...inclusion.checkpoint, note } } }),
    ).toEqual(["signature"])
    const other = await found()
    expect(await faults({ verifier_key: other.verifier_key })).toEqual(["signature"])
    expect(await faults({ verifier_key: toBase64(new Uint8Array(3)) })).toEqual(["place", "signature"])
  })
})
