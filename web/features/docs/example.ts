import { resolve, type Schema } from "./model.ts"

const deepest = 5

/** A value that fits the schema, to begin a request with: what is required, and examples where the schema has them. */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>, depth = 0): unknown {
  const one = resolve(schema, schemas)
  if (one.example !== undefined) return one.example
  if (one.examples?.[0] !== undefined) return one.examples[0]
  if (one.default !== undefined) return one.default
  if (one.const !== undefined) return one.const
  if (one.enum) return one.enum[0]
  if (depth >= deepest) return null
  const union = one.anyOf ?? one.oneOf ?? one.allOf
  if (union?.[0]) return exampleOf(union[0], schemas, depth + 1)
  switch (Array.isArray(one.type) ? one.type[0] : one.type) {
    case "object":
      return objectOf(one, schemas, depth)
    case "array":
      return []
    case "integer":
    case "number":
      return Math.max(one.minimum ?? 0, 0)
    case "boolean":
      return false
    case "string":
      return textOf(one)
    default:
      return one.properties ? objectOf(one, schemas, depth) : null
  }
}

const objectOf = (one: Schema, schemas: Record<string, Schema>, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(one.properties ?? {})
      .filter(
        ([name, property]) => one.required?.includes(name) ?? (depth === 0 && property.default !== undefined),
      )
      .map(([name, property]) => [name, exampleOf(property, schemas, depth + 1)]),
  )

function textOf(one: Schema): string {
  if (one.format === "email") return "ana@example.com"
  if (one.format === "date-time") return "2026-12-01T09:00:00Z"
  if (one.format === "uri") return "https://example.com"
  return one.minLength && one.minLength > 6 ? "x".repeat(one.minLength) : "text"
}
