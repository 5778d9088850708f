// `npm run chaos`: what must hold while the server is killed; `-- --long` for hours of it, `-- --cells` for the crash points.
import { parseArgs } from "node:util"
import { tellKills } from "../test/chaos/kills/tell.ts"
import { randomKills } from "../test/chaos/kills/kills.ts"
import { buildChanged } from "./lib/build.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main } from "./lib/progress.ts"

await main(async () => {
  endWithParent(() => 1)
  const { values } = parseArgs({ options: { long: { type: "boolean", default: false } } })
  await buildChanged(["worker", "chaos"])
  const size = values.long
    ? { executions: 1_000, kills: 2_000, dark: 20 }
    : { executions: 60, kills: 100, dark: 4 }
  const isWell = tellKills(await randomKills(size))
  process.exit(isWell ? 0 : 1)
})
