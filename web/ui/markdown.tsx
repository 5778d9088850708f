import { createContext, memo, use, useState, type ReactNode } from "react"
import { cn } from "./cn.ts"
import type { Align, Block, ListItem } from "./markdown/blocks.ts"
import { Code } from "./markdown/code.tsx"
import { grow } from "./markdown/growing.ts"
import type { Inline } from "./markdown/inline.ts"
import { Picture } from "./markdown/picture.tsx"

type MarkdownProps = {
  text: string
  /** Off where a press means something else: addresses are words there, and nothing in it is a button. */
  links?: boolean
  /** More is being written: a caret stands at the end. */
  writing?: boolean
  className?: string
}

const LinksContext = createContext(true)

/**
 * Text that somebody, or a model, wrote as Markdown. It becomes elements and never HTML: tags are shown as written, pictures of
 * elsewhere are fetched only when somebody asks for them, and addresses that are not http or mail are words. While a text grows
 * at its end only its last blocks are read and drawn again.
 */
export function Markdown({ text, links = true, writing = false, className }: MarkdownProps) {
  const [read, setRead] = useState(() => grow(null, text))
  const now = read.text === text ? read : grow(read, text)
  if (now !== read) setRead(now)
  return (
    <LinksContext value={links}>
      <div className={cn("flex min-w-0 flex-col gap-2.5 break-words", className)}>
        {all(now.blocks, writing)}
        {writing && now.blocks.length === 0 && (
          <p>
            <Caret />
          </p>
        )}
      </div>
    </LinksContext>
  )
}

/** Where the next words will stand. */
const Caret = () => (
  <span
    data-caret
    aria-hidden
    className="ml-0.5 inline-block h-[1.1em] w-[0.4em] translate-y-[0.2em] animate-pulse rounded-[1px] bg-muted"
  />
)

// What a text is made of has no identity of its own: its place is its key.
const all = (blocks: readonly Block[], writing = false) =>
  blocks.map((block, index) => (
    <BlockView key={index} block={block} writing={writing && index === blocks.length - 1} />
  ))

const words = (children: readonly Inline[]): ReactNode =>
  children.map((one, index) => <InlineView key={index} inline={one} />)

type BlockProps = {
  block: Block
  /** It is the last one of a text that is being written. */
  writing: boolean
}

const BlockView = memo(function BlockView({ block, writing }: BlockProps) {
  const hasLinks = use(LinksContext)
  switch (block.is) {
    case "paragraph":
      return (
        <p>
          {words(block.children)}
          {writing && <Caret />}
        </p>
      )
    case "heading":
      // The page's own headings give its outline; those of a message only look like some.
      return (
        <p
          className={cn(
            "font-semibold text-ink not-first:mt-1.5",
            block.level <= 2 && "text-md",
            block.level > 3 && "text-soft",
          )}
        >
          {words(block.children)}
          {writing && <Caret />}
        </p>
      )
    case "code":
      return <Code text={block.text} language={block.language} copy={hasLinks} />
    case "quote":
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-muted">
          {all(block.children, writing)}
        </blockquote>
      )
    case "list":
      return <ListView list={block} writing={writing} />
    case "table":
      return <TableView {...block} />
    case "rule":
      return <hr className="border-line" />
    default:
      return block satisfies never
  }
})

type ListProps = { list: Extract<Block, { is: "list" }>; writing: boolean }

function ListView({ list: { ordered, start, items }, writing }: ListProps) {
  const lines = items.map((item, index) => (
    <ItemView key={index} item={item} writing={writing && index === items.length - 1} />
  ))
  return ordered ? (
    <ol start={start} className="flex list-decimal flex-col gap-1 pl-6 marker:text-muted">
      {lines}
    </ol>
  ) : (
    <ul className="flex list-disc flex-col gap-1 pl-5 marker:text-muted">{lines}</ul>
  )
}

const ItemView = ({ item, writing }: { item: ListItem; writing: boolean }) => (
  <li className={cn("pl-0.5", item.done !== null && "-ml-5 flex list-none gap-2")}>
    {item.done !== null && (
      <input
        type="checkbox"
        disabled
        checked={item.done}
        readOnly
        aria-label={item.done ? "Done" : "Not done"}
        className="mt-1 size-3.5 shrink-0 accent-accent"
      />
    )}
    <div className="flex min-w-0 flex-col gap-1.5">{all(item.children, writing)}</div>
  </li>
)

const cell = "border-b border-line px-2 py-1 align-top first:pl-0"
const aligned: Record<Align, string> = { left: "text-left", center: "text-center", right: "text-right" }

const TableView = ({ align, head, rows }: Extract<Block, { is: "table" }>) => (
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  <div tabIndex={0} className="focus-ring-inset max-w-full overflow-x-auto">
    <table className="tabular border-collapse">
      <thead>
        <tr>
          {head.map((one, index) => (
            <th
              key={index}
              className={cn(cell, aligned[align[index] ?? "left"], "text-sm font-medium text-muted")}
            >
              {words(one)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((one, place) => (
              <td key={place} className={cn(cell, aligned[align[place] ?? "left"])}>
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
          // What a link says and where it leads may differ.
          title={inline.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="focus-ring rounded-sm text-accent-ink underline underline-offset-2 break-words hover:no-underline"
        >
          {words(inline.children)}
        </a>
      )
    case "picture":
      return hasLinks ? <Picture src={inline.src} says={inline.says} /> : inline.says || inline.src
    case "break":
      return <br />
    default:
      return inline satisfies never
  }
}
