/**
 * Texts on which a regular expression that walks back may need more than its share: each quantified part of it repeated many times,
 * with what leads up to it before and something that cannot match behind. Found from the expression's own shape, so that a text
 * that is evil for it is among them without anybody having thought of it.
 */

type Node =
  | { is: "atom"; source: string }
  | { is: "group"; alternatives: Node[][]; looks: boolean }
  | { is: "many"; node: Node; least: number; most: number }

/** Signs of every kind that classes of ours tell apart. */
const alphabet = [
  ...Array.from("aA0 \n\t.,-_:;/\\\"'`(){}[]<>=@#$%&*+|~^!?xeZ9äÄ١·中’−€"),
  "\u0000",
  "\u200b",
  "😀",
]

/** Cuts a regular expression into its parts; what matches nothing by itself (edges, look-arounds) has an empty sample. */
class Reader {
  #at = 0
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  alternatives(): Node[][] {
    const found: Node[][] = [[]]
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#source[this.#at] === "|") {
        this.#at++
        found.push([])
      } else found.at(-1)!.push(this.#quantified())
    }
    return found
  }

  #quantified(): Node {
    const node = this.#single()
    const sign = /(?:[*+?]|\{(\d+)(,)?(\d*)\})\??/y
    sign.lastIndex = this.#at
    const found = sign.exec(this.#source)
    if (!found) return node
    this.#at = sign.lastIndex
    const first = found[0][0]
    if (first === "*") return { is: "many", node, least: 0, most: Infinity }
    if (first === "+") return { is: "many", node, least: 1, most: Infinity }
    if (first === "?") return { is: "many", node, least: 0, most: 1 }
    const least = Number(found[1])
    return {
      is: "many",
      node,
      least,
      most: found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]),
    }
  }

  #single(): Node {
    const from = this.#at
    const sign = this.#source[this.#at++]
    if (sign === "(") {
      const opening = /\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:)/y
      opening.lastIndex = this.#at
      const opened = opening.exec(this.#source)?.[0] ?? ""
      this.#at += opened.length
      const alternatives = this.alternatives()
      this.#at++
      return { is: "group", alternatives, looks: /^\?<?[=!]$/.test(opened) }
    }
    if (sign === "[") {
      while (this.#at < this.#source.length && this.#source[this.#at] !== "]")
        this.#at += this.#source[this.#at] === "\\" ? 2 : 1
      this.#at++
    } else if (sign === "\\") {
      const escape = /[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|k<[^>]*>|\d+|[\s\S]/y
      escape.lastIndex = this.#at
      this.#at += escape.exec(this.#source)?.[0].length ?? 1
    } else if (this.#source.codePointAt(from)! > 0xffff) this.#at++
    return { is: "atom", source: this.#source.slice(from, this.#at) }
  }
}

/** The signs that one atom takes, up to a few. */
function takenBy(atom: string, flags: string): string[] {
  if (["^", "$", "\\b", "\\B"].includes(atom) || /^\\(?:\d+$|k<)/.test(atom)) return [""]
  try {
    const one = new RegExp(`^(?:${atom})$`, flags.replaceAll(/[gy]/g, ""))
    return alphabet.filter((sign) => one.test(sign))
  } catch {
    return [""]
  }
}

const chosen = (signs: readonly string[]): readonly string[] => (signs.length === 0 ? ["a"] : signs)

/** Some of the shortest texts that a part takes. */
function samplesOf(node: Node, flags: string, most: number): readonly string[] {
  if (node.is === "atom") return chosen(takenBy(node.source, flags)).slice(0, most)
  if (node.is === "many") {
    if (node.least === 0) return [""]
    return samplesOf(node.node, flags, most).map((one) => one.repeat(Math.min(node.least, 40)))
  }
  if (node.looks) return [""]
  return node.alternatives.flatMap((list) => sequenceOf(list, flags, most)).slice(0, most)
}

function sequenceOf(list: readonly Node[], flags: string, most: number): string[] {
  const parts = list.map((node) => samplesOf(node, flags, most))
  return Array.from({ length: Math.max(1, ...parts.map((one) => one.length)) }, (_, i) =>
    parts.map((one) => one[Math.min(i, one.length - 1)] ?? "").join(""),
  ).slice(0, most)
}

/** What is repeated, and what stands before it. */
type Pump = { before: string; pump: string }

const mostSamples = 8

function pumpsOf(list: readonly Node[], flags: string, before: string): Pump[] {
  const found: Pump[] = []
  let lead = before
  for (const node of list) {
    const inner = node.is === "many" ? node.node : node
    if (node.is === "many" && node.most > 8) {
      // A class may take many signs: those that its neighbours take too are the dangerous ones, so many are tried.
      for (const pump of samplesOf(inner, flags, 24)) {
        found.push({ before: lead, pump }, { before: "", pump: lead + pump })
      }
      found.push({ before: "", pump: lead })
    }
    if (inner.is === "group")
      for (const alternative of inner.alternatives) found.push(...pumpsOf(alternative, flags, lead))
    const [least = ""] = samplesOf(
      node.is === "many" ? { ...node, least: Math.max(1, node.least) } : node,
      flags,
      mostSamples,
    )
    lead += least
  }
  found.push({ before: "", pump: lead })
  return found
}

const ends = ["", "\u0001", "\n!"]

/** The texts to try, each of about `size` characters, none twice. */
export function* attacks(source: string, flags: string, size: number): Generator<string> {
  const reader = new Reader(source)
  const seen = new Set<string>()
  for (const list of reader.alternatives()) {
    for (const { before, pump } of pumpsOf(list, flags, "")) {
      if (pump === "" || seen.has(`${before}\u0000${pump}`)) continue
      seen.add(`${before}\u0000${pump}`)
      const body = pump.repeat(Math.ceil(size / pump.length))
      for (const end of ends) yield before + body + end
    }
  }
}
