/** What stands within a line of Markdown. */
export type Inline =
  | string
  | { is: "strong" | "em" | "strike"; children: Inline[] }
  | { is: "code"; text: string }
  | { is: "link"; href: string; children: Inline[] }
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

const bareAddress = /https?:\/\/[^\s<>"'`]+/iy
const link = /!?\[([^[\]]*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/y

/** Reads one stretch of text. It looks at each character once for each depth: a long message costs what it is long. */
export function parseInline(text: string, depth = 0): Inline[] {
  return new Reader(text, depth).read()
}

class Reader {
  readonly text: string
  readonly depth: number
  private readonly out: Inline[] = []
  private plain = ""
  private at = 0
  /** Marks that are not closed anywhere further on. */
  private readonly open = new Set<string>()

  constructor(text: string, depth: number) {
    this.text = text
    this.depth = depth
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
    link.lastIndex = this.at
    const found = link.exec(this.text)
    if (!found) return false
    const [whole, label = "", address = ""] = found
    const href = safeHref(address)
    const said = label || address
    if (href === null || this.depth >= mostDeep) {
      this.plain += said
      this.at += whole.length
      return true
    }
    return this.put({ is: "link", href, children: parseInline(said, mostDeep) }, whole.length)
  }

  private address(): boolean {
    if (this.depth >= mostDeep) return false
    bareAddress.lastIndex = this.at
    const found = bareAddress.exec(this.text)?.[0].replace(/[.,;:!?)*_~]+$/, "")
    if (found === undefined || /\w/.test(this.text[this.at - 1] ?? "")) return false
    return this.put({ is: "link", href: found, children: [found] }, found.length)
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
      { is, children: parseInline(this.text.slice(from, end), this.depth + 1) },
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
      return end
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
