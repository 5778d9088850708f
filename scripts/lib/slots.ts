/** The most bindings that a Worker may have is about 5,000; what else it binds stays free. */
const mostSlots = 4_900

/** A slot whose tenant was erased is commented out: its number stays taken. */
const slotOf = /^(#\s*)?binding = "TENANT_DB_(\d{3,})"$/gm

/** `wrangler.toml` with so many more databases for tenants, numbered on from the last. */
export function withMoreSlots(toml: string, more: number): { toml: string; first: string; last: string } {
  const taken = [...toml.matchAll(slotOf)]
  const bound = taken.filter(([, retired]) => retired === undefined).length
  const next = Math.max(-1, ...taken.map(([, , number]) => Number(number))) + 1
  if (bound + more > mostSlots)
    throw new RangeError(
      `A Worker binds at most ${mostSlots.toLocaleString("en")} databases for tenants, and has ${bound.toLocaleString("en")}.`,
    )
  const names = Array.from({ length: more }, (_, i) => String(next + i).padStart(3, "0"))
  const blocks = names.map((name) =>
    [
      "[[d1_databases]]",
      `binding = "TENANT_DB_${name}"`,
      `database_name = "edgecrew-tenant-${name}"`,
      `database_id = "tenant-${name}"`,
    ].join("\n"),
  )
  return { toml: `${toml.trimEnd()}\n\n${blocks.join("\n\n")}\n`, first: names[0]!, last: names.at(-1)! }
}
