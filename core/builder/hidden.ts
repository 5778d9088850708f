import { removed, secretsIn } from "#core/exchange/secrets"
import { isJsonObject, type Json, type JsonObject } from "#core/json"

const secretHeader = /^(?:authorization|proxy-authorization|cookie)$|token|secret|password|api-?key/i

/** A value without the secrets in it; what is hidden is told by `(removed)`. Expressions stay: they hold none. */
export function hidden<T extends Json>(value: T): T {
  const values = secretsIn({ value })
    .map((one) => one.value)
    .toSorted((one, other) => other.length - one.length)
  const clean = (text: string): string => values.reduce((left, one) => left.replaceAll(one, removed), text)
  return mapped(value, clean) as T
}

function mapped(value: Json, clean: (text: string) => string): Json {
  if (typeof value === "string") return clean(value)
  if (Array.isArray(value)) return value.map((one) => mapped(one, clean))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      typeof one === "string" && secretHeader.test(key) && one !== "" && !one.includes("{{")
        ? removed
        : mapped(one, clean),
    ]),
  )
}

/** A value that came back, with what was hidden in it as it was; undefined when something is hidden that was not there. */
export function shownAgain(value: Json, was: Json | undefined): Json | undefined {
  if (typeof value === "string") {
    if (!value.includes(removed)) return value
    return was !== undefined && hiddenAlike(was, value) ? was : undefined
  }
  if (Array.isArray(value)) {
    const before = Array.isArray(was) ? was : []
    const all = value.map((one, i) => shownAgain(one, before[i]))
    return all.includes(undefined) ? undefined : (all as Json[])
  }
  if (!isJsonObject(value)) return value
  const before: JsonObject = isJsonObject(was) ? was : {}
  const all: JsonObject = {}
  for (const [key, one] of Object.entries(value)) {
    const shown = shownAgain(one, Object.hasOwn(before, key) ? before[key] : undefined)
    if (shown === undefined) return undefined
    all[key] = shown
  }
  return all
}

const hiddenAlike = (was: Json, value: string): boolean =>
  typeof was === "string" && (hidden(was) === value || value === removed)
