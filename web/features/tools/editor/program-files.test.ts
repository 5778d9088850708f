import { expect, it } from "vitest"
import { fileOf, freePath, intoFiles, intoSource, languageOfFile } from "./program-files.ts"

const data = { path: "data.json", content: "{}", encoding: "utf8" as const }

it("makes a file of the one text, and one text of it again, with the other files as they were", () => {
  const one = { runtime: "python" as const, source: "print(1)", files: [data], entrypoint: undefined }
  const several = intoFiles(one)
  expect(several).toEqual({
    source: undefined,
    entrypoint: "main.py",
    files: [{ path: "main.py", content: "print(1)", encoding: "utf8" }, data],
  })
  expect(intoSource({ runtime: "python", ...several })).toEqual({
    source: "print(1)",
    files: [data],
    entrypoint: undefined,
  })
})

it("makes no text of a file that is none, or that is not there", () => {
  const files = [{ path: "a.bin", content: "AA==", encoding: "base64" as const }]
  expect(intoSource({ runtime: "bash", files, entrypoint: "a.bin" })).toBeNull()
  expect(intoSource({ runtime: "bash", files, entrypoint: "b" })).toBeNull()
})

it("finds a path that no file has", () => {
  expect(freePath("main.py", [])).toBe("main.py")
  expect(freePath("main.py", [{ path: "main.py" }, { path: "main-2.py" }])).toBe("main-3.py")
  expect(freePath("lib/a", [{ path: "lib/a" }])).toBe("lib/a-2")
})

it("keeps a file's bytes, as text where they are one", () => {
  expect(fileOf("a.txt", new TextEncoder().encode("\u{feff}grün"))).toMatchObject({
    content: "\u{feff}grün",
    encoding: "utf8",
  })
  expect(fileOf("a.bin", new Uint8Array([255, 0]))).toMatchObject({ content: "/wA=", encoding: "base64" })
  expect(fileOf("b.bin", new Uint8Array([97, 0]))).toMatchObject({ content: "YQA=", encoding: "base64" })
})

it("knows a file's language by its ending", () => {
  expect(["a.py", "lib/b.MJS", "c.sh", "d.json", "README", "x.tar.gz"].map(languageOfFile)).toEqual([
    "python",
    "javascript",
    "shell",
    "json",
    "text",
    "text",
  ])
})
