// `npm run audit:verify -- file`: checks an export of the audit log as docs/audit-format.md says, without a network, without packages
// and without anything else of this repository: copy this file and the folder `audit` beside it to where nobody of the installation
// can change them. Wants Node 22.18 or later.
// With `--report` the file is an evidence report as docs/privacy.md says it is signed.
// Ends with 0 when everything holds, 1 when something was tampered with, 2 when the file cannot be read.
import { readFileSync } from "node:fs"
import { verifyReport, type ReportVerdict } from "./audit/report.ts"
import { verifyFile, type Finding, type Options, type Verdict } from "./audit/verifier.ts"

const usage = `Usage: npm run audit:verify -- [--key <verifier key>] [--checkpoint <file>]… [--json] <export | ->
       npm run audit:verify -- --report [--key <verifier key>] [--json] <report.json>
  --key         the key of GET /api/v1/audit/key, as you noted it before
  --checkpoint  a checkpoint that left the system earlier; the log must still begin with it
  --json        the verdict as JSON`

const placeOf = ({ seq, upTo }: Finding): string =>
  seq === 0 ? "file" : upTo === undefined ? `entry ${seq}` : `entries ${seq}–${upTo}`

function said(verdict: Verdict): string {
  const { findings, more, entries, size, checkpoints, erased, unnamed, late, isKeyKnown } = verdict
  const lines = findings.map((one) => `${placeOf(one)}: ${one.says}`)
  if (more > 0) lines.push(`… and ${more} more`)
  lines.push(
    `${verdict.tenant}: ${entries} entries, signed up to ${size}, ${checkpoints} checkpoints` +
      (erased > 0 ? `, details of ${erased} erased (${unnamed} not named by their erasure)` : "") +
      (late > 0 ? `, ${late} out of the order of time` : ""),
    keyLine(isKeyKnown, verdict.verifierKey),
    findings.length === 0 ? "Everything holds." : `TAMPERED: ${findings.length + more} findings.`,
  )
  return lines.join("\n")
}

function saidOf({ findings, tenant, report, time, isKeyKnown, verifierKey }: ReportVerdict): string {
  return [
    ...findings,
    `${tenant}: report ${report} of ${time}`,
    keyLine(isKeyKnown, verifierKey),
    findings.length === 0 ? "Everything holds." : `TAMPERED: ${findings.length} findings.`,
  ].join("\n")
}

const keyLine = (isKnown: boolean, key: string): string =>
  isKnown
    ? `Signed with the key you gave.`
    : `Checked with the key that the file itself names: ${key}\nCompare it with the one you noted, and give it with --key.`

function run(args: string[]): number {
  const options: Options & { checkpoints: string[] } = { checkpoints: [] }
  let path: string | undefined
  let [isJson, isReport] = [false, false]
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === "--json") isJson = true
    else if (arg === "--report") isReport = true
    else if (arg === "--key") options.key = args.shift() ?? ""
    else if (arg === "--checkpoint") options.checkpoints.push(readFileSync(args.shift() ?? "", "utf8"))
    else path = arg
  }
  if (path === undefined) throw new Error(usage)
  if (isReport) {
    const found = verifyReport(readFileSync(path, "utf8"), options.key)
    console.log(isJson ? JSON.stringify(found, null, 2) : saidOf(found))
    return found.findings.length === 0 ? 0 : 1
  }
  const verdict = verifyFile(path, options)
  console.log(isJson ? JSON.stringify(verdict, null, 2) : said(verdict))
  return verdict.findings.length === 0 ? 0 : 1
}

try {
  process.exitCode = run(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
