// `npm run tenants:add -- N`: binds N more databases, one for each tenant that may come.
import { readFile, writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { at } from "./lib/paths.ts"
import { main, Refusal } from "./lib/progress.ts"
import { withMoreSlots } from "./lib/slots.ts"

await main(async () => {
  const { positionals } = parseArgs({ allowPositionals: true })
  const more = Number(positionals[0])
  if (positionals.length !== 1 || !Number.isInteger(more) || more < 1)
    throw new Refusal("Say how many: npm run tenants:add -- 32")
  const file = at("wrangler.toml")
  const toml = await readFile(file, "utf8")
  let grown: ReturnType<typeof withMoreSlots>
  try {
    grown = withMoreSlots(toml, more)
  } catch (error) {
    throw error instanceof RangeError ? new Refusal(error.message) : error
  }
  await writeFile(file, grown.toml)
  console.log(`wrangler.toml binds TENANT_DB_${grown.first} to TENANT_DB_${grown.last} as well.`)
  console.log(
    "Here: start again. On Cloudflare: `npx wrangler d1 create` each by its database_name, put the id",
  )
  console.log("that it prints in the place of its database_id, and deploy.")
})
