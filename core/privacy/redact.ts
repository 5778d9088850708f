import * as z from "zod"

/** What traces may hold of prompts and answers: all of it, all but personal data and keys, or nothing. */
export const Redaction = z.enum(["full", "masked", "none"])
export type Redaction = z.infer<typeof Redaction>

export const defaultRedaction: Redaction = "full"

export const PersonalKind = z.enum(["key", "email", "iban", "card", "phone"])
export type PersonalKind = z.infer<typeof PersonalKind>

/** How many of each kind were found. */
export type Found = Record<PersonalKind, number>

type Rule = {
  kind: PersonalKind
  pattern: RegExp
  /** How many characters of what the pattern met are the thing; 0: it is none. Absent: all of them. */
  length?: (met: string) => number
}

const digitsOf = (text: string): string => text.replace(/\D/g, "")

/** https://en.wikipedia.org/wiki/Luhn_algorithm, the check digit of payment cards (ISO/IEC 7812-1). */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit
  }
  return sum % 10 === 0
}

/** The check of ISO 13616: the whole, its first four signs last and letters as numbers, is 1 modulo 97. */
function isIban(signs: string): boolean {
  let rest = 0
  for (const sign of signs.slice(4) + signs.slice(0, 4))
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

const shortestIban = 15
const longestIban = 34

/** Words may follow without a mark between: the longest beginning that passes counts. */
function ibanLength(met: string): number {
  const places = [...met.matchAll(/[A-Z0-9]/gi)].map(({ index }) => index)
  for (let count = Math.min(places.length, longestIban); count >= shortestIban; count--) {
    const end = places[count - 1]! + 1
    if (/[A-Z0-9]/i.test(met[end] ?? "")) continue
    if (isIban(met.slice(0, end).replace(/ /g, "").toUpperCase())) return end
  }
  return 0
}

/** E.164 has 15 digits at most. */
const mostPhoneDigits = 15

/** With a country's code, in the national form of most countries, or in the American one; dates and decimals are none of them. */
function phoneLength(met: string): number {
  let text = met
  while (digitsOf(text).length > mostPhoneDigits) {
    const shorter = text.replace(/(?<![ ()./-])[ ()./-]+\d+$/, "")
    if (shorter === text) return 0
    text = shorter
  }
  const digits = digitsOf(text).length
  const isAbroad = /^(?:\+|00)/.test(text) && digits >= 8
  const isNational = /^\(?0/.test(text) && digits >= 9 && !/^0\.\d*$/.test(text)
  const isAmerican = /^\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}$/.test(text)
  return isAbroad || isNational || isAmerican ? text.length : 0
}

/**
 * In the order in which they are looked for. Every repeat is of one class, and bounded, or the last of its pattern, or begins
 * where its class does, so that no text takes longer than its length times a constant.
 */
const rules: readonly Rule[] = [
  {
    kind: "key",
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  },
  {
    kind: "key",
    pattern:
      /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|eck|ecr|whsec|gh[pousr]|github_pat|glpat|xox[abeprs])[-_][\w+/=-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,2000}\.[\w-]{4,4000}\.[\w-]{4,})/g,
  },
  { kind: "key", pattern: /(?<=\b[Bb]earer )[\w.~+/=-]{16,}/g },
  {
    kind: "email",
    pattern:
      /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}][\p{L}\p{N}-]{0,62}){0,8}|(?=…|$))/gu,
  },
  {
    kind: "iban",
    pattern: /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,60}/gu,
    length: ibanLength,
  },
  {
    kind: "card",
    pattern: /(?<![\p{L}\p{N}])\d(?:[ -]?\d){12,18}(?![\p{L}\p{N}])/gu,
    length: (met) => (passesLuhn(digitsOf(met)) ? met.length : 0),
  },
  {
    kind: "phone",
    pattern: /(?<![\p{L}\p{N}.])(?:\+|\(0?)?\d[\d ()./-]{5,30}\d(?![\p{L}\p{N}])/gu,
    length: phoneLength,
  },
]

/** A text without e-mail addresses, telephone numbers, card numbers, IBANs and keys: each is replaced by its kind. */
export function mask(text: string): { text: string; found: Found } {
  const found: Found = { key: 0, email: 0, iban: 0, card: 0, phone: 0 }
  let masked = text
  for (const { kind, pattern, length } of rules) {
    masked = masked.replace(pattern, (met) => {
      const end = length ? length(met) : met.length
      if (end === 0) return met
      found[kind]++
      return `[${kind}]${met.slice(end)}`
    })
  }
  return { text: masked, found }
}

/** A number or key that an excerpt was cut in: no check can tell any more what it was. */
const cutOff = /[+(]?[A-Za-z0-9][A-Za-z0-9 ()./_-]{0,40}(?=…)/g
const leastCutDigits = 4

/** A text that may have been cut, as `excerpt` cuts: what stands at the cut and could be the beginning of a number goes too. */
export const maskExcerpt = (text: string): string =>
  mask(text).text.replace(cutOff, (met) => {
    const start = met.search(/\S*\d[\d ()./_-]*$/)
    const tail = start === -1 ? "" : met.slice(start)
    return digitsOf(tail).length >= leastCutDigits ? `${met.slice(0, start)}[number]` : met
  })
