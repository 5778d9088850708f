import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { Worker } from "node:worker_threads"
import ts from "typescript"
import { at } from "./paths.ts"
import type { Asked, Slow } from "./regex-probe.ts"

/** What runs on the server: the browser's expressions keep nobody waiting but who wrote the text. */
const houses = ["core", "durable", "worker"]

/**
 * Expressions whose texts are cut before they get there, by a part of their source: at so many signs, and rows of white space at so
 * many. Everything else must read a text of any length.
 */
const bounded: { file: string; has: string; most: number; spaces?: number }[] = [
  { file: "core/flow/expression/functions/pictures.ts", has: "", most: 500 },
  { file: "core/llm/builtin/document.ts", has: "", most: 400, spaces: 2 },
  { file: "core/llm/builtin/line-items.ts", has: "", most: 300, spaces: 1 },
  { file: "core/llm/builtin/labels.ts", has: "[^:(=–—]+?", most: 400 },
  { file: "core/privacy/redact.ts", has: "\\S*\\d[", most: 60 },
  { file: "core/llm/builtin/tool-arguments.ts", has: "", most: 2_000 },
  ...["changes", "adding", "clauses", "data", "names", "values"].map((name) => ({
    file: `core/llm/builtin/flow-${name}.ts`,
    has: "",
    most: 4_000,
    spaces: 8,
  })),
]

type Regex = { file: string; line: number; source: string; flags: string }

/** Every regular expression that a file writes out, as it stands there. */
export function regexesIn(file: string, text: string): Regex[] {
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  const found: Regex[] = []
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/")
      const line = parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1
      found.push({ file, line, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
    }
    ts.forEachChild(node, walk)
  }
  walk(parsed)
  return found
}

/** Without a part that repeats there is nothing to walk back over. */
const repeats = ({ source }: Regex): boolean => /[*+]|\{\d+,\d*\}/.test(source)

const sourcesOf = (house: string): string[] =>
  readdirSync(at(house), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && one.name.endsWith(".ts") && !one.name.endsWith(".test.ts"))
    .map((one) => relative(at(), join(one.parentPath, one.name)).replaceAll("\\", "/"))

/** A minute for one expression is for ever; its thread is given up and another takes its place. */
const patienceMs = 60_000

class Probe {
  #worker: Worker | undefined

  async ask(asked: Asked): Promise<Slow | undefined> {
    this.#worker ??= await started()
    const worker = this.#worker
    return await new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        void worker.terminate()
        this.#worker = undefined
        resolve({ length: 0, ms: patienceMs, text: "(it came to no end)" })
      }, patienceMs)
      worker.once("error", reject)
      worker.once("message", (slow: Slow | null) => {
        clearTimeout(late)
        worker.removeListener("error", reject)
        resolve(slow ?? undefined)
      })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of ours is no window
      worker.postMessage(asked)
    })
  }

  async end(): Promise<void> {
    await this.#worker?.terminate()
  }
}

async function started(): Promise<Worker> {
  const worker = new Worker(new URL("./regex-probe.ts", import.meta.url))
  await new Promise((resolve) => worker.once("message", resolve))
  return worker
}

const memory = (): string => at("node_modules", ".cache", "regexes.json")

function remembered(): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(memory(), "utf8")) as string[])
  } catch {
    return new Set()
  }
}

/**
 * Looks for texts on which the server's regular expressions take longer than their length excuses, by trying texts made from the
 * expressions' own shapes. What was found well is remembered, so that an expression that nobody touched is looked at once.
 */
export async function slowRegexes(): Promise<{ problems: string[]; count: number }> {
  const probe = new Probe()
  const well = remembered()
  const problems: string[] = []
  const all = houses
    .flatMap(sourcesOf)
    .flatMap((file) => regexesIn(file, readFileSync(at(file), "utf8")))
    .filter(repeats)
  for (const one of all) {
    const limits = bounded.find(({ file, has }) => file === one.file && one.source.includes(has))
    const asked: Asked = {
      source: one.source,
      flags: one.flags,
      ...(limits && { most: limits.most, ...(limits.spaces !== undefined && { spaces: limits.spaces }) }),
    }
    const key = createHash("sha256").update(JSON.stringify(asked)).digest("hex")
    if (well.has(key)) continue
    const slow = await probe.ask(asked)
    if (slow)
      problems.push(
        `${one.file}:${one.line} /${one.source.slice(0, 80)}/ takes ${Math.round(slow.ms)} ms for ${slow.length} signs of ${JSON.stringify(slow.text)}: make it read each sign once, or bound its text and say so in scripts/lib/regexes.ts.`,
      )
    else well.add(key)
  }
  await probe.end()
  mkdirSync(dirname(memory()), { recursive: true })
  writeFileSync(memory(), JSON.stringify([...well]))
  return { problems, count: all.length }
}
