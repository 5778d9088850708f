import { failed } from "../error.ts"
import type { Budget } from "../limits.ts"
import { stringify } from "../interpreter/stringify.ts"
import { given, list, optionalNumber, optionalText, text, type NativeTable } from "./native.ts"

const SURROGATE = /[\ud800-\udfff]/

/** Texts are counted in characters, not in UTF-16 units; most texts do not know the difference. */
function lengthOf(value: string, budget: Budget): number {
  budget.spend(value.length / 32)
  if (!SURROGATE.test(value)) return value.length
  budget.spend(value.length / 4)
  let length = 0
  for (let at = 0; at < value.length; at += value.codePointAt(at)! > 0xffff ? 2 : 1) length++
  return length
}

function cut(value: string, from: number, to: number | undefined, budget: Budget): string {
  budget.spend(value.length / 32)
  if (!SURROGATE.test(value)) return value.slice(from, to)
  budget.spend(value.length / 4)
  budget.allocate(16 * value.length)
  return Array.from(value).slice(from, to).join("")
}

function substring(value: string, from: number, length: number | undefined, budget: Budget): string {
  const all = lengthOf(value, budget)
  const start = all + from < 0 ? 0 : from
  if (length === undefined) return cut(value, start, undefined, budget)
  if (length <= 0) return ""
  return cut(value, start, start >= 0 ? start + length : all + start + length, budget)
}

/** As wide as asked: filled on the right, or with a negative width on the left. */
function pad(value: string, width: number, filler: string, budget: Budget): string {
  const missing = Math.abs(Math.trunc(width)) - lengthOf(value, budget)
  if (!(missing > 0)) return value
  const unit = filler === "" ? " " : filler
  const unitLength = lengthOf(unit, budget)
  const times = Math.ceil(missing / unitLength)
  budget.text(value.length + times * unit.length)
  const filling = cut(unit.repeat(times), 0, missing, budget)
  return width > 0 ? value + filling : filling + value
}

function join(parts: readonly string[], separator: string, budget: Budget): string {
  budget.spend(parts.length / 8)
  const length = parts.reduce((sum, part) => sum + part.length, 0) + separator.length * (parts.length - 1)
  budget.text(Math.max(0, length))
  return parts.join(separator)
}

function trimmed(value: string, budget: Budget): string {
  budget.text(value.length)
  budget.spend(value.length / 8)
  return value.replace(/[ \t\n\r]+/g, " ").replace(/^ | $/g, "")
}

function changed(value: string, change: (value: string) => string, budget: Budget): string {
  budget.text(value.length)
  return change(value)
}

function escaped(name: string, change: (value: string) => string) {
  return given("<s-:s>", 1, (value, _, budget) => {
    budget.text(text(value).length)
    budget.spend(text(value).length / 8)
    try {
      const result = change(text(value))
      budget.text(result.length)
      return result
    } catch {
      throw failed(`$${name} cannot read this text: it has a broken escape or half a character.`)
    }
  })
}

export const strings: NativeTable = {
  string: given("<x-b?:s>", 1, (value, [pretty], budget) =>
    stringify(value, budget, pretty === true ? 2 : 0),
  ),
  substring: given("<s-nn?:s>", 3, (value, [from, length], budget) =>
    substring(text(value), optionalNumber(from) ?? Number.NaN, optionalNumber(length), budget),
  ),
  substringBefore: given("<s-s:s>", 2, (value, [mark], budget) => {
    const at = indexOf(text(value), mark === undefined ? undefined : text(mark), budget)
    return at < 0 ? value : text(value).slice(0, at)
  }),
  substringAfter: given("<s-s:s>", 2, (value, [mark], budget) => {
    const at = indexOf(text(value), mark === undefined ? undefined : text(mark), budget)
    return at < 0 ? value : text(value).slice(at + text(mark).length)
  }),
  lowercase: given("<s-:s>", 1, (value, _, budget) =>
    changed(text(value), (all) => all.toLowerCase(), budget),
  ),
  uppercase: given("<s-:s>", 1, (value, _, budget) =>
    changed(text(value), (all) => all.toUpperCase(), budget),
  ),
  length: given("<s-:n>", 1, (value, _, budget) => lengthOf(text(value), budget)),
  trim: given("<s-:s>", 1, (value, _, budget) => trimmed(text(value), budget)),
  pad: given("<s-ns?:s>", 3, (value, [width, filler], budget) =>
    pad(text(value), optionalNumber(width) ?? Number.NaN, optionalText(filler) ?? " ", budget),
  ),
  join: given("<a<s>s?:s>", 2, (parts, [separator], budget) =>
    join(list(parts).map(text), optionalText(separator) ?? "", budget),
  ),
  encodeUrlComponent: escaped("encodeUrlComponent", encodeURIComponent),
  encodeUrl: escaped("encodeUrl", encodeURI),
  decodeUrlComponent: escaped("decodeUrlComponent", decodeURIComponent),
  decodeUrl: escaped("decodeUrl", decodeURI),
  base64encode: given("<s-:s>", 1, (value, _, budget) => {
    budget.text(2 * text(value).length)
    budget.spend(text(value).length)
    return base64encode(text(value))
  }),
  base64decode: given("<s-:s>", 1, (value, _, budget) => {
    budget.text(text(value).length)
    budget.spend(text(value).length)
    return base64decode(text(value))
  }),
}

function indexOf(value: string, mark: string | undefined, budget: Budget): number {
  if (mark === undefined) return -1
  budget.spend((value.length + mark.length) / 32)
  return value.indexOf(mark)
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Each character is one byte, as in JSONata; so encode texts beyond Latin with $encodeUrlComponent first. */
function base64encode(value: string): string {
  let encoded = ""
  for (let at = 0; at < value.length; at += 3) {
    const group = (byteAt(value, at) << 16) | (byteAt(value, at + 1) << 8) | byteAt(value, at + 2)
    const digits = Math.min(4, value.length - at + 1)
    for (let n = 0; n < 4; n++) encoded += n < digits ? ALPHABET[(group >> (18 - 6 * n)) & 63] : "="
  }
  return encoded
}

function byteAt(value: string, at: number): number {
  const byte = at < value.length ? value.charCodeAt(at) : 0
  if (byte > 255) throw failed("$base64encode takes characters up to U+00FF. Use $encodeUrlComponent first.")
  return byte
}

function base64decode(value: string): string {
  let decoded = ""
  let bits = 0
  let group = 0
  for (const digit of value) {
    const six = ALPHABET.indexOf(digit === "-" ? "+" : digit === "_" ? "/" : digit)
    if (digit === "=") break
    if (six < 0) {
      if (" \t\r\n".includes(digit)) continue
      throw failed("$base64decode got a character that is not base64.")
    }
    group = ((group << 6) | six) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      decoded += String.fromCharCode((group >> bits) & 255)
    }
  }
  return decoded
}
