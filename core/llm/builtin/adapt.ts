import { RE2JS } from "re2js"
import type { Json } from "#core/json"
import { findDates } from "./dates.ts"
import { amountIn, type Document } from "./document.ts"
import { fieldWords } from "./fields.ts"
import type { Field } from "./filling.ts"
import { textOf } from "./schema-parts.ts"
import { shortened } from "./text.ts"

/** A found value in the type that the field has: sums without their currency, dates as ISO, texts cut to their length. */
export function adapted(value: Json, types: string[], field: Field, document: Document): Json[] {
  if (types.includes("integer") || types.includes("number")) {
    // Where both are allowed, "12 Main Street" stays a text; "12.50 EUR" is a number all the same.
    const isText = types.includes("string") && typeof value === "string" && /\p{L}{4}/u.test(value)
    const number = isText
      ? undefined
      : typeof value === "number"
        ? value
        : typeof value === "string"
          ? amountIn(value)
          : undefined
    if (number !== undefined) {
      const scaled = /\b(?:cents|minor)\b/.test(fieldWords(field.name)) ? Math.round(number * 100) : number
      return [scaled]
    }
    if (!types.includes("string")) return []
  }
  if (!types.includes("string")) return []
  if (typeof value === "number") {
    const money = document.amounts().find((one) => one.value === value)
    return [money?.currency ? `${value.toFixed(2)} ${money.currency}` : String(value)]
  }
  if (typeof value !== "string") return []
  const format = textOf(field.schema["format"])
  if (format === "date" || format === "date-time") {
    return findDates(value).map(({ iso }) => (format === "date" ? iso : `${iso}T00:00:00Z`))
  }
  const most = field.schema["maxLength"]
  return [typeof most === "number" ? shortened(value, most) : value]
}

/** The places of the text that match a pattern, on the engine that takes linear time. */
export function matchesOf(pattern: Json | undefined, text: string): string[] {
  if (typeof pattern !== "string") return []
  const matcher = RE2JS.compile(pattern.replace(/^\^|(?<!\\)\$$/g, "")).matcher(text)
  const found: string[] = []
  while (found.length < 20 && matcher.find()) found.push(matcher.group() ?? "")
  return found.filter(Boolean)
}
