import { render } from "@testing-library/react"
import ReactMarkdown from "react-markdown"
import remarkGfm from "remark-gfm"
import { expect, it } from "vitest"
import { Markdown } from "../markdown.tsx"

/** What models write. Texts that CommonMark and we mean to read differently (a line break within a paragraph) are not here. */
const texts = [
  "# Title\n\nSome **bold**, _italic_, ~~gone~~ and `code`.",
  "Title\n===\n\nUnder\n---\n\ntext",
  "1. First\n2. Second\n   - inner\n   - more\n3. Third",
  "1. First\n\n   ```js\n   const a = 1\n\n   const b = 2\n   ```\n\n2. Second",
  "- a\n- b\n  - c\n    - d\n- e",
  "* a\n* b\n\ntext after",
  "3. three\n4. four",
  "- [x] done\n- [ ] open",
  "Before\n\n```python\ndef f():\n    return '**no**'\n```\n\nAfter",
  "~~~\n```\n~~~",
  "````md\n```js\nx\n```\n````",
  "```\nnever closed",
  "> quoted\n>\n> - list\n> - in it\n\nafter",
  "| Name | Cost |\n|:-----|-----:|\n| a | 1 |\n| **b** | `2` |",
  "| a \\| b | c |\n|---|---|\n| 1 | 2 |",
  "Text\n\n---\n\nMore",
  "A [link](https://example.com/a_(b)) and https://example.com/x?y=1, too.",
  "A [**bold** link](https://example.com).",
  "<https://example.com/path>",
  "snake_case_name and 2 * 3 * 4 and a*b*c",
  "5 &lt; 6 &amp;&amp; 7 &gt; 6",
  "In 1986. A great year",
  "Escaped \\*stars\\* and \\`ticks\\`",
  "``a ` b``",
  "**Note:** _this is **nested** text_",
  "### Steps\n\n1. **Do** this:\n   - one\n   - two\n2. Then that\n\nDone.",
  "Text with `**not bold**` and **bold `code`**",
  "- **Term**: meaning\n- **Other**: [site](https://example.com)",
]

/** What a reader sees: the elements with a meaning, and their words. */
function outline(node: Node): string {
  if (node.nodeType === 3) return (node.textContent ?? "").replaceAll("\u00a0", " ")
  if (!(node instanceof Element)) return ""
  const tag = node.tagName.toLowerCase()
  const inner = [...node.childNodes].map(outline).join("")
  switch (tag) {
    case "button":
    case "figcaption":
      return ""
    case "pre":
      return `<pre>${(node.textContent ?? "").replace(/\n$/, "")}</pre>`
    case "input":
      return node.hasAttribute("checked") ? "[x]" : "[ ]"
    case "a":
      return `<a ${node.getAttribute("href")}>${inner}</a>`
    case "ol":
      return `<ol ${node.getAttribute("start") ?? 1}>${inner.trim()}</ol>`
    case "del":
      return `<s>${inner}</s>`
    case "div":
    case "figure":
    case "code":
      return tag === "code" ? `<code>${inner}</code>` : inner
    default:
      return `<${tag}>${inner.trim()}</${tag}>`
  }
}

/** Tight and loose lists, and headings that are no headings here, are one to a reader. */
const plain = (said: string): string =>
  said
    .replaceAll(/<\/?(?:p|h[1-6])>/g, " ")
    .replaceAll(/>\s+</g, "><")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?(<\/?(?:li|ul|ol[^>]*|blockquote|pre|table|tr|t[hd]|hr|thead|tbody)>) ?/g, "$1")
    .replaceAll("] ", "]")
    .trim()

it.each(texts)("reads %j as remark does", (text) => {
  const ours = render(<Markdown text={text} />)
  const theirs = render(<ReactMarkdown remarkPlugins={[remarkGfm]}>{text}</ReactMarkdown>)
  expect(plain(outline(ours.container))).toBe(plain(outline(theirs.container)))
})
