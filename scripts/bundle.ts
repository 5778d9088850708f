// Bundles a Worker: `node scripts/bundle.ts <wrangler configuration> <folder> [arguments of wrangler deploy]`. A process of
// its own, so that the server which stays never loads wrangler.
import { writeBundle } from "./lib/bundle.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal } from "./lib/progress.ts"

await main(async () => {
  endWithParent(() => 1)
  const [config, folder, ...more] = process.argv.slice(2)
  if (config === undefined || folder === undefined)
    throw new Refusal("usage: bundle.ts <configuration> <folder> [arguments of wrangler deploy]")
  await writeBundle(config, folder, more)
  process.exit(0)
})
