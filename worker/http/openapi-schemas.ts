import * as z from "zod"

/** Plain JSON as it stands in the document. */
export type Doc = { [key: string]: unknown }

type Side = "input" | "output"

const prefix = "#/$defs/"

const isDoc = (value: unknown): value is Doc =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** zod names what it must repeat; of ours only "any JSON" repeats itself without a name. */
const isAnyJson = (name: string): boolean => name.startsWith("__schema")

/**
 * Turns zod schemas into JSON Schema 2020-12 and gathers those with an id as components. What is asked for and what is answered
 * may differ under one id (a default makes a field optional in a request); then the request's is called `<id>Input`.
 */
export class Components {
  readonly #defs: Record<Side, Map<string, Doc>> = { input: new Map(), output: new Map() }

  /** A schema, with references that `resolve` settles when everything is known. */
  of(schema: z.ZodType, io: Side): unknown {
    const { $schema: _, $defs, ...root } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Doc
    if (isDoc($defs)) {
      for (const [name, def] of Object.entries($defs)) {
        if (!isAnyJson(name) && isDoc(def)) this.#defs[io].set(name, this.#mark(def, io))
      }
    }
    const { id } = schema.meta() ?? {}
    if (typeof id !== "string") return this.#mark(root, io)
    // zod puts a schema with an id under its own definitions and leaves a reference in its place.
    if (!("$ref" in root)) this.#defs[io].set(id, this.#mark(root, io))
    return { $ref: `${io}:${id}` }
  }

  /** References by side, without zod's own marks; what is answered may grow fields later. */
  #mark<T>(value: T, io: Side): T {
    const walk = (one: unknown): unknown => {
      if (Array.isArray(one)) return one.map(walk)
      if (!isDoc(one)) return one
      const { $ref, id: _, ...rest } = one
      if (typeof $ref === "string") {
        const name = $ref.replace(prefix, "")
        return isAnyJson(name) ? {} : { ...rest, $ref: `${io}:${name}` }
      }
      const entries = Object.entries(one).filter(
        ([key, member]) =>
          !(io === "output" && key === "additionalProperties" && member === false) &&
          !(key === "id" && typeof member === "string"),
      )
      return Object.fromEntries(entries.map(([key, member]) => [key, walk(member)]))
    }
    return walk(value) as T
  }

  #text = (io: Side, name: string): string =>
    JSON.stringify(this.#defs[io].get(name)).replaceAll(`"${io}:`, '"')

  #differs(name: string, seen: Set<string> = new Set()): boolean {
    const output = this.#defs.output.get(name)
    const input = this.#defs.input.get(name)
    if (!output || !input || seen.has(name)) return false
    seen.add(name)
    if (this.#text("input", name) !== this.#text("output", name)) return true
    const named = JSON.stringify(input).matchAll(/"input:([^"]+)"/g)
    return [...named].some(([, other]) => this.#differs(other!, seen))
  }

  #nameOf = (io: Side, name: string): string =>
    io === "input" && this.#differs(name) ? `${name}Input` : name

  /** The document with its references settled, and the components that they lead to. */
  resolve(document: Doc): { document: Doc; schemas: Doc } {
    const settle = <T>(value: T): T =>
      JSON.parse(
        JSON.stringify(value).replaceAll(
          /"\$ref":"(input|output):([^"]+)"/g,
          (_, io: Side, name: string) => `"$ref":"#/components/schemas/${this.#nameOf(io, name)}"`,
        ),
      ) as T
    const schemas: Doc = {}
    for (const io of ["output", "input"] as const) {
      for (const [name, def] of this.#defs[io]) schemas[this.#nameOf(io, name)] ??= settle(def)
    }
    return {
      document: settle(document),
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
}
