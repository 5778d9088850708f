import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseNote, noteOf } from "#core/audit/note"
import { linesOf, newLog, type AuditLog } from "#test/kit/audit-log"
import { manyKey, writeMany } from "#test/kit/audit-many"
import { tamper, tamperNames } from "#test/kit/audit-tampers"
import { Verifier, verifyFile, type Options, type Verdict } from "./verifier.ts"

let folder = ""
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "edgecrew-audit-"))))
afterAll(() => rmSync(folder, { recursive: true }))

function verify(lines: Iterable<string>, options: Options = {}): Verdict {
  const verifier = new Verifier(options)
  for (const line of lines) verifier.line(Buffer.from(line.endsWith("\n") ? line.slice(0, -1) : line))
  return verifier.verdict()
}

const log = newLog(300, 64)
const tampered = newLog(120, 32)

/** So many tampers in the short form; `npm run security` asks for a thousand. */
const tampers = Number(process.env["AUDIT_TAMPERS"] ?? 230)

describe("the verifier", () => {
  it("[AV1] says that an untouched log holds, and how far it is signed", () => {
    const verdict = verify(linesOf(log), { key: log.verifierKey })
    expect(verdict).toEqual({
      tenant: log.tenant,
      entries: 300,
      size: 300,
      checkpoints: 5,
      erased: 0,
      unnamed: 0,
      late: 0,
      verifierKey: log.verifierKey,
      isKeyKnown: true,
      findings: [],
      more: 0,
    })
    for (const size of [0, 1, 2, 63, 64, 65]) {
      const small = newLog(size, 64)
      expect([size, verify(linesOf(small)).findings]).toEqual([size, []])
    }
  })

  it(`[AV2] finds ${tampers} tampers of ${tamperNames.length} kinds, each by the number of an entry`, () => {
    for (let n = 0; n < tampers; n++) {
      const { what, seq, lines } = tamper(tampered, n)
      const { findings } = verify(lines)
      const finds = findings.some((one) => one.seq <= seq && seq <= (one.upTo ?? one.seq))
      expect([n, what, seq, finds ? "found" : findings.slice(0, 3)]).toEqual([n, what, seq, "found"])
    }
  }, 300_000)

  it("[AV3] names the one entry that was changed, and no other", () => {
    const lines = [...linesOf(log)]
    const at = lines.findIndex((one) => one.includes('"seq":77,'))
    lines[at] = lines[at]!.replace("Neu 77", "Neu 78")
    expect(verify(lines).findings).toEqual([{ seq: 77, says: "The details of entry 77 were changed." }])
    const without = [...linesOf({ ...log, entries: log.entries.toSpliced(9, 1) })]
    expect(verify(without).findings).toEqual([{ seq: 10, says: "Entry 10 is missing." }])
  })

  it("[AV4] believes checkpoints by the log's key only", () => {
    const other = newLog(300, 64)
    const forged: AuditLog = { ...log, end: withOtherSignature(log.end) }
    expect(verify(linesOf(forged)).findings).toEqual([
      { seq: 300, says: "The end over 300 entries is not signed with the log's key." },
    ])
    const stranger = "edgecrew/audit/tenant_01JD0000000000000000000000+00000000+AQ=="
    expect(verify(linesOf(log), { key: stranger }).findings.map(({ says }) => says)).toContain(
      "The verifier key is none of Ed25519.",
    )
    expect(other.verifierKey).toBe(log.verifierKey)
  })

  it("[AV5] holds a log to the checkpoints that left the system before", () => {
    const earlier = log.checkpoints.get(128)!
    expect(verify(linesOf(log), { checkpoints: [earlier, log.end] }).findings).toEqual([])
    // The whole log made anew and signed with the right key: only what is outside can tell.
    const anew = newLog(300, 64, { 100: { action: "flow.create", detail: {} } })
    expect(verify(linesOf(anew)).findings).toEqual([])
    const { findings } = verify(linesOf(anew), { checkpoints: [earlier] })
    expect(findings).toEqual([
      { seq: 65, upTo: 128, says: "Entries up to 128 are not those of the earlier checkpoint." },
    ])
    const short = newLog(100, 64)
    expect(verify(linesOf(short), { checkpoints: [earlier] }).findings).toEqual([
      { seq: 101, upTo: 128, says: "An earlier checkpoint is over 128 entries: the log has lost some." },
    ])
  })

  it("[AV6] takes details that an erasure took away, and says how many it names", () => {
    const erased = (detail: object, ...seqs: number[]) => {
      const whole = newLog(20, 64, { 12: { action: "privacy.erase", detail: { after: { ...detail } } } })
      const entries = whole.entries.map((one) =>
        seqs.includes(one.entry.seq) ? { ...one, detail: null, detail_key: null } : one,
      )
      const { erased, unnamed, findings } = verify(linesOf({ ...whole, entries }))
      return [erased, unnamed, findings.map(({ seq }) => seq)]
    }
    expect(erased({ entries: [3, [5, 7]] }, 3, 5, 6, 7)).toEqual([4, 0, []])
    expect(erased({ entries: [3, [5, 7]] }, 3, 4, 8)).toEqual([3, 0, [4, 8]])
    expect(erased({}, 3, 5)).toEqual([2, 2, []])
    // What was done behind the erasure is not covered by it, nor is the erasure itself.
    expect(erased({}, 13)).toEqual([1, 0, [13]])
    expect(erased({}, 12)).toEqual([1, 0, [12]])
  })

  it("[AV7] reads what is no export without falling over", () => {
    for (const text of [
      "",
      "\n",
      "{}",
      "[]",
      "null",
      '{"header":null}',
      "\u0000",
      "[".repeat(100_000),
      "\ufeff{}",
    ])
      expect([text.slice(0, 9), verify([text]).findings.length > 0]).toEqual([text.slice(0, 9), true])
    const invalid = new Verifier()
    invalid.line(Buffer.from([0x22, 0xff, 0x22]))
    expect(invalid.verdict().findings).not.toEqual([])
    const lines = [...linesOf(log)]
    for (const junk of ["", "{}", '{"entry":{}}', '{"checkpoint":7}', '{"end":{}}', "x"]) {
      const { findings } = verify(lines.toSpliced(40, 0, junk))
      expect([junk, findings.some(({ seq }) => seq === 40)]).toEqual([junk, true])
    }
  })

  it("[AV11] reads a line in the usual words as it reads any other, whatever stands in it", () => {
    const texts = [
      '"',
      "\\",
      "é",
      "\u2028",
      'a\r\n{"end":{}}\n',
      "\u001b[2K\r",
      "x".repeat(1_000_000),
      '","detail_key":null,"entry":{"action":"',
      "a",
      "",
    ]
    const details = [
      { detail_key: null, entry: { action: "x" }, hash: "x" },
      { name: '{"detail":1,"detail_key":null,"entry":{"action":"flow.update"' },
      {},
    ]
    for (const action of texts)
      for (const detail of details) {
        const odd = newLog(3, 64, { 2: { action, detail } })
        expect([action.slice(0, 40), verify(linesOf(odd)).findings]).toEqual([action.slice(0, 40), []])
      }
    const lines = [...linesOf(log)]
    const at = lines.findIndex((one) => one.includes('"seq":77,'))
    // The same values in another spelling are no canonical JSON, wherever that is.
    for (const [from, to] of [
      ['"seq":77,', '"seq":77.0,'],
      ['"seq":77,', '"seq": 77,'],
      ['"action":"', '"action":"\\u0066'],
      ['{"detail":', '{ "detail":'],
      ['"detail":{', '"detail":{ '],
      ['"v":1}', '"v":1,"w":2}'],
      ['"v":1},', '"v":1,"v":1},'],
    ] as const) {
      const changed = lines.with(at, lines[at]!.replace(from, to))
      expect(changed[at]).not.toBe(lines[at])
      const { findings } = verify(changed)
      expect([to, findings[0]?.seq]).toEqual([to, 77])
    }
  })

  it("[AV8] says so as a command: 0, 1 and 2", () => {
    const file = join(folder, "log.ndjson")
    const run = (...args: string[]) => {
      const script = join(import.meta.dirname, "../audit-verify.ts")
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" })
      return { status, said: stdout + stderr }
    }
    writeFileSync(file, [...linesOf(log)].join(""))
    expect(verifyFile(file).findings).toEqual([])
    const good = run("--key", log.verifierKey, file)
    expect([good.status, good.said]).toEqual([0, expect.stringContaining("Everything holds.")])
    expect(run(file).said).toContain("Compare it with the one you noted")
    writeFileSync(file, tamper(log, 0).lines.join(""))
    const bad = run("--json", file)
    expect([bad.status, (JSON.parse(bad.said) as Verdict).findings.length > 0]).toEqual([1, true])
    expect(run(join(folder, "nothing")).status).toBe(2)
    expect(run().said).toContain("Usage:")
  }, 60_000)

  it("[AV9] takes the file that docs/audit-format.md shows", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/audit-format.md"), "utf8")
    const lines = /```ndjson\n([^`]+)```/.exec(page)![1]!.trimEnd().split("\n")
    expect(verify(lines)).toMatchObject({ entries: 1, size: 1, checkpoints: 1, findings: [] })
  })

  it("[AV10] reads 100,000 entries, and finds one byte that was changed among them", () => {
    const file = join(folder, "many.ndjson")
    writeMany(file, 100_000)
    const verdict = verifyFile(file, { key: manyKey })
    expect(verdict).toMatchObject({ entries: 100_000, checkpoints: 101, findings: [] })
    const bytes = readFileSync(file)
    const at = bytes.indexOf('"name":"Flow 71234"') + 9
    bytes[at]! ^= 1
    writeFileSync(file, bytes)
    expect(verifyFile(file).findings).toEqual([
      { seq: 71_234, says: "The details of entry 71234 were changed." },
    ])
  }, 300_000)
})

/** The same note with one bit of its signature turned. */
function withOtherSignature(note: string): string {
  const { text, signatures } = parseNote(note)!
  const [line] = signatures
  const signature = line!.signature.map((byte, i) => (i === 5 ? byte ^ 1 : byte))
  const made = noteOf(text, { name: line!.name, publicKey: new Uint8Array(32) }, signature)
  const id = /— \S+ (\S{5})/.exec(note)![1]!
  // The key's id is that of the right key.
  return made.replace(/(— \S+ )\S{5}/, `$1${id}`)
}
