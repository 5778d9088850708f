// `npm start`: keys, builds, workerd, databases, demo tenant; then it serves in the foreground until it is stopped.
import { parseArgs } from "node:util"
import { buildChanged } from "./lib/build.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, seconds } from "./lib/progress.ts"
import { describe, launch, takeState } from "./lib/server.ts"
import { readSettings } from "./lib/settings.ts"

await main(async () => {
  const { values } = parseArgs({ options: { "reset-demo-password": { type: "boolean", default: false } } })
  endWithParent(() => 0)
  const settings = readSettings(process.env)
  const folder = takeState(settings)
  console.log("Edgecrew")
  await buildChanged(["pages", "worker"])
  const { address, prepared } = await launch(folder, settings, {
    resetPassword: values["reset-demo-password"],
  })
  console.log(`  ready after ${seconds(performance.now())}`)
  console.log(describe(address, settings, prepared))
  console.log(`ready ${address}`)
})
