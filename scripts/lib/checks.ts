import { availableParallelism } from "node:os"
import { at, bin } from "./paths.ts"
import { run } from "./processes.ts"
import { seconds } from "./progress.ts"
import { slowRegexes } from "./regexes.ts"
import { checkSizes } from "./sizes.ts"
import { ownLockProblems } from "./supply.ts"
import { runProject } from "./vitest.ts"

interface Outcome {
  ok: boolean
  output: string
}

/** One thing that must hold of the sources; no network, no container. */
export interface Check {
  name: string
  /** Its output is worth reading also when all is well. */
  tells?: boolean
  look: () => Promise<Outcome>
}

const command = (name: string, tool: string, ...args: string[]): Check => ({
  name,
  look: () => outcome(bin(tool), args),
})

async function outcome(program: string, args: readonly string[]): Promise<Outcome> {
  const { code, output } = await run(program, [...args])
  return { ok: code === 0, output }
}

const houses = ["core", "durable", "worker", "web", "sandbox-runner", "test", "scripts"]

/** TypeScript 7 checks in a third of the time; 5.9 stays for tools that need its API. What it learnt is kept, so that a floor nobody touched is checked at once. */
function typesOf(project: string): Check {
  const memory = at("node_modules", ".cache", "tsc", `${project}.tsbuildinfo`)
  const args = ["-p", project, "--incremental", "--tsBuildInfoFile", memory]
  return {
    name: `types of ${project}`,
    look: () => outcome(at("node_modules", "typescript-native", "bin", "tsc"), args),
  }
}

/** The rules of .dependency-cruiser.cjs; a cruise that could read nothing would find nothing wrong, so it must have read much. */
const floors: Check = {
  name: "floors",
  look: async () => {
    const { ok, output } = await outcome(bin("depcruise"), ["--config", ".dependency-cruiser.cjs", ...houses])
    const read = Number(/(\d+) modules/.exec(output)?.[1] ?? 0)
    return ok && read < 100
      ? { ok: false, output: `Only ${read} modules could be read.\n${output}` }
      : { ok, output }
  },
}

const typed = ["core", "durable", "worker", "web", "sandbox-runner", "test", "tsconfig.json"]

const sizes: Check = {
  name: "sizes",
  tells: true,
  look: async () => {
    const { problems, notes } = checkSizes()
    return { ok: problems.length === 0, output: [...problems, ...notes].join("\n") }
  },
}

/** Regular expressions that take longer than their text excuses; nobody may keep a server busy with a text. */
const regexes: Check = {
  name: "regular expressions",
  look: async () => {
    const { problems, count } = await slowRegexes()
    // A reader that finds none would find nothing wrong.
    if (count < 100) problems.push(`Only ${count} expressions were found.`)
    return { ok: problems.length === 0, output: problems.join("\n") }
  },
}

const packages: Check = {
  name: "packages",
  look: () => {
    const problems = ownLockProblems()
    return Promise.resolve({ ok: problems.length === 0, output: problems.join("\n") })
  },
}

/** What `npm run verify` looks at beside the unit tests, slowest first so that two cores stay busy. */
export const checks: Check[] = [
  command("lint", "oxlint", "--type-aware"),
  command("unused code", "knip"),
  regexes,
  floors,
  ...typed.map(typesOf),
  command("generated types", "wrangler", "types", "--check", "--include-runtime=true"),
  command("format", "oxfmt", "--check"),
  command("lock file", "node", at("scripts", "complete-lock.mjs"), "--check"),
  packages,
  sizes,
]

/** The unit tests as one check. */
export const unitTests: Check = {
  name: "unit tests",
  tells: true,
  look: async () => {
    const { passed, failed, skipped, output } = await runProject("unit", () => {})
    const ok = failed.length === 0 && passed > 0
    const counts = `${passed} passed, ${failed.length} failed`
    return {
      ok,
      output: [...(ok ? [] : [output]), ...skipped.map((name) => `skipped: ${name}`), counts].join("\n"),
    }
  },
}

/** Looks at everything, as many at a time as there are cores, and prints a line for each; answers with those that failed. */
export async function lookAt(list: readonly Check[]): Promise<string[]> {
  const failed: string[] = []
  const waiting = [...list]
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const since = performance.now()
      const { ok, output } = await check.look()
      const took = seconds(performance.now() - since)
      console.log(`${ok ? "ok  " : "FAIL"} ${check.name.padEnd(28)} ${took}`)
      if (!ok) failed.push(check.name)
      if (output !== "" && (!ok || check.tells)) console.log(indent(output))
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  return failed
}

const shownLines = 200

function indent(text: string): string {
  const lines = text.trimEnd().split("\n")
  const rest = lines.length - shownLines
  return [...lines.slice(0, shownLines), ...(rest > 0 ? [`… and ${rest} lines more`] : [])]
    .join("\n")
    .replaceAll(/^/gm, "     ")
}

/** Tools that colour their output would do so into our pipes. */
export const plain = (): void => {
  process.env["NO_COLOR"] = "1"
  process.env["WRANGLER_SEND_METRICS"] = "false"
  process.env["WRANGLER_HIDE_BANNER"] = "true"
  process.chdir(at())
}
