import { parseInline, type Inline } from "./inline.ts"

/** What Markdown is made of, without any HTML of its writer's: a tag is text. */
export type Block =
  | { is: "paragraph"; children: Inline[] }
  | { is: "heading"; level: number; children: Inline[] }
  | { is: "code"; text: string }
  | { is: "quote"; children: Block[] }
  | { is: "list"; ordered: boolean; start: number; items: Block[][] }
  | { is: "table"; head: Inline[][]; rows: Inline[][][] }
  | { is: "rule" }

const fence = /^ {0,3}(`{3,}|~{3,})/
const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/
const quote = /^ {0,3}> ?/
const bullet = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/
const divider = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/

const mostDeep = 6

/** Reads a text as Markdown, in the manner of comments: a line break is a line break. */
export function parseBlocks(text: string, depth = 0): Block[] {
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n")
  const blocks: Block[] = []
  let paragraph: string[] = []
  const flush = () => {
    const written = paragraph.map((line) => line.trimStart()).join("\n")
    if (written.trim() !== "") blocks.push({ is: "paragraph", children: parseInline(written.trim()) })
    paragraph = []
  }
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!
    if (line.trim() === "") {
      flush()
      at++
      continue
    }
    const found = blockAt(lines, at, depth)
    if (!found) {
      paragraph.push(line)
      at++
      continue
    }
    flush()
    blocks.push(found.block)
    at = found.next
  }
  flush()
  return blocks
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
  if (fence.test(line)) return codeAt(lines, at)
  if (rule.test(line)) return { block: { is: "rule" }, next: at + 1 }
  if (line.includes("|") && divider.test(lines[at + 1] ?? "")) return tableAt(lines, at)
  if (depth >= mostDeep) return null
  if (quote.test(line)) return quoteAt(lines, at, depth)
  return bullet.test(line) ? listAt(lines, at, depth) : null
}

function codeAt(lines: readonly string[], at: number): Found {
  const mark = fence.exec(lines[at]!)![1]!
  let end = at + 1
  while (end < lines.length && !lines[end]!.trimStart().startsWith(mark)) end++
  return { block: { is: "code", text: lines.slice(at + 1, end).join("\n") }, next: end + 1 }
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
    const mark = bullet.exec(line)
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
  const read = items.map((item) => parseBlocks(item.join("\n"), depth + 1))
  return { block: { is: "list", ordered, start, items: read }, next }
}

const indentOf = (line: string): number => line.length - line.trimStart().length

const cellsOf = (line: string): Inline[][] =>
  line
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim()))

function tableAt(lines: readonly string[], at: number): Found {
  const head = cellsOf(lines[at]!)
  const rows: Inline[][][] = []
  let next = at + 2
  for (; next < lines.length && lines[next]!.includes("|"); next++) {
    const cells = cellsOf(lines[next]!)
    rows.push(head.map((_, index) => cells[index] ?? []))
  }
  return { block: { is: "table", head, rows }, next }
}
