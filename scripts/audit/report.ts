import { hash as digest, verify } from "node:crypto"
import { canonical, isMembers, parseKey, type Json, type Key, type Members } from "./sums.ts"

/** What is wrong with a report; nothing when everything holds. */
export type ReportVerdict = {
  tenant: string
  /** `soc2`, `iso27001` or `gdpr`. */
  report: string
  /** When it was signed. */
  time: string
  verifierKey: string
  isKeyKnown: boolean
  findings: string[]
}

const noteText = /^(edgecrew\/report\/([^\n]+)\nsha256 ([0-9a-f]{64})\ntime ([^\n]+)\n)\n((?:— [^\n]+\n)+)$/

const membersOf = (value: Json | undefined): Members => (isMembers(value) ? value : {})
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")

/** Whether a line of a note is a key's signature of its text. */
function isBy({ name, id, key }: Key, text: string, line: string): boolean {
  const [, by, base64 = ""] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
  const bytes = Buffer.from(base64, "base64")
  if (by !== name || bytes.length !== 68 || bytes.toString("hex", 0, 4) !== id) return false
  return verify(null, Buffer.from(text), key, bytes.subarray(4))
}

/** Checks an evidence report as docs/privacy.md says. Throws when it is no JSON. */
export function verifyReport(json: string, known?: string): ReportVerdict {
  const file = membersOf(JSON.parse(json) as Json)
  const signature = membersOf(file["signature"])
  const report = membersOf(file["report"])
  const named = textOf(signature["verifier_key"])
  const tenant = textOf(membersOf(report["workspace"])["id"])
  const verifierKey = known ?? named
  const key = parseKey(verifierKey)
  const [, text = "", of, sum, time = "", lines = ""] = noteText.exec(textOf(signature["note"])) ?? []
  const isSigned = key !== undefined && lines.split("\n").some((line) => isBy(key, text, line))
  const faults: [isSo: boolean, says: string][] = [
    [key === undefined, "The verifier key is none of Ed25519."],
    [
      key !== undefined && key.name !== `edgecrew/audit/${tenant}`,
      "The verifier key is another workspace's.",
    ],
    [named !== verifierKey, "The file names another key than you do."],
    [text === "", "The signature is no note of a report."],
    [!isSigned, "The report is not signed with the key."],
    [of !== tenant, "What was signed is another workspace's report."],
    [sum !== digest("sha256", canonical(report)), "The report was changed: it is not what was signed."],
    [time !== report["generated_at"], "The report says another time than was signed."],
  ]
  return {
    tenant,
    report: textOf(report["report"]),
    time,
    verifierKey,
    isKeyKnown: known !== undefined,
    findings: faults.flatMap(([isSo, says]) => (isSo ? [says] : [])),
  }
}
