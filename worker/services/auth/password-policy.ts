import { Failure } from "#core/errors"
import { commonPasswords, commonWords } from "./common-passwords.ts"

const unleet: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
}

/** Fewer letters and digits than this say nothing about a password. */
const fewest = 6

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}@$!]/gu, "")
const letters = (text: string): string => text.replace(/[0134577@$!]/g, (sign) => unleet[sign] ?? sign)

/** "abcabcabcabc", "111111111111": a short thing over and over. */
const isRepetition = (text: string): boolean => /^(.{1,4})\1{2,}.{0,3}$/u.test(text)

/** "123456789012", "abcdefghijkl": each character follows the one before, up or down. */
function isSequence(text: string): boolean {
  let steps = 0
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1)
    if (Math.abs(step) <= 1 || (text[i] === "0" && text[i - 1] === "9")) steps++
  }
  return steps >= text.length - 2
}

/** A common word with digits and signs around it, or a few of them in a row. */
function isDecoratedWord(text: string): boolean {
  const bare = letters(text.replace(/^[0-9@$!]+|(?<![0-9@$!])[0-9@$!]+$/g, ""))
  let rest = bare
  for (const word of commonWords) rest = rest.replaceAll(word, "")
  return rest.replace(/[0-9@$!]/g, "").length <= 2
}

/** ASVS 5.0 §6.2.4 and §6.2.11: not among the common ones, and not made of what everybody knows about the person. */
export function isWeakPassword(password: string, about: string[]): boolean {
  if (isRepetition(password.toLowerCase())) return true
  const text = plain(password)
  // Signs of other kinds, such as emoji, are in nobody's dictionary.
  if (text.length < fewest) return false
  if (commonPasswords.has(text) || isRepetition(text) || isSequence(text) || isDecoratedWord(text))
    return true
  return about
    .flatMap((fact) => [fact, ...fact.split("@")])
    .map(plain)
    .some((fact) => fact.length >= 4 && text.includes(fact) && text.length - fact.length < 8)
}

export function assertStrong(password: string, about: string[], path: string): void {
  if (!isWeakPassword(password, about)) return
  const message =
    "This password is easy to guess: it is common, repeats itself, or is made of your address or workspace name. Choose another."
  throw new Failure("auth.weak_password", { detail: message, errors: [{ path, message }] })
}
