import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { afterAll, expect, it, vi } from "vitest"
import { type TarContents, TarReader } from "./tar.ts"

vi.setConfig({ testTimeout: 30_000 })

const caps = { files: 64, bytes: 1_000_000 }
const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

function header(fields: {
  path: string | Buffer
  size?: number
  type?: string
  sizeField?: string
  prefix?: string
}): Buffer {
  const head = Buffer.alloc(512)
  head.set(Buffer.from(fields.path).subarray(0, 100), 0)
  head.write("0000644\0", 100)
  head.write(fields.sizeField ?? `${(fields.size ?? 0).toString(8).padStart(11, "0")}\0`, 124)
  head.write(fields.type ?? "0", 156)
  head.write("ustar\u000000", 257)
  head.write(fields.prefix ?? "", 345)
  head.write("        ", 148)
  head.write(
    `${head
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  )
  return head
}
const padded = (body: Buffer): Buffer =>
  Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)])
const entry = (path: string | Buffer, body = "", type = "0"): Buffer =>
  Buffer.concat([header({ path, size: Buffer.byteLength(body), type }), padded(Buffer.from(body))])
const finish = Buffer.alloc(1_024)

function read(bytes: Buffer, size = bytes.length || 1, limits = caps): TarContents {
  const reader = new TarReader(limits)
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
  return reader.end()
}
const plain = (contents: TarContents) => ({
  ...contents,
  files: Object.fromEntries(contents.files.map(({ path, bytes }) => [path, bytes.toString()])),
})

for (const format of ["gnu", "pax", "ustar"])
  it(`[TA1] reads what tar writes (${format}), in chunks of any size`, () => {
    const folder = mkdtempSync(join(tmpdir(), "edgecrew-tar-"))
    made.push(folder)
    const long = format === "ustar" ? "d".repeat(90) : "ü".repeat(90)
    mkdirSync(join(folder, long))
    writeFileSync(join(folder, long, `${"n".repeat(60)}.txt`), "deep")
    writeFileSync(join(folder, "a.csv"), "1,2\n")
    writeFileSync(join(folder, "empty"), "")
    symlinkSync("/etc/passwd", join(folder, "link"))
    const bytes = execFileSync("tar", ["-c", `--format=${format}`, "-C", folder, "."], { maxBuffer: 1e8 })
    const expected = {
      files: { "a.csv": "1,2\n", empty: "", [`${long}/${"n".repeat(60)}.txt`]: "deep" },
      refused: 1,
      problem: null,
    }
    for (const size of [1, 7, 511, 512, 513, 65_536]) expect(plain(read(bytes, size))).toEqual(expected)
  })

it("[TA2] takes only regular files with plain relative paths, each once", () => {
  const bad = [
    "/abs",
    "../up",
    "a/../../up",
    "a//b",
    "a/./b",
    "",
    "dir/",
    "a\\b",
    "a\nb",
    "..",
    Buffer.from([0x66, 0xff]),
  ]
  const types = ["1", "2", "3", "4", "6", "S", "M", "V", "N", "?"]
  const bytes = Buffer.concat([
    ...bad.map((path) => entry(path, "x")),
    ...types.map((type) => entry(`t${type}`, "", type)),
    entry("good", "first"),
    entry("./good", "second"),
    finish,
  ])
  expect(plain(read(bytes))).toEqual({
    files: { good: "first" },
    refused: bad.length + types.length + 1,
    problem: null,
  })
})

it("[TA3] a long name that climbs is refused with its file", () => {
  const bytes = Buffer.concat([
    entry("././@LongLink", "../../etc/cron.d/x\0", "L"),
    entry("innocent", "x"),
    entry("PaxHeader", "16 path=../evil\n", "x"),
    entry("innocent", "x"),
    finish,
  ])
  expect(plain(read(bytes))).toEqual({ files: {}, refused: 2, problem: null })
})

it("[TA4] stops at the caps and keeps what was whole", () => {
  const many = Buffer.concat([...Array.from({ length: 9 }, (_, i) => entry(`f${i}`, "x")), finish])
  expect(read(many, 100, { files: 8, bytes: 100 })).toMatchObject({ problem: "there are more than 8 files" })
  expect(read(many, 100, { files: 8, bytes: 100 }).files).toHaveLength(8)
  const large = Buffer.concat([entry("a", "x"), header({ path: "b", size: 2 ** 33 - 1 })])
  expect(plain(read(large))).toEqual({
    files: { a: "x" },
    refused: 0,
    problem: "the files are larger than 1000000 bytes",
  })
  const crowd = Buffer.concat(Array.from({ length: 3_000 }, (_, i) => entry(`d${i}`, "", "5")))
  expect(read(crowd).problem).toBe("the archive has too many entries")
  const meta = header({ path: "x", size: 100_000, type: "x" })
  expect(read(meta).problem).toBe("the archive has a path that is too long")
})

it("[TA5] names what is broken", () => {
  const spoiled = entry("a", "x")
  spoiled[0] = 0x7a
  expect(read(spoiled).problem).toBe("the archive is not well-formed")
  for (const sizeField of ["\u0080\0\0\0\0\0\0\0\0\0\0\u0001", "-0000000001\0", "9\0", "           \0"])
    expect(read(header({ path: "a", sizeField })).problem).not.toBeNull()
  expect(read(entry("a", "x".repeat(100)).subarray(0, 600)).problem).toBe("the archive breaks off")
  expect(read(entry("a", "x").subarray(0, 100)).problem).toBe("the archive breaks off")
  expect(plain(read(entry("a", "x")))).toEqual({
    files: { a: "x" },
    refused: 0,
    problem: "the archive breaks off",
  })
  expect(read(Buffer.alloc(0)).problem).toBeNull()
  for (const record of ["12 size=99\n", "99 path=x\n", "x", "0 =\n", "7 path\n"])
    expect(read(Buffer.concat([entry("p", record, "x"), entry("a", "x")])).problem).toBe(
      "the archive is not well-formed",
    )
})

it("[TA6] any bytes are read without a throw, and never more than the caps allow", () => {
  const small = { files: 4, bytes: 1_000 }
  const start = Buffer.concat([
    entry("a", "hello"),
    entry("PaxHeader", "11 path=bb\n", "x"),
    entry("c", "world"),
    finish,
  ])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(start.length - 1), fc.nat(255)), { maxLength: 20 }),
      fc.integer({ min: 1, max: 2_000 }),
      (edits, size) => {
        const bytes = Buffer.from(start)
        for (const [at, value] of edits) bytes[at] = value
        const { files } = read(bytes, size, small)
        expect(files.length).toBeLessThanOrEqual(4)
        expect(files.reduce((sum, file) => sum + file.bytes.length, 0)).toBeLessThanOrEqual(1_000)
        for (const { path } of files)
          expect(path.split("/").every((part) => part !== ".." && part !== "")).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})
