import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { zipOf, type ZipEntry } from "./zip.ts"

const at = new Date("2026-11-22T12:34:56Z")

async function* of(...entries: ZipEntry[]): AsyncGenerator<ZipEntry> {
  yield* entries
}

async function bytesOf(...entries: ZipEntry[]): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of zipOf(of(...entries))) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** What another program finds in an archive, after it has checked every checksum. */
function readBack(zip: Buffer): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-zip-"))
  try {
    writeFileSync(join(folder, "a.zip"), zip)
    const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
json.dump({i.filename: [z.read(i).decode(), list(i.date_time)] for i in z.infolist()}, open(sys.argv[2], "w"))`
    execFileSync("python3", ["-c", script, join(folder, "a.zip"), join(folder, "a.json")])
    return JSON.parse(readFileSync(join(folder, "a.json"), "utf8")) as Record<string, string>
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("an archive", () => {
  it("[EX1] is read by another program, names and texts of every language among it", async () => {
    async function* pieces() {
      for (let i = 0; i < 5_000; i++) yield `line ${i} ü 世界 🙂\n`
    }
    const zip = await bytesOf(
      { name: "README.md", at, content: ["What this is"] },
      { name: "empty.ndjson", at, content: [] },
      { name: "größe/世界.ndjson", at, content: pieces() },
    )
    const time = [2026, 11, 22, 12, 34, 56]
    const long = Array.from({ length: 5_000 }, (_, i) => `line ${i} ü 世界 🙂\n`).join("")
    expect(readBack(zip)).toEqual({
      "README.md": ["What this is", time],
      "empty.ndjson": ["", time],
      "größe/世界.ndjson": [long, time],
    })
    expect(zip.length).toBeLessThan(long.length / 4)
  })

  it("[EX1] without files is an archive all the same", async () => {
    expect(readBack(await bytesOf())).toEqual({})
  })

  it("[EX1] whose source fails, fails", async () => {
    async function* broken() {
      yield "a"
      throw new Error("the database is away")
    }
    await expect(bytesOf({ name: "a", at, content: broken() })).rejects.toThrow("the database is away")
  })
})
