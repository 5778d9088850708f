// `npm test`: everything. `npm test -- workerd web` limits it to those vitest projects.
import { parseArgs } from "node:util"
import { buildChanged } from "./lib/build.ts"
import { checks, lookAt, plain, type Check } from "./lib/checks.ts"
import { needShell } from "./lib/chromium.ts"
import { needDnsmasq } from "./lib/dnsmasq.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal, seconds } from "./lib/progress.ts"
import { needSandbox } from "./lib/sandbox.ts"
import { projectNames, runProject } from "./lib/vitest.ts"

/** Built first: sizes are taken from it, and the journeys start it. */
const builds: Check = {
  name: "builds",
  look: async () => {
    try {
      await buildChanged(["pages", "worker", "chaos"])
      return { ok: true, output: "" }
    } catch (error) {
      return { ok: false, output: error instanceof Error ? error.message : String(error) }
    }
  },
}

async function choose(): Promise<{ chosen: string[]; everything: boolean }> {
  const projects = await projectNames()
  const { positionals } = parseArgs({ allowPositionals: true })
  const unknown = positionals.filter((name) => !projects.includes(name))
  if (unknown.length > 0)
    throw new Refusal(`There is no ${unknown.join(", ")}; projects are ${projects.join(", ")}.`)
  return { chosen: positionals.length === 0 ? projects : positionals, everything: positionals.length === 0 }
}

await main(async () => {
  endWithParent(() => 1)
  const { chosen, everything } = await choose()
  if (chosen.includes("e2e")) {
    process.env["CHROMIUM_PATH"] = await needShell()
    await needDnsmasq()
  }
  if (["sandbox", "chaos", "e2e"].some((name) => chosen.includes(name))) await needSandbox()
  plain()

  let passed = 0
  const failed: string[] = []
  const skipped: string[] = []
  const look = async (list: readonly Check[]): Promise<void> => {
    const names = await lookAt(list)
    failed.push(...names)
    passed += list.length - names.length
  }
  if (everything || chosen.includes("e2e") || chosen.includes("chaos")) await look([builds])
  if (everything) await look(checks)
  for (const project of chosen) {
    console.log(`\n${project}`)
    const result = await runProject(project, (text) => process.stdout.write(text))
    passed += result.passed
    failed.push(...result.failed)
    skipped.push(...result.skipped)
  }

  if (failed.length > 0) console.log(`\nFailed:\n${failed.map((name) => `- ${name}`).join("\n")}`)
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `- ${name}`).join("\n")}`)
  if (!everything) console.log(`\nOnly ${chosen.join(", ")} was asked for.`)
  console.log(`\n${seconds(performance.now())}${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`)
  console.log(`${passed} passed, ${failed.length} failed`)
  process.exit(failed.length === 0 ? 0 : 1)
})
