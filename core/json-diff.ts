import { isJsonObject, type Json, type JsonObject } from "./json.ts"

/** A value that differs, by dotted path; null where there is none. */
export type Difference = { path: string; from: Json; to: Json }

/**
 * What two documents differ in. The entries of a list that have names of their own (`id`, `position`) are compared by name, so that one
 * that was put between others is one difference; another order of the same names is told as the order.
 */
export function differences(from: Json | undefined, to: Json | undefined, path = ""): Difference[] {
  if (Array.isArray(from) && Array.isArray(to)) return inLists(from, to, path)
  if (isJsonObject(from) && isJsonObject(to)) return inObjects(from, to, path)
  return same(from, to) ? [] : [{ path, from: from ?? null, to: to ?? null }]
}

const below = (path: string, name: string | number): string => (path === "" ? `${name}` : `${path}.${name}`)

const inObjects = (from: JsonObject, to: JsonObject, path: string): Difference[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
    differences(own(from, name), own(to, name), below(path, name)),
  )

const own = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

function inLists(from: Json[], to: Json[], path: string): Difference[] {
  const [before, after] = [named(from), named(to)]
  if (!before || !after) {
    const length = Math.max(from.length, to.length)
    return Array.from({ length }, (_, i) => differences(from[i], to[i], below(path, i))).flat()
  }
  const found = inObjects(before, after, path)
  const [was, is] = [
    Object.keys(before).filter((name) => Object.hasOwn(after, name)),
    Object.keys(after).filter((name) => Object.hasOwn(before, name)),
  ]
  return same(was, is) ? found : [...found, { path, from: was, to: is }]
}

/** The entries by their names, or nothing when some have none or share one. */
function named(list: Json[]): JsonObject | undefined {
  const entries = list.flatMap((one) => {
    const name = isJsonObject(one) ? (one["position"] ?? one["id"]) : undefined
    return typeof name === "string" ? [[name, one] as const] : []
  })
  const found = Object.fromEntries(entries)
  return Object.keys(found).length === list.length ? found : undefined
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => same(one, b[i]))
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const [names, others] = [Object.keys(a), Object.keys(b)]
  return (
    names.length === others.length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  )
}
