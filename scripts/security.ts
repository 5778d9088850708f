// `npm run security`: the long forms of what `npm test` proves shortly, printed as a table. `-- probes` does one of them,
// `-- --short` the short forms. sqlmap and wapiti are asked where they are installed (Debian: apt-get install sqlmap wapiti);
// Spectral and Prism are fetched from npm, at one version, when they are asked for.
import { spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { measureAudit } from "../test/bench/audit.ts"
import { measureLimits } from "../test/bench/limits.ts"
import { at, bin } from "./lib/paths.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal, seconds } from "./lib/progress.ts"
import { attack, type Attacked } from "./lib/attack.ts"
import { bySpectral, documentFile } from "./lib/reference/document.ts"
import { inTurn, startJudge } from "./lib/reference/judge.ts"
import { startTap } from "./lib/reference/tap.ts"
import { slowRegexes } from "./lib/regexes.ts"
import { billOfMaterials, ownLockProblems } from "./lib/supply.ts"

interface Outcome {
  ok: boolean
  /** What was counted, in words. */
  found: string
  /** What a person needs who is to mend it. */
  output?: string
}

type Form = (isLong: boolean) => Promise<Outcome>

/** Runs test files and reads what they counted. */
const tests =
  (project: string, ...files: string[]): Form =>
  async (isLong) => {
    const { code, output } = await vitest(project, files, isLong, isLong ? { AUDIT_TAMPERS: "1000" } : {})
    const counted = [...output.matchAll(/^\{"[a-z_]+":\d+[^\n]*\}$/gm)].map(([line]) =>
      Object.entries(JSON.parse(line) as Record<string, number>)
        .map(([name, count]) => `${count.toLocaleString("en")} ${name.replaceAll("_", " ")}`)
        .join(", "),
    )
    const passed = /Tests\s+(?:\d+ failed \| )?(\d+) passed/.exec(output)?.[1] ?? "0"
    return {
      ok: code === 0 && passed !== "0",
      found: [...counted, `${passed} tests`].join("; "),
      output: code === 0 ? "" : output,
    }
  }

/** Several forms as one, one after the other. */
const inOrder =
  (...forms: Form[]): Form =>
  async (isLong) => {
    const outcomes: Outcome[] = []
    for (const form of forms) outcomes.push(await form(isLong))
    return {
      ok: outcomes.every(({ ok }) => ok),
      found: outcomes.map(({ found }) => found).join("; "),
      output: outcomes.map(({ output = "" }) => output).join("\n"),
    }
  }

function vitest(
  project: string,
  files: readonly string[],
  isLong: boolean,
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const args = [
    "run",
    "--project",
    project,
    ...files,
    ...(isLong ? ["--test-timeout", String(3_600_000)] : []),
  ]
  const child = spawn(bin("vitest"), args, {
    cwd: at(),
    env: { ...process.env, ...env, NO_COLOR: "1", SECURITY: isLong ? "long" : "" },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  const hear = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  return new Promise((resolve) => child.once("close", (code) => resolve({ code: code ?? 1, output })))
}

/** What is found by the tools that others attack with. */
const tool =
  (name: "sqlmap" | "wapiti"): Form =>
  async () => {
    const attacked: Attacked = await attack(name)
    return { ok: attacked.problems.length === 0, found: attacked.said, output: attacked.problems.join("\n") }
  }

/** Whole journeys by HTTP: the long form takes those of the pages along, whose tests set themselves up by the API. */
const journeys = (isLong: boolean): string[] =>
  readdirSync(at("test", "e2e"))
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => {
      const text = readFileSync(at("test", "e2e", name), "utf8")
      return text.includes("Client") && (isLong || !/kit\/browser|playwright/.test(text))
    })
    .map((name) => `test/e2e/${name}`)

/** Prism stands between the journeys and the Worker, and holds what it sees against the document. */
const proxy: Form = async (isLong) => {
  const judge = await startJudge(await documentFile())
  const exchanges = inTurn((exchange) => judge.judge(exchange))
  const tap = await startTap((exchange) => exchanges.add(exchange))
  try {
    const env = { EDGECREW_TEST_TAP: tap.address }
    const { code, output } = await vitest("e2e", journeys(isLong), false, env)
    const { judged, found } = await exchanges.end()
    const kinds = [...new Set(found)]
    return {
      ok: code === 0 && judged > 1_000 && kinds.length === 0,
      found: `${judged.toLocaleString("en")} exchanges judged by Prism, ${found.length} violations`,
      // Last what Prism says: of long outputs the ends are printed.
      output: [...(code === 0 ? [] : [output]), ...kinds].join("\n"),
    }
  } finally {
    await tap.close()
    judge.close()
  }
}

/** What the offline verifier is held to with a million entries (`docs/audit-format.md` says what it looks for). */
const mostVerify = { seconds: 20, megabytes: 256 }

/** The verifier with a log of many entries: how long it takes, how much memory, and whether it finds every tamper by its entry. */
const verifier: Form = async (isLong) => {
  const [entries, tampers] = isLong ? [1_000_000, 1_000] : [100_000, 200]
  const { seconds: took, megabytes, found } = await measureAudit({ rounds: 1, entries, tampers })
  const isWithin = took <= mostVerify.seconds && megabytes <= mostVerify.megabytes
  return {
    ok: isWithin && found === tampers,
    found: `${entries.toLocaleString("en")} entries in ${took.toFixed(1)} s and ${Math.round(megabytes)} MB, ${found} of ${tampers} tampers found`,
  }
}

/** 200 requests a second against a limit of 50, at a server of its own: let in to within 1 %, and refusals that keep nobody waiting. */
const limiter: Form = async (isLong) => {
  const { admitted, wanted, others, throttled } = await measureLimits(isLong ? 60 : 10)
  const off = Math.abs(admitted.count - wanted) / wanted
  return {
    ok: off <= 0.01 && others === 0 && throttled.p95 < 50,
    found: `${admitted.count} of ${wanted} let in, refusals p95 ${throttled.p95.toFixed(1)} ms, ${others} other answers`,
  }
}

const forms: Record<string, Form> = {
  matrix: tests("workerd", "test/workerd/matrix.test.ts", "test/workerd/access.test.ts"),
  probes: tests("workerd", "test/workerd/probes.test.ts", "test/workerd/tenants.test.ts"),
  bodies: tests("workerd", "test/workerd/malformed.test.ts", "test/workerd/body.test.ts"),
  tokens: tests("workerd", "test/workerd/forged.test.ts", "test/workerd/tokens.test.ts"),
  headers: tests("workerd", "test/workerd/http.test.ts"),
  secrets: inOrder(
    tests(
      "unit",
      "worker/secrets",
      "worker/digest.test.ts",
      "worker/habits.test.ts",
      "test/llm/no-key.test.ts",
    ),
    tests("workerd", "test/workerd/secrets.test.ts", "test/workerd/auth.timing.test.ts"),
  ),
  audit: inOrder(tests("unit", "scripts/audit", "core/audit"), verifier),
  spend: inOrder(
    tests("unit", "core/governor", "test/llm/holds.test.ts"),
    tests("objects", "test/objects/governor.test.ts", "test/objects/places.test.ts"),
    tests("workerd", "test/workerd/governor.test.ts", "test/workerd/quotas.test.ts"),
    tests("e2e", "test/e2e/budgets.test.ts"),
  ),
  limits: inOrder(tests("workerd", "test/workerd/rates.test.ts"), limiter),
  faults: tests("workerd", "test/workerd/faults.test.ts", "test/workerd/audit.test.ts"),
  erasure: tests(
    "workerd",
    "test/workerd/erasure.test.ts",
    "test/workerd/erasure-chats.test.ts",
    "test/workerd/tenant-erasure.test.ts",
    "test/workerd/personal-data.test.ts",
  ),
  outward: tests("e2e", "test/e2e/outbound.test.ts"),
  pages: tests("e2e", "test/e2e/xss-pages.test.ts"),
  texts: tests("unit", "test/security"),
  canaries: tests("e2e", "test/e2e/canaries.test.ts"),
  regexes: async () => {
    const { problems, count } = await slowRegexes()
    return { ok: problems.length === 0, found: `${count} expressions`, output: problems.join("\n") }
  },
  packages: () => {
    const problems = ownLockProblems()
    const bill = billOfMaterials()
    mkdirSync(at("dist"), { recursive: true })
    writeFileSync(at("dist", "sbom.cdx.json"), `${JSON.stringify(bill, null, 2)}\n`)
    const found = `${bill.components.length} packages that ship, in dist/sbom.cdx.json`
    return Promise.resolve({ ok: problems.length === 0, found, output: problems.join("\n") })
  },
  spectral: async () => {
    const { operations, problems } = await bySpectral()
    return {
      ok: problems.length === 0,
      found: `${operations} operations, ${problems.length} remarks`,
      output: problems.join("\n"),
    }
  },
  proxy,
  sqlmap: tool("sqlmap"),
  wapiti: tool("wapiti"),
}

await main(async () => {
  endWithParent(() => 1)
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { short: { type: "boolean", default: false } },
  })
  const unknown = positionals.filter((name) => !Object.hasOwn(forms, name))
  if (unknown.length > 0)
    throw new Refusal(`There is no ${unknown.join(", ")}. Choose among ${Object.keys(forms).join(", ")}.`)
  const chosen = Object.entries(forms).filter(
    ([name]) => positionals.length === 0 || positionals.includes(name),
  )
  console.log(`${values.short ? "the short forms" : "the long forms"}\n`)
  let failed = 0
  for (const [name, form] of chosen) {
    const since = performance.now()
    const { ok, found, output = "" } = await form(!values.short)
    console.log(
      `${ok ? "ok  " : "FAIL"} ${name.padEnd(10)} ${seconds(performance.now() - since).padStart(8)}  ${found}`,
    )
    if (!ok) {
      failed += 1
      console.log(output.slice(-20_000))
    }
  }
  if (failed > 0) throw new Refusal(`${failed} of ${chosen.length} found something.`)
})
