/** What stands within a line of Markdown. */
export type Inline =
  | string
  | { is: "strong" | "em" | "strike"; children: Inline[] }
  | { is: "code"; text: string }
  | { is: "link"; href: string; children: Inline[] }
  /** A picture of elsewhere: to be fetched when somebody asks for it, never before. */
  | { is: "picture"; src: string; says: string }
  | { is: "break" }

/** Emphasis within emphasis, at most; whatever is deeper stays as it is written. */
const mostDeep = 6

const safeAddress = /^(https?:\/\/|mailto:)[^\s]+$/i

/** Addresses that a click may open: no script, no file, nothing of this very site. */
export const safeHref = (address: string): string | null => (safeAddress.test(address) ? address : null)

const marks = [
  { mark: "**", is: "strong" },
  { mark: "__", is: "strong" },
  { mark: "~~", is: "strike" },
  { mark: "*", is: "em" },
  { mark: "_", is: "em" },
] as const

/** What models write for characters that HTML would take for its own; all others stay as they are written. */
const entities = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
  ["&apos;", "'"],
  ["&nbsp;", "\u00a0"],
])
const entity = /&(?:amp|lt|gt|quot|#39|apos|nbsp);/y
const lineEnd = /<br ?\/?>/iy
const enclosedAddress = /<(https?:\/\/[^\s<>]+|mailto:[^\s<>]+)>/iy

const bareAddress = /https?:\/\/[^\s<>"'`]+/iy
const link = /!?\[([^[\]]*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/y

/** Reads one stretch of text. It looks at each character once for each depth: a long message costs what it is long. */
export function parseInline(text: string, depth = 0, linked = false): Inline[] {
  return new Reader(text, depth, linked).read()
}

class Reader {
  readonly text: string
  readonly depth: number
  /** Within a link's words there is no other link. */
  readonly linked: boolean
  private readonly out: Inline[] = []
  private plain = ""
  private at = 0
  /** Marks that are not closed anywhere further on. */
  private readonly open = new Set<string>()

  constructor(text: string, depth: number, linked: boolean) {
    this.text = text
    this.depth = depth
    this.linked = linked
  }

  read(): Inline[] {
    while (this.at < this.text.length) {
      if (!this.step()) this.plain += this.text[this.at++]
    }
    this.flush()
    return this.out
  }

  /** Takes one thing that is more than a character; false when there is none here. */
  private step(): boolean {
    const char = this.text[this.at]!
    switch (char) {
      case "\\":
        return this.escape()
      case "\n":
        this.plain = this.plain.trimEnd()
        return this.put({ is: "break" }, 1)
      case "`":
        return this.code()
      case "[":
      case "!":
        return this.link()
      case "h":
      case "H":
        return this.address()
      case "<":
        return this.enclosed()
      case "&":
        return this.entity()
      case "*":
      case "_":
      case "~":
        return this.emphasis()
      default:
        return false
    }
  }

  private put(one: Inline, length: number): true {
    this.flush()
    this.out.push(one)
    this.at += length
    return true
  }

  private flush(): void {
    if (this.plain !== "") this.out.push(this.plain)
    this.plain = ""
  }

  private escape(): boolean {
    const next = this.text[this.at + 1]
    if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return false
    this.plain += next
    this.at += 2
    return true
  }

  private code(): boolean {
    let ticks = 1
    while (this.text[this.at + ticks] === "`") ticks++
    const mark = "`".repeat(ticks)
    const end = this.find(mark, this.at + ticks)
    if (end < 0) {
      this.plain += mark
      this.at += ticks
      return true
    }
    const text = this.text.slice(this.at + ticks, end).replaceAll("\n", " ")
    return this.put({ is: "code", text: text.trim() === "" ? text : text.trim() }, end + ticks - this.at)
  }

  private link(): boolean {
    const found = this.match(link)
    if (!found) return false
    const [whole, label = "", address = ""] = found
    const href = safeHref(address)
    if (href === null || this.linked) {
      this.plain += label || address
      this.at += whole.length
      return true
    }
    if (whole.startsWith("!")) {
      // Mail is no picture.
      if (href.startsWith("http")) return this.put({ is: "picture", src: href, says: label }, whole.length)
      this.plain += label
      this.at += whole.length
      return true
    }
    const children = label === "" ? [address] : parseInline(label, this.depth + 1, true)
    return this.put({ is: "link", href, children }, whole.length)
  }

  private address(): boolean {
    if (this.linked) return false
    const found = this.match(bareAddress)?.[0].replace(/[.,;:!?)*_~]+$/, "")
    if (found === undefined || /\w/.test(this.text[this.at - 1] ?? "")) return false
    return this.put({ is: "link", href: found, children: [found] }, found.length)
  }

  /** `<https://example.com>`, and the one tag that has a meaning here: the line break. */
  private enclosed(): boolean {
    const end = this.match(lineEnd)
    if (end) return this.put({ is: "break" }, end[0].length)
    const found = this.linked ? null : this.match(enclosedAddress)
    const href = found ? safeHref(found[1]!) : null
    if (!found || href === null) return false
    return this.put({ is: "link", href, children: [href.replace(/^mailto:/i, "")] }, found[0].length)
  }

  private entity(): boolean {
    const found = this.match(entity)?.[0]
    if (found === undefined) return false
    this.plain += entities.get(found) ?? found
    this.at += found.length
    return true
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    return pattern.exec(this.text)
  }

  private emphasis(): boolean {
    if (this.depth >= mostDeep) return false
    const found = marks.find(({ mark }) => this.text.startsWith(mark, this.at))
    if (!found) return false
    const { mark, is } = found
    const from = this.at + mark.length
    const before = this.text[this.at - 1] ?? ""
    const opens = !/\s/.test(this.text[from] ?? " ") && !(mark.startsWith("_") && /\w/.test(before))
    const end = opens ? this.close(mark, from) : -1
    if (end < 0) {
      this.plain += mark
      this.at += mark.length
      return true
    }
    return this.put(
      { is, children: parseInline(this.text.slice(from, end), this.depth + 1, this.linked) },
      end + mark.length - this.at,
    )
  }

  /** Where a mark is closed: by the same mark after something that is no space, and `_` only at a word's end. */
  private close(mark: string, from: number): number {
    if (this.open.has(mark)) return -1
    for (let end = this.text.indexOf(mark, from + 1); end > 0; end = this.text.indexOf(mark, end + 1)) {
      const after = this.text[end + mark.length] ?? ""
      const isPart = mark.length === 1 && (after === mark || this.text[end - 1] === mark)
      if (/\s/.test(this.text[end - 1]!) || isPart) continue
      if (mark.startsWith("_") && /\w/.test(after)) continue
      // Of three marks the last two are the pair: `***both***`.
      const isTriple = mark.length === 2 && after === mark[0] && this.text[end + 3] !== mark[0]
      return isTriple ? end + 1 : end
    }
    this.open.add(mark)
    return -1
  }

  private find(mark: string, from: number): number {
    if (this.open.has(mark)) return -1
    for (let end = this.text.indexOf(mark, from); end > 0; end = this.text.indexOf(mark, end)) {
      let length = mark.length
      while (this.text[end + length] === "`") length++
      if (length === mark.length) return end
      end += length
    }
    this.open.add(mark)
    return -1
  }
}
