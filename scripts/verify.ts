// `npm run verify`: what must hold of the sources, in seconds and without a network.
import { checks, lookAt, plain, unitTests } from "./lib/checks.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, seconds } from "./lib/progress.ts"

await main(async () => {
  endWithParent(() => 1)
  plain()
  const failed = await lookAt([unitTests, ...checks])
  const took = seconds(performance.now())
  if (failed.length === 0) console.log(`\nverified in ${took}`)
  else console.log(`\nfailed in ${took}: ${failed.join(", ")}`)
  process.exit(failed.length === 0 ? 0 : 1)
})
