// What `npm start` does for the sandbox, by itself: prints the Worker's bindings and what it would say, then stays.
import { endWithParent } from "../../../scripts/lib/lifeline.ts"
import { openSandbox } from "../../../scripts/lib/sandbox.ts"
import { readSettings } from "../../../scripts/lib/settings.ts"

endWithParent(() => 0)
const { bindings, told } = await openSandbox(readSettings(process.env))
console.log(JSON.stringify({ bindings, told: await told }))
setInterval(() => {}, 60_000)
