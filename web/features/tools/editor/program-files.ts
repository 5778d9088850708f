import type { ContainerToolConfig } from "#core/tool/config"
import type { CodeLanguage } from "#web/ui/code-editor/model.ts"

type Runtime = ContainerToolConfig["runtime"]
export type ProgramFile = ContainerToolConfig["files"][number]

export const languageOfRuntime: Record<Runtime, CodeLanguage> = {
  python: "python",
  node: "javascript",
  bash: "shell",
}

const mainFile: Record<Runtime, string> = { python: "main.py", node: "main.mjs", bash: "main.sh" }

const languageOfEnding: Readonly<Record<string, CodeLanguage>> = {
  py: "python",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  json: "json",
  sh: "shell",
  bash: "shell",
}

/** The language of a file, by the ending of its name. */
export const languageOfFile = (path: string): CodeLanguage =>
  languageOfEnding[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ""] ?? "text"

type Programs = Pick<ContainerToolConfig, "runtime" | "source" | "files" | "entrypoint">

/** One text becomes the first file of several. */
export function intoFiles({ runtime, source, files }: Programs): Omit<Programs, "runtime"> {
  const path = freePath(mainFile[runtime], files)
  const main: ProgramFile = { path, content: source ?? "", encoding: "utf8" }
  return { source: undefined, files: [main, ...files], entrypoint: path }
}

/** Back to one text, where the file that is begun with is one; the other files stay beside it. */
export function intoSource({ files, entrypoint }: Programs): Omit<Programs, "runtime"> | null {
  const main = files.find(({ path }) => path === entrypoint)
  if (!main || main.encoding !== "utf8") return null
  return { source: main.content, files: files.filter((file) => file !== main), entrypoint: undefined }
}

/** `main.py`, or with a number where there is one of that name. */
export function freePath(wanted: string, files: readonly Pick<ProgramFile, "path">[]): string {
  const taken = new Set(files.map(({ path }) => path))
  const [, stem = wanted, ending = ""] = /^(.*?)(\.[^./]*)?$/.exec(wanted) ?? []
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : `${stem}-${n}${ending}`
    if (!taken.has(path)) return path
  }
}

/** A file's bytes as the contract has them: as text where they are UTF-8, else as base64. */
export function fileOf(path: string, bytes: Uint8Array): ProgramFile {
  try {
    const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    // A zero byte is in no text; an editor would lose it.
    if (!content.includes("\0")) return { path, content, encoding: "utf8" }
  } catch {
    // Not UTF-8: it is kept byte by byte.
  }
  return { path, content: base64(bytes), encoding: "base64" }
}

const piece = 0x8000

function base64(bytes: Uint8Array): string {
  let binary = ""
  for (let at = 0; at < bytes.length; at += piece)
    binary += String.fromCharCode(...bytes.subarray(at, at + piece))
  return btoa(binary)
}
