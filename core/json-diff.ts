import { isJsonObject, type Json } from "./json.ts"

/** A value that differs, by dotted path; null where there is none. */
export type Difference = { path: string; from: Json; to: Json }

/**
 * What two documents differ in. The entries of a list that have names of their own (`id`, else `position`) are compared by name, so that one
 * that was put between others is one difference; another order of the same names is told as the order.
 */
export function differences(from: unknown, to: unknown, path = ""): Difference[] {
  if (Array.isArray(from) && Array.isArray(to)) return inLists(from, to, path)
  if (isJsonObject(from) && isJsonObject(to)) return inObjects(from, to, path)
  return same(from, to) ? [] : [{ path, from: (from ?? null) as Json, to: (to ?? null) as Json }]
}

type Fields = Record<string, unknown>

const below = (path: string, name: string | number): string => (path === "" ? `${name}` : `${path}.${name}`)

const inObjects = (from: Fields, to: Fields, path: string): Difference[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
    differences(own(from, name), own(to, name), below(path, name)),
  )

const own = (object: Fields, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

function inLists(from: unknown[], to: unknown[], path: string): Difference[] {
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
function named(list: unknown[]): Fields | undefined {
  const entries = list.flatMap((one) => {
    const name = isJsonObject(one) ? (one["id"] ?? one["position"]) : undefined
    return typeof name === "string" ? [[name, one] as const] : []
  })
  const found = Object.fromEntries(entries)
  return Object.keys(found).length === list.length ? found : undefined
}

function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => same(one, b[i]))
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const [names, others] = [Object.keys(a), Object.keys(b)]
  return (
    names.length === others.length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  )
}
