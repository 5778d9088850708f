// Bundles a Worker: `node scripts/bundle.ts <wrangler configuration> <folder>`. A process of its own, so that the
// server which stays never loads wrangler.
import { writeBundle } from "./lib/bundle.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal } from "./lib/progress.ts"

await main(async () => {
  endWithParent(() => 1)
  const [config, folder] = process.argv.slice(2)
  if (config === undefined || folder === undefined)
    throw new Refusal("usage: bundle.ts <configuration> <folder>")
  await writeBundle(config, folder)
  process.exit(0)
})
