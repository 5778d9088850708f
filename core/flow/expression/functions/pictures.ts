import jsonata from "jsonata"
import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { partOf } from "../syntax.ts"
import type { Obj, Value } from "../interpreter/value.ts"
import { given, native, number, object, optionalText, text, type NativeTable } from "./native.ts"

/**
 * JSONata's own functions for picture texts (XPath's number and date formats). They are pure and take no functions, but they trust
 * their arguments: a width of 10^9 or an empty separator makes them build or loop without end. So the arguments are checked here.
 */
type Borrowed = (this: { environment: { timestamp: Date } }, ...args: unknown[]) => unknown

type Environment = { lookup(name: string): { implementation: Borrowed } }

const NAMES = ["formatNumber", "formatInteger", "parseInteger", "fromMillis", "toMillis"] as const
type Name = (typeof NAMES)[number]

let borrowed: Map<Name, Borrowed> | undefined

/** JSONata hands its functions out to this hook only; it is called before `evaluate` first waits. */
const ENTRY = Symbol.for("jsonata.__evaluate_entry")

function borrow(name: Name): Borrowed {
  if (!borrowed) {
    const found = new Map<Name, Borrowed>()
    const expression = jsonata("null")
    const hook = (_: unknown, __: unknown, environment: Environment) => {
      for (const each of NAMES) found.set(each, environment.lookup(each).implementation)
    }
    // JSONata's types name only texts, its code takes the symbol.
    expression.assign(ENTRY as unknown as string, hook)
    void expression.evaluate(null)
    borrowed = found
  }
  const implementation = borrowed.get(name)
  if (!implementation) throw failed(`$${name} is not available.`)
  return implementation
}

/** Calls a borrowed function and takes only text or a finite number from it. */
function call(name: Name, args: unknown[], budget: Budget): Value {
  let result: unknown
  try {
    const timestamp = new Date(budget.instant())
    result = borrow(name).apply({ environment: { timestamp } }, args)
  } catch (fault) {
    if (fault instanceof RangeError) throw failed(`$${name} cannot work with these numbers.`)
    throw failed(`$${name} cannot use this picture: ${whyOf(fault)}.`)
  }
  if (typeof result === "string") {
    budget.text(result.length)
    return result
  }
  if (typeof result === "number" && Number.isFinite(result)) return result
  if (result === undefined) return undefined
  throw failed(
    name === "toMillis" && Number.isNaN(budget.instant())
      ? "$toMillis needs the whole date here, because the time of the execution is not known."
      : `$${name} has no answer for this value and picture.`,
  )
}

const WHY: Record<string, string> = {
  D3130: "it has no digit",
  D3131: "its digits are of different scripts",
  D3132: "it names a part that does not exist",
  D3133: "only months and days have names",
  D3134: "its time zone has too many digits",
  D3135: "a bracket is not closed",
  D3136: "a part that the time needs is missing",
}

const whyOf = (fault: unknown): string => {
  const code = partOf(fault, "code")
  return (typeof code === "string" && WHY[code]) || "it should be such as #,##0.00 or [Y0001]-[M01]-[D01]"
}

const MOST_PICTURE = 256
const MOST_NUMBER = 1e15

function checkedPicture(name: Name, picture: string, budget: Budget): string {
  budget.spend(10 + picture.length)
  if (picture.length > MOST_PICTURE)
    throw failed(`The picture of $${name} has at most ${MOST_PICTURE} characters.`)
  const isDate = name === "fromMillis" || name === "toMillis"
  if (isDate && markersOf(picture).some((marker) => /,.*\d{3}/.test(marker)))
    throw failed(`A width in the picture of $${name} has at most two digits.`)
  return picture
}

/** The markers of a date picture as JSONata reads them: from a bracket to the next closing one, without white space. */
const markersOf = (picture: string): string[] =>
  Array.from(picture.matchAll(/\[([^\]]*)\]/g), ([, marker]) => marker!.replaceAll(/\s+/g, ""))

/**
 * How many parts of a date picture have no fixed width. JSONata turns the picture into a backtracking regular expression; with k such parts it
 * may try about n^k ways to read n characters.
 */
function looseParts(picture: string): number {
  const literals = picture.replaceAll(/\[[^\]]*\]/g, "")
  const isFixed = (marker: string) => /^[YMDdHhms](?:[0-9#]*)(?:,.*)?$/.test(marker) && !/\d/.test(literals)
  return markersOf(picture).filter((marker) => !isFixed(marker)).length
}

function checkedOptions(options: Value): Obj | undefined {
  if (options === undefined) return undefined
  for (const [key, value] of Object.entries(object(options)))
    if (typeof value !== "string" || value.length < 1 || value.length > 8)
      throw failed(
        `The option ${JSON.stringify(key.slice(0, 40))} of $formatNumber is a text of 1 to 8 characters.`,
      )
  return object(options)
}

function checkedInteger(name: Name, value: number, picture: string): number {
  const most = /^i(;|$)/i.test(picture) ? 100_000 : MOST_NUMBER
  if (Math.abs(value) > most) throw failed(`$${name} takes numbers up to ${most} with this picture.`)
  return value
}

const ISO = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/

/** Reads an ISO 8601 time. Without a zone it is UTC wherever this runs. */
function isoToMillis(value: string): number {
  const zoned = value.includes("T") && !/(Z|[+-]\d\d:?\d\d)$/.test(value.slice(10)) ? `${value}Z` : value
  const millis = ISO.test(value) ? Date.parse(zoned) : Number.NaN
  if (Number.isNaN(millis)) throw failed("$toMillis needs a time such as 2026-01-31T12:00:00Z, or a picture.")
  return millis
}

function toMillis(value: string, picture: string | undefined, budget: Budget): Value {
  if (picture === undefined) return isoToMillis(value.slice(0, 64))
  checkedPicture("toMillis", picture, budget)
  if (value.length > MOST_PICTURE)
    throw failed(`$toMillis reads texts of at most ${MOST_PICTURE} characters.`)
  budget.spend(value.length ** looseParts(picture) / 4)
  return call("toMillis", [value, picture], budget)
}

const MOST_MILLIS = 8.64e15

function fromMillis(
  value: number,
  picture: string | undefined,
  zone: string | undefined,
  budget: Budget,
): Value {
  if (!(Math.abs(value) <= MOST_MILLIS)) throw failed("This number of milliseconds is not a time.")
  if (zone !== undefined && !/^[+-]?\d{3,4}$/.test(zone))
    throw failed("A time zone is given as an offset such as +0200.")
  const shape = picture === undefined ? undefined : checkedPicture("fromMillis", picture, budget)
  return call("fromMillis", [value, shape, zone], budget)
}

export const pictures: NativeTable = {
  formatNumber: given("<n-so?:s>", 3, (value, [picture, options], budget) => {
    if (picture === undefined) throw failed("$formatNumber needs a picture such as #,##0.00.")
    const shape = checkedPicture("formatNumber", text(picture), budget)
    const chosen = checkedOptions(options)
    return call("formatNumber", chosen ? [number(value), shape, chosen] : [number(value), shape], budget)
  }),
  formatInteger: given("<n-s:s>", 2, (value, [picture], budget) => {
    const shape = checkedPicture("formatInteger", optionalText(picture) ?? "0", budget)
    return call("formatInteger", [checkedInteger("formatInteger", number(value), shape), shape], budget)
  }),
  parseInteger: given("<s-s:n>", 2, (value, [picture], budget) => {
    const shape = checkedPicture("parseInteger", optionalText(picture) ?? "0", budget)
    if (text(value).length > MOST_PICTURE)
      throw failed(`$parseInteger reads texts of at most ${MOST_PICTURE} characters.`)
    return call("parseInteger", [value, shape], budget)
  }),
  toMillis: given("<s-s?:n>", 2, (value, [picture], budget) =>
    toMillis(text(value), optionalText(picture), budget),
  ),
  fromMillis: given("<n-s?s?:s>", 3, (value, [picture, zone], budget) =>
    fromMillis(number(value), optionalText(picture), optionalText(zone), budget),
  ),
}

/** `$now()` and `$millis()`: the instant of the execution, so that a replay says the same. */
export const clock: NativeTable = {
  now: native("<s?s?:s>", 2, ([picture, zone], budget) =>
    fromMillis(instant(budget), optionalText(picture), optionalText(zone), budget),
  ),
  millis: native("<:n>", 0, (_, budget) => instant(budget)),
}

function instant(budget: Budget): number {
  const millis = budget.instant()
  if (Number.isNaN(millis))
    throw failed("The time is not known here: $now() and $millis() work only in an execution.")
  return millis
}
