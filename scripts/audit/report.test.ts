import { generateKeyPairSync, hash, sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import { verifyReport } from "./report.ts"

const tenant = "tenant_01JD0000000000000000000000"
const { privateKey, publicKey } = generateKeyPairSync("ed25519")
const raw = Buffer.concat([
  Buffer.of(1),
  Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"),
])
const name = `edgecrew/audit/${tenant}`
const id = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), raw])).slice(0, 8)
const verifier_key = `${name}+${id}+${raw.toString("base64")}`

const report = {
  controls: [{ id: "CC6.1", title: "Access" }],
  generated_at: "2026-11-22T12:00:00.000Z",
  report: "soc2",
  workspace: { id: tenant, name: "Acmé" },
}

/** A file by hand, from docs/privacy.md. */
function signed(text: string, of: object = report) {
  const bytes = Buffer.concat([Buffer.from(id, "hex"), sign(null, Buffer.from(text), privateKey)])
  const note = `${text}\n— ${name} ${bytes.toString("base64")}\n`
  return { report: of, signature: { note, verifier_key } }
}
const text = `edgecrew/report/${tenant}\nsha256 ${hash("sha256", JSON.stringify(report))}\ntime ${report.generated_at}\n`
const findings = (file: object, key?: string) => verifyReport(JSON.stringify(file), key).findings

describe("a report checked offline", () => {
  it("[EV8] holds under the key that was noted, however its JSON is laid out", () => {
    const file = signed(text)
    expect(verifyReport(JSON.stringify(file, null, 2), verifier_key)).toEqual({
      tenant,
      report: "soc2",
      time: report.generated_at,
      verifierKey: verifier_key,
      isKeyKnown: true,
      findings: [],
    })
    expect(verifyReport(JSON.stringify(file)).isKeyKnown).toBe(false)
  })

  it("[EV9] does not when a word, the time, the workspace or the signature is another", () => {
    const { signature } = signed(text)
    const changed = "The report was changed: it is not what was signed."
    expect(findings({ report: { ...report, controls: [] }, signature })).toEqual([changed])
    const later = { ...report, generated_at: "2027-01-01T00:00:00.000Z" }
    expect(findings({ report: later, signature })).toContain("The report says another time than was signed.")
    const other = { ...report, workspace: { id: "tenant_2" } }
    expect(findings({ report: other, signature })).toContain("What was signed is another workspace's report.")
    const note = signature.note.replace("edgecrew/report/", "edgecrew/audit/")
    expect(findings({ report, signature: { ...signature, note } })).toContain(
      "The signature is no note of a report.",
    )
    const forged = text + signed("other\n").signature.note.slice("other\n".length)
    expect(findings({ report, signature: { ...signature, note: forged } })).toEqual([
      "The report is not signed with the key.",
    ])
    const unlike = verifier_key.replace(tenant, "tenant_2")
    expect(findings(signed(text), unlike)).toContain("The file names another key than you do.")
    expect(findings({})).not.toEqual([])
  })
})
