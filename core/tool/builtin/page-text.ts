/** Elements whose inside nobody reads. */
const silent: ReadonlySet<string> = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "head",
  "iframe",
])
const blocks =
  /^(?:p|div|section|article|header|footer|main|aside|nav|ul|ol|li|table|tr|h[1-6]|br|hr|pre|blockquote|form|dl|dt|dd)$/
const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
}

/** The text of an HTML page as somebody reads it, in one pass over its characters. Nothing of it is ever shown as HTML. */
export function pageText(html: string): string {
  let text = titleOf(html)
  for (let at = 0; at < html.length;) {
    const open = html.indexOf("<", at)
    text += html.slice(at, open < 0 ? html.length : open).replace(/\s+/g, " ")
    if (open < 0) break
    if (html.startsWith("<!--", open)) {
      const close = html.indexOf("-->", open + 4)
      at = close < 0 ? html.length : close + 3
      continue
    }
    const close = html.indexOf(">", open)
    if (close < 0) break
    const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 24))?.[1]?.toLowerCase() ?? ""
    at = close + 1
    if (silent.has(name) && html[open + 1] !== "/") at = after(html, name, at)
    else if (blocks.test(name)) text += lineAt(name, html[open + 1] === "/")
    else if (name === "td" || name === "th") text += " "
  }
  return decoded(text)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n[ \n]*\n ?/g, "\n\n")
    .replace(/ ?\n ?/g, "\n")
    .trim()
}

/** The end of an entry of a list is where the next begins. */
const lineAt = (name: string, isEnd: boolean): string => (name !== "li" ? "\n" : isEnd ? "" : "\n- ")

/** The title stands in the head, which is left out. */
function titleOf(html: string): string {
  const open = html.search(/<title[\s>]/i)
  if (open < 0) return ""
  const begin = html.indexOf(">", open) + 1
  const end = html.indexOf("<", begin)
  return begin > 0 && end > begin ? `${html.slice(begin, end).replace(/\s+/g, " ").trim()}\n\n` : ""
}

/** Behind the end of an element; pages that do not end it are silent from there. */
function after(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}\\s*>`, "gi")
  end.lastIndex = from
  return end.exec(html) ? end.lastIndex : html.length
}

const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, code: string) => {
    if (!code.startsWith("#")) return Object.hasOwn(entities, code) ? entities[code]! : whole
    const point = /^#x/i.test(code) ? Number.parseInt(code.slice(2), 16) : Number(code.slice(1))
    return point > 0x1f && point <= 0x10ffff ? String.fromCodePoint(point) : " "
  })
