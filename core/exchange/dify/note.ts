import type { JsonObject } from "#core/json"
import { jsonIn, objectOf, objectsOf, textOf } from "../fields.ts"

/** A note's text is the state of an editor: paragraphs of pieces. */
export function noteText(data: JsonObject): string {
  const text = textOf(data["text"])
  const root = objectOf(objectOf(jsonIn(text))["root"])
  const lines = objectsOf(root["children"]).map((one) => piecesOf(one, 0))
  return lines.length > 0 ? lines.join("\n\n") : text
}

function piecesOf(value: JsonObject, depth: number): string {
  if (depth > 10) return ""
  const inner = objectsOf(value["children"]).map((one) => piecesOf(one, depth + 1))
  return `${textOf(value["text"])}${inner.join(value["type"] === "list" ? "\n" : "")}`
}
