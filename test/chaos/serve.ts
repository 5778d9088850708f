// The server of `npm start` with the Worker that dies at crash points: for the chaos harness, which starts it.
import { buildChanged, chaosFolder } from "../../scripts/lib/build.ts"
import { endWithParent } from "../../scripts/lib/lifeline.ts"
import { main } from "../../scripts/lib/progress.ts"
import { launch, takeState } from "../../scripts/lib/server.ts"
import { readSettings } from "../../scripts/lib/settings.ts"

await main(async () => {
  endWithParent(() => 0)
  const settings = readSettings(process.env)
  const folder = takeState(settings)
  await buildChanged(["chaos"])
  const bindings = { ...settings.bindings, CHAOS_URL: process.env["CHAOS_URL"] ?? "" }
  const { address } = await launch(
    folder,
    { ...settings, bindings },
    { resetPassword: false, worker: chaosFolder },
  )
  console.log(`ready ${address}`)
})
