import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { readJson } from "#core/strict-json"

/** Fields of a file that may hold anything. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])
export const objectsOf = (value: Json | undefined): JsonObject[] => listOf(value).filter(isJsonObject)
export const textOf = (value: Json | undefined): string =>
  typeof value === "string"
    ? value
    : typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : ""
export const numberOf = (value: Json | undefined): number | undefined => {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof read === "number" && Number.isFinite(read) ? read : undefined
}

/** JSON that stands in a text of a file, read as strictly as the file; undefined where it is none, or deeper than anybody writes. */
export function jsonIn(text: string): Json | undefined {
  const read = readJson(text)
  return read.ok ? (read.value as Json) : undefined
}

/** A place on a canvas; what is none, or further away than anybody draws, is the corner. */
export function pointOf(value: Json | undefined): { x: number; y: number } {
  const [x, y] = Array.isArray(value) ? value : [objectOf(value)["x"], objectOf(value)["y"]]
  const bound = (one: Json | undefined): number => Math.max(-1e6, Math.min(1e6, numberOf(one) ?? 0))
  return { x: bound(x), y: bound(y) }
}
