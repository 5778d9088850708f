import { createContext, use, useMemo, type ReactNode } from "react"
import { cn } from "./cn.ts"
import { parseBlocks, type Block } from "./markdown/blocks.ts"
import type { Inline } from "./markdown/inline.ts"

type MarkdownProps = {
  text: string
  /** Off where a press means something else: addresses are words there. */
  links?: boolean
  className?: string
}

const LinksContext = createContext(true)

/**
 * Text that somebody, or a model, wrote as Markdown. It becomes elements and never HTML: tags are shown as written, pictures
 * become links, so that nothing is fetched from elsewhere, and addresses that are not http or mail are words.
 */
export function Markdown({ text, links = true, className }: MarkdownProps) {
  const blocks = useMemo(() => parseBlocks(text), [text])
  return (
    <LinksContext value={links}>
      <div className={cn("flex min-w-0 flex-col gap-2.5 break-words", className)}>{all(blocks)}</div>
    </LinksContext>
  )
}

// What a text is made of has no identity of its own: its place is its key.
const all = (blocks: readonly Block[]) =>
  blocks.map((block, index) => <BlockView key={index} block={block} />)

const words = (children: readonly Inline[]): ReactNode =>
  children.map((one, index) => <InlineView key={index} inline={one} />)

function BlockView({ block }: { block: Block }) {
  switch (block.is) {
    case "paragraph":
      return <p>{words(block.children)}</p>
    case "heading":
      // The page's own headings give its outline; those of a message only look like some.
      return (
        <p
          className={cn(
            "font-semibold text-ink",
            block.level <= 2 && "text-md",
            block.level > 3 && "text-soft",
          )}
        >
          {words(block.children)}
        </p>
      )
    case "code":
      return (
        <pre
          // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="focus-ring-inset max-h-80 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm"
        >
          <code>{block.text}</code>
        </pre>
      )
    case "quote":
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-muted">
          {all(block.children)}
        </blockquote>
      )
    case "list":
      return <ListView {...block} />
    case "table":
      return <TableView {...block} />
    case "rule":
      return <hr className="border-line" />
    default:
      return block satisfies never
  }
}

function ListView({ ordered, start, items }: Extract<Block, { is: "list" }>) {
  const lines = items.map((item, index) => (
    <li key={index} className="pl-0.5">
      <div className="flex flex-col gap-1">{all(item)}</div>
    </li>
  ))
  return ordered ? (
    <ol start={start} className="flex list-decimal flex-col gap-1 pl-5 marker:text-muted">
      {lines}
    </ol>
  ) : (
    <ul className="flex list-disc flex-col gap-1 pl-5 marker:text-muted">{lines}</ul>
  )
}

const cell = "border-b border-line px-2 py-1 text-left align-top first:pl-0"

const TableView = ({ head, rows }: Extract<Block, { is: "table" }>) => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div tabIndex={0} className="focus-ring-inset max-w-full overflow-x-auto">
    <table className="tabular border-collapse">
      <thead>
        <tr>
          {head.map((one, index) => (
            <th key={index} className={cn(cell, "text-sm font-medium text-muted")}>
              {words(one)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((one, place) => (
              <td key={place} className={cell}>
                {words(one)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

function InlineView({ inline }: { inline: Inline }) {
  const hasLinks = use(LinksContext)
  if (typeof inline === "string") return inline
  switch (inline.is) {
    case "strong":
      return <strong className="font-semibold text-ink">{words(inline.children)}</strong>
    case "em":
      return <em>{words(inline.children)}</em>
    case "strike":
      return <s>{words(inline.children)}</s>
    case "code":
      return (
        <code className="rounded-sm bg-sunken px-1 py-px font-mono text-[0.92em] break-words">
          {inline.text}
        </code>
      )
    case "link":
      if (!hasLinks) return <span className="underline underline-offset-2">{words(inline.children)}</span>
      return (
        <a
          href={inline.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="focus-ring rounded-sm text-accent-ink underline underline-offset-2 break-all hover:no-underline"
        >
          {words(inline.children)}
        </a>
      )
    case "break":
      return <br />
    default:
      return inline satisfies never
  }
}
