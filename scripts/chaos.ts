// `npm run chaos`: what must hold while the server is killed. `-- kills --long` does one form of it, for long; `-- --cells` the
// crash points alone, `--only 'map|loop'` those whose line fits; `-- browsers --minutes 10` eight people in Chromium, for so long.
import { parseArgs } from "node:util"
import { editedByBrowsers } from "../test/chaos/browsers/browsers.ts"
import { tellBrowsers } from "../test/chaos/browsers/tell.ts"
import { randomCancels } from "../test/chaos/cancels/cancels.ts"
import { tellCancels } from "../test/chaos/cancels/tell.ts"
import { killedCanvas } from "../test/chaos/canvas/canvas.ts"
import { tellCanvas } from "../test/chaos/canvas/tell.ts"
import { executeCells } from "../test/chaos/cells/cells.ts"
import { matrix } from "../test/chaos/cells/matrix.ts"
import { tellCells } from "../test/chaos/cells/tell.ts"
import { randomKills } from "../test/chaos/kills/kills.ts"
import { tellKills } from "../test/chaos/kills/tell.ts"
import { faultyModels } from "../test/chaos/models/models.ts"
import { tellModels } from "../test/chaos/models/tell.ts"
import { stalledReaders } from "../test/chaos/readers/readers.ts"
import { tellReaders } from "../test/chaos/readers/tell.ts"
import { rotatedKeys } from "../test/chaos/rotation/rotation.ts"
import { tellRotation } from "../test/chaos/rotation/tell.ts"
import { runnerKills } from "../test/chaos/runner/runner.ts"
import { tellRunner } from "../test/chaos/runner/tell.ts"
import { buildChanged } from "./lib/build.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal } from "./lib/progress.ts"
import { needSandbox } from "./lib/sandbox.ts"

interface Effort {
  isLong: boolean
  only: RegExp
  minutes: number | undefined
  seed: number
}

const shortKills = { executions: 60, kills: 100, dark: 4 }
const longKills = { executions: 1_000, kills: 2_000, dark: 20 }

const say = (line: string): void => console.log(line)

/** What is done, in this order; each prints its table and answers with what should not have been. */
const forms: Record<string, (effort: Effort) => Promise<string[]>> = {
  kills: async ({ isLong }) => tellKills(await randomKills({ ...(isLong ? longKills : shortKills), say })),
  cells: async ({ only }) =>
    tellCells(
      await executeCells(
        matrix().filter(({ id, variant, what }) => only.test(`${id} ${variant}: ${what}`)),
        say,
      ),
    ),
  cancels: async ({ isLong }) => tellCancels(await randomCancels(isLong ? 1_000 : 100)),
  models: async ({ isLong }) => tellModels(await faultyModels(isLong ? 10_000 : 1_000)),
  keys: async ({ isLong }) => tellRotation(await rotatedKeys(isLong ? 10_000 : 1_000)),
  canvas: async ({ isLong }) => tellCanvas(await killedCanvas(isLong ? 200 : 20, Date.now() % 10_000)),
  browsers: async ({ isLong, minutes = isLong ? 10 : 1, seed }) =>
    tellBrowsers(
      await editedByBrowsers({ browsers: 8, seconds: minutes * 60, seed, killEvery: 20, partitionEvery: 4 }),
    ),
  readers: async () => tellReaders(await stalledReaders(50)),
  runner: async ({ isLong }) => {
    await needSandbox()
    return tellRunner(await runnerKills({ kills: isLong ? 1_000 : 200, say }))
  },
}

const shown = 40

await main(async () => {
  endWithParent(() => 1)
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: "boolean", default: false },
      cells: { type: "boolean", default: false },
      only: { type: "string", default: "" },
      minutes: { type: "string" },
      seed: { type: "string" },
    },
  })
  const names = Object.keys(forms)
  const unknown = positionals.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Refusal(`There is no ${unknown.join(", ")}; there are ${names.join(", ")}.`)
  const chosen = values.cells ? ["cells"] : positionals.length === 0 ? names : positionals
  await buildChanged(["pages", "worker", "chaos"])
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  const seed = Number(values.seed ?? Date.now() % 10_000)
  const effort = { isLong: values.long, only: new RegExp(values.only), minutes, seed }
  let faults = 0
  for (const name of chosen) {
    const found = (await forms[name]?.(effort)) ?? []
    faults += found.length
    for (const fault of found.slice(0, shown)) console.log(`  ${fault.slice(0, 400)}`)
    if (found.length > shown) console.log(`  … and ${found.length - shown} more`)
  }
  process.exit(faults === 0 ? 0 : 1)
})
