import * as z from "zod"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { workerFolder } from "./build.ts"
import { filesUnder } from "./fingerprint.ts"
import { at } from "./paths.ts"

const maxLines = 400
const maxWorkerBytes = 3 * 1024 * 1024
const maxScriptBytes = 250_000
const maxEditorBytes = 380_000

const code = /\.(?:ts|tsx|mjs|cjs|js|css|html)$/
const folders = ["core", "durable", "worker", "web", "sandbox-runner", "scripts", "test"]

const zipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length

/** Files that grew past what a reader can hold. */
function longFiles(): string[] {
  return filesUnder(folders, { tests: true })
    .filter((path) => code.test(path) && !path.endsWith(".d.ts"))
    .map((path) => ({ path, lines: readFileSync(at(path), "utf8").trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path} has ${lines} lines; at most ${maxLines}`)
}

/** The Worker as it is uploaded, gzipped. */
function workerBytes(): number | undefined {
  if (!existsSync(workerFolder)) return undefined
  const files = readdirSync(workerFolder).filter((file) => /\.(?:js|wasm|sql|txt|bin)$/.test(file))
  return files.reduce((sum, file) => sum + zipped(join(workerFolder, file)), 0)
}

/** The scripts a browser must have before the first page can show: what index.html names. */
function firstLoadBytes(): number | undefined {
  const page = at("dist", "web", "index.html")
  if (!existsSync(page)) return undefined
  const html = readFileSync(page, "utf8")
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.js)"/g)]
  const paths = new Set(named.flatMap(([, path]) => (path === undefined ? [] : [path])))
  return [...paths].reduce((sum, path) => sum + zipped(at("dist", "web", path)), 0)
}

const EarlyOfEditor = z.object({ files: z.array(z.string()), packages: z.array(z.string()) })

/** What a browser loads before the canvas of the editor is drawn, as the build wrote it down (web/vite.config.ts). */
function editorLoad(): z.infer<typeof EarlyOfEditor> | undefined {
  const told = at("dist", "web", ".vite", "editor.json")
  return existsSync(told) ? EarlyOfEditor.parse(JSON.parse(readFileSync(told, "utf8"))) : undefined
}

/** Too heavy to be waited for: they belong to what comes after the canvas. */
const notBeforeCanvas = /^(jsonata|re2js|@cfworker\/json-schema|@codemirror\/.+|@lezer\/.+)$/

/** What is too large, and the sizes that were looked at. */
export function checkSizes(): { problems: string[]; notes: string[] } {
  const problems = longFiles()
  const notes: string[] = []
  const weigh = (what: string, bytes: number | undefined, max: number): void => {
    if (bytes === undefined) return
    const line = `${what} ${(bytes / 1000).toFixed(0)} kB gzipped, at most ${(max / 1000).toFixed(0)} kB`
    notes.push(line)
    if (bytes > max) problems.push(line)
  }
  weigh("Worker", workerBytes(), maxWorkerBytes)
  weigh("first script load", firstLoadBytes(), maxScriptBytes)
  const editor = editorLoad()
  if (editor) {
    const scripts = editor.files.filter((file) => file.endsWith(".js"))
    const bytes = scripts.reduce((sum, file) => sum + zipped(at("dist", "web", file)), 0)
    weigh("script before the editor's canvas", bytes, maxEditorBytes)
    for (const name of editor.packages.filter((one) => notBeforeCanvas.test(one)))
      problems.push(`${name} is loaded before the editor's canvas is drawn`)
  }
  return { problems, notes }
}
