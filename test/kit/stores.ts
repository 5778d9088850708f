import { listDurableObjectIds, runInDurableObject } from "cloudflare:test"
import { BLOBS } from "./artifacts.ts"
import { databaseOf, everythingIn } from "./dump.ts"
import { testEnv } from "./tenants.ts"

/** A row as text, bytes by what they say in UTF-8; D1 gives them as a list of numbers. */
const textOf = (rows: unknown): string =>
  JSON.stringify(rows, (_, value: unknown): unknown => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value)
    const isBytes = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number")
    return isBytes ? new TextDecoder().decode(Uint8Array.from(value)) : value
  })

async function objectText(namespace: DurableObjectNamespace, id: DurableObjectId): Promise<string> {
  return runInDurableObject(namespace.get(id), (_, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      )
      .toArray()
    return tables
      .map(({ name }) => `${name}: ${textOf(storage.sql.exec(`SELECT * FROM "${name}"`).toArray())}`)
      .join("\n")
  })
}

/** Everything that is stored for a tenant and in the control database, by the name of the store: to look for what must not be there. */
export async function storesOf(tenant: string): Promise<Record<string, string>> {
  const stores: Record<string, string> = {}
  for (const [table, rows] of Object.entries(await everythingIn(testEnv.CONTROL_DB)))
    stores[`control ${table}`] = textOf(rows)
  for (const [table, rows] of Object.entries(await everythingIn(await databaseOf(tenant))))
    stores[`tenant ${table}`] = textOf(rows)
  const { EXECUTION, CHAT, CANVAS, CLOCK, GOVERNOR, SEALER } = testEnv
  for (const [name, namespace] of Object.entries({ EXECUTION, CHAT, CANVAS, CLOCK, GOVERNOR, SEALER })) {
    const all = namespace as unknown as DurableObjectNamespace
    for (const [i, id] of (await listDurableObjectIds(all)).entries())
      stores[`${name} ${i}`] = await objectText(all, id)
  }
  for (const { key } of (await BLOBS.list()).objects)
    stores[`blob ${key}`] = `${key} ${await (await BLOBS.get(key))?.text()}`
  return stores
}

/** In which stores each of some words stands. */
export const whereFound = (stores: Record<string, string>, words: readonly string[]): string[] =>
  words.flatMap((word) =>
    Object.entries(stores).flatMap(([store, text]) => (text.includes(word) ? [`${word} in ${store}`] : [])),
  )
