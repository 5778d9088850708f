import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { classify, type Label } from "./classify.ts"
import { fieldWords, findForName, labelledValues } from "./fields.ts"
import type { Field, Filling } from "./filling.ts"
import { asList, textOf } from "./schema-parts.ts"

/** The labels of an enum, or of a union of constants, with the words that the schema or the prompt says about each. */
export function labelsOf(schema: JsonObject, { labels }: Filling): Label[] | undefined {
  const union = [...asList(schema["oneOf"]), ...asList(schema["anyOf"])].filter(isJsonObject)
  const constants = union.filter((one) => typeof one["const"] === "string")
  const ids = constants.length > 1 ? constants.map((one) => textOf(one["const"])) : asList(schema["enum"])
  const names = ids.filter((one) => typeof one === "string")
  if (names.length === 0) return undefined
  const about = textOf(schema["description"])
  return names.map((id) => {
    const own = constants.find((one) => one["const"] === id)
    const said = labels.find((one) => fieldWords(one.id) === fieldWords(id))?.description
    const escaped = id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    const inline = new RegExp(`(?:^|[\\s"'])${escaped}["']?\\s*(?:[:=(–-])\\s*([^;\\n)]{3,120})`, "i").exec(
      about,
    )?.[1]
    return {
      id,
      description: [textOf(own?.["description"]) || textOf(own?.["title"]), said, inline]
        .filter(Boolean)
        .join(" "),
    }
  })
}

export function chosen(field: Field, labels: Label[], filling: Filling): Json | undefined {
  const { document, second } = filling.source
  const ids = labels.map(({ id }) => id)
  const literal = [
    ...labelledValues(field.name, document),
    ...(findForName(field.name, filling.source) ?? []),
  ]
  for (const value of literal) {
    const same = ids.find((id) => typeof value === "string" && fieldWords(id) === fieldWords(value))
    if (same !== undefined) return same
  }
  const verdict = classify(second === undefined ? document.text : `${document.text}\n\n${second}`, labels)
  filling.confidence.last = verdict.confidence
  const nullable = asList(field.schema["enum"]).includes(null)
  if (verdict.confidence === 0 && nullable) return null
  return verdict.id
}
