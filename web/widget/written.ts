import type { Block } from "#web/ui/markdown/blocks.ts"
import { grow, type Growing } from "#web/ui/markdown/growing.ts"
import type { Inline } from "#web/ui/markdown/inline.ts"
import { element } from "./element.ts"

/** A message's Markdown as elements, by the same reader as in our pages. Pictures are links: nothing is fetched from elsewhere. */
export class Written {
  readonly root: HTMLElement
  #read: Growing | null = null

  constructor(root: HTMLElement) {
    this.root = root
  }

  /** Draws anew only the blocks that are others than before. */
  show(text: string): void {
    const before = this.#read?.blocks ?? []
    this.#read = grow(this.#read, text)
    const { blocks } = this.#read
    let same = 0
    while (same < blocks.length && blocks[same] === before[same]) same++
    while (this.root.children.length > same) this.root.lastElementChild!.remove()
    this.root.append(...blocks.slice(same).map(drawBlock))
  }
}

function drawBlock(block: Block): HTMLElement {
  switch (block.is) {
    case "paragraph":
      return element("p", {}, ...block.children.map(drawInline))
    case "heading":
      return element("p", { class: "heading" }, ...block.children.map(drawInline))
    case "code":
      return element("pre", { tabindex: "0" }, element("code", {}, block.text))
    case "quote":
      return element("blockquote", {}, ...block.children.map(drawBlock))
    case "list":
      return element(
        block.ordered ? "ol" : "ul",
        block.ordered ? { start: String(block.start) } : {},
        ...block.items.map(({ children, done }) =>
          element("li", {}, ...(done === null ? [] : [done ? "☑ " : "☐ "]), ...children.map(drawBlock)),
        ),
      )
    case "table":
      return element(
        "div",
        { class: "table", tabindex: "0" },
        element(
          "table",
          {},
          element("thead", {}, drawRow("th", block.head)),
          element("tbody", {}, ...block.rows.map((row) => drawRow("td", row))),
        ),
      )
    case "rule":
      return element("hr")
    default:
      return block satisfies never
  }
}

const drawRow = (tag: "th" | "td", cells: readonly Inline[][]): HTMLElement =>
  element("tr", {}, ...cells.map((cell) => element(tag, {}, ...cell.map(drawInline))))

function drawInline(inline: Inline): Node {
  if (typeof inline === "string") return document.createTextNode(inline)
  switch (inline.is) {
    case "strong":
    case "em":
      return element(inline.is, {}, ...inline.children.map(drawInline))
    case "strike":
      return element("s", {}, ...inline.children.map(drawInline))
    case "code":
      return element("code", {}, inline.text)
    case "link":
      return link(inline.href, ...inline.children.map(drawInline))
    case "picture":
      return link(inline.src, inline.says || inline.src)
    case "break":
      return element("br")
    default:
      return inline satisfies never
  }
}

const link = (href: string, ...children: (Node | string)[]): HTMLElement =>
  element("a", { href, title: href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children)
