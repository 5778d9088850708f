import { parseInline, type Inline } from "./inline.ts"

export type ListItem = {
  children: Block[]
  /** For an item with a box, whether it is ticked. */
  done: boolean | null
}

export type Align = "left" | "center" | "right"

/** What Markdown is made of, without any HTML of its writer's: a tag is text. */
export type Block =
  | { is: "paragraph"; children: Inline[] }
  | { is: "heading"; level: number; children: Inline[] }
  | { is: "code"; text: string; language: string }
  | { is: "quote"; children: Block[] }
  | { is: "list"; ordered: boolean; start: number; items: ListItem[] }
  | { is: "table"; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { is: "rule" }

/** A block, and the line that it begins at. */
export type PlacedBlock = { block: Block; line: number }

const fence = /^( {0,3})(`{3,}|~{3,})([^\n]*)$/
const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/
const underline = /^ {0,3}(=+|-+)\s*$/
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const quote = /^ {0,3}> ?/
const bullet = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/
const divider = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/
const box = /^\[([ xX])\] /

const mostDeep = 6

export const linesOf = (text: string): string[] =>
  text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n")

/** Reads a text as Markdown, in the manner of comments: a line break is a line break. */
export const parseBlocks = (text: string, depth = 0): Block[] =>
  readBlocks(linesOf(text), 0, depth).map(({ block }) => block)

/** Reads from a line on that no block before it reaches. */
export function readBlocks(lines: readonly string[], from = 0, depth = 0): PlacedBlock[] {
  const blocks: PlacedBlock[] = []
  let paragraph: string[] = []
  let at = from
  const flush = () => {
    const written = textOf(paragraph)
    const line = at - paragraph.length
    if (written !== "") blocks.push({ block: { is: "paragraph", children: parseInline(written) }, line })
    paragraph = []
  }
  while (at < lines.length) {
    const line = lines[at]!
    if (line.trim() === "") {
      flush()
      at++
      continue
    }
    const title = paragraph.length > 0 ? underline.exec(line) : null
    if (title) {
      const level = title[1]!.startsWith("=") ? 1 : 2
      const block: Block = { is: "heading", level, children: parseInline(textOf(paragraph)) }
      blocks.push({ block, line: at - paragraph.length })
      paragraph = []
      at++
      continue
    }
    const found = paragraph.length > 0 && !mayInterrupt(line) ? null : blockAt(lines, at, depth)
    if (!found) {
      paragraph.push(line)
      at++
      continue
    }
    flush()
    blocks.push({ block: found.block, line: at })
    at = found.next
  }
  flush()
  return blocks
}

const textOf = (paragraph: readonly string[]): string =>
  paragraph
    .map((line) => line.trimStart())
    .join("\n")
    .trim()

/** "1986. A great year" within a paragraph begins no list, and neither does a mark without words. */
function mayInterrupt(line: string): boolean {
  const mark = bullet.exec(line)
  if (!mark || rule.test(line)) return true
  const isEmpty = line.slice(mark[0].length).trim() === ""
  return !isEmpty && (!isOrdered(mark[2]!) || Number.parseInt(mark[2]!, 10) === 1)
}

type Found = { block: Block; next: number }

/** The block that begins at a line, unless it is a line of a paragraph. */
function blockAt(lines: readonly string[], at: number, depth: number): Found | null {
  const line = lines[at]!
  const title = heading.exec(line)
  if (title) {
    return {
      block: { is: "heading", level: title[1]!.length, children: parseInline(title[2]!) },
      next: at + 1,
    }
  }
  const code = codeAt(lines, at)
  if (code) return code
  if (rule.test(line)) return { block: { is: "rule" }, next: at + 1 }
  if (line.includes("|") && divider.test(lines[at + 1] ?? "")) return tableAt(lines, at)
  if (depth >= mostDeep) return null
  if (quote.test(line)) return quoteAt(lines, at, depth)
  return bullet.test(line) ? listAt(lines, at, depth) : null
}

function codeAt(lines: readonly string[], at: number): Found | null {
  const [, indent = "", mark = "", info = ""] = fence.exec(lines[at]!) ?? []
  // Ticks after ticks are code within a line.
  if (mark === "" || (mark.startsWith("`") && info.includes("`"))) return null
  let end = at + 1
  while (end < lines.length && !closes(lines[end]!, mark)) end++
  const text = lines
    .slice(at + 1, end)
    .map((line) => line.slice(Math.min(indentOf(line), indent.length)))
    .join("\n")
  const language = info.trim().split(/\s/, 1)[0]!
  return { block: { is: "code", text, language }, next: end + 1 }
}

/** A fence is closed by as many of its marks, or more, and nothing else. */
function closes(line: string, mark: string): boolean {
  const written = line.trim()
  return written.length >= mark.length && written.replaceAll(mark[0]!, "") === ""
}

function quoteAt(lines: readonly string[], at: number, depth: number): Found {
  let end = at
  while (end < lines.length && quote.test(lines[end]!)) end++
  const inner = lines
    .slice(at, end)
    .map((line) => line.replace(quote, ""))
    .join("\n")
  return { block: { is: "quote", children: parseBlocks(inner, depth + 1) }, next: end }
}

const isOrdered = (mark: string): boolean => /\d/.test(mark)

function listAt(lines: readonly string[], at: number, depth: number): Found {
  const first = bullet.exec(lines[at]!)!
  const ordered = isOrdered(first[2]!)
  const items: string[][] = []
  let indent = 0
  let next = at
  for (; next < lines.length; next++) {
    const line = lines[next]!
    const mark = rule.test(line) ? null : bullet.exec(line)
    const item = items.at(-1)
    if (mark && isOrdered(mark[2]!) === ordered && (!item || mark[1]!.length < indent)) {
      indent = mark[1]!.length + mark[2]!.length + (mark[3]!.length || 1)
      items.push([line.slice(mark[0].length)])
    } else if (item && (line.trim() === "" || indentOf(line) >= 2)) {
      // An empty line ends the list unless what follows still belongs to it.
      const following = lines[next + 1] ?? ""
      if (line.trim() === "" && indentOf(following) < 2 && !bullet.test(following)) break
      item.push(line.slice(Math.min(indentOf(line), indent)))
    } else break
  }
  const start = ordered ? Number.parseInt(first[2]!, 10) : 1
  const read = items.map((item) => itemOf(item, depth))
  return { block: { is: "list", ordered, start, items: read }, next }
}

function itemOf(lines: readonly string[], depth: number): ListItem {
  const written = lines.join("\n")
  const mark = box.exec(written)
  const children = parseBlocks(mark ? written.slice(mark[0].length) : written, depth + 1)
  return { children, done: mark ? mark[1] !== " " : null }
}

const indentOf = (line: string): number => line.length - line.trimStart().length

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())

const readCells = (line: string): Inline[][] => cellsOf(line).map((cell) => parseInline(cell))

function alignOf(cell: string): Align {
  if (!cell.endsWith(":")) return "left"
  return cell.startsWith(":") ? "center" : "right"
}

function tableAt(lines: readonly string[], at: number): Found {
  const head = readCells(lines[at]!)
  const marks = cellsOf(lines[at + 1]!)
  const rows: Inline[][][] = []
  let next = at + 2
  for (; next < lines.length && lines[next]!.includes("|"); next++) {
    const cells = readCells(lines[next]!)
    rows.push(head.map((_, index) => cells[index] ?? []))
  }
  const align = head.map((_, index) => alignOf(marks[index] ?? ""))
  return { block: { is: "table", align, head, rows }, next }
}
