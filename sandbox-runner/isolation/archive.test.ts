import { expect, it } from "vitest"
import { TarReader } from "../tar.ts"
import { archiveOf } from "./archive.ts"

it("[SB7] files go in as a tar stream that reads back the same, with long and foreign names", () => {
  const files = [
    { path: "a.txt", content: "text", encoding: "utf8" as const },
    { path: "empty", content: "", encoding: "utf8" as const },
    { path: `${"deep/".repeat(40)}file`, content: "x".repeat(512), encoding: "utf8" as const },
    {
      path: "ünïcode/名前",
      content: Buffer.from([0, 255, 128]).toString("base64"),
      encoding: "base64" as const,
    },
    { path: "n".repeat(100), content: "y".repeat(1_000), encoding: "utf8" as const },
  ]
  const reader = new TarReader({ files: 64, bytes: 1_000_000 })
  reader.push(archiveOf(files))
  const read = reader.end()
  expect(read).toMatchObject({ refused: 0, problem: null })
  expect(read.files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("hex")])).toEqual(
    files.map(({ path, content, encoding }) => [path, Buffer.from(content, encoding).toString("hex")]),
  )
})
