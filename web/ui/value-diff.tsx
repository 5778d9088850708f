import { useMemo } from "react"
import type { Json } from "#core/json"
import { cn } from "./cn.ts"
import { diffLists, folded, joined, linesOf, wordsOf, type Piece } from "./text-diff.ts"

type ValueDiffProps = { path: string; left: Json | undefined; right: Json | undefined }

/** One place where two values differ: words in short texts, lines in long ones and in what is structured. */
export function ValueDiff({ path, left, right }: ValueDiffProps) {
  return (
    <section aria-label={path} className="min-w-0">
      <h3 className="mb-1 flex items-baseline gap-2">
        <span className="min-w-0 truncate font-mono text-sm font-medium">{path}</span>
        <span className="shrink-0 text-sm text-muted">{sayChange(left, right)}</span>
      </h3>
      <Difference left={left} right={right} />
    </section>
  )
}

const sayChange = (left: Json | undefined, right: Json | undefined): string =>
  left === undefined ? "added" : right === undefined ? "removed" : "changed"

/** Longer than this, or over several lines, a text is compared line by line. */
const shortText = 120

const isShort = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" ? value.length <= shortText && !value.includes("\n") : typeof value !== "object")

const textOf = (value: Json | undefined): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2)

function Difference({ left, right }: Omit<ValueDiffProps, "path">) {
  if (!isShort(left) || !isShort(right)) return <Lines left={textOf(left)} right={textOf(right)} />
  if (typeof left === "string" && typeof right === "string") return <Words left={left} right={right} />
  return (
    <p className={box}>
      {left !== undefined && <Change is="removed">{JSON.stringify(left)}</Change>}
      {left !== undefined && right !== undefined && " "}
      {right !== undefined && <Change is="added">{JSON.stringify(right)}</Change>}
    </p>
  )
}

const box =
  "overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-sm leading-5 break-words whitespace-pre-wrap"

function Words({ left, right }: { left: string; right: string }) {
  const pieces = useMemo(() => joined(diffLists(wordsOf(left), wordsOf(right))), [left, right])
  return (
    <p className={box}>
      {pieces.map((piece, i) =>
        piece.is === "same" ? (
          <span key={i}>{piece.text}</span>
        ) : (
          <Change key={i} is={piece.is}>
            {piece.text}
          </Change>
        ),
      )}
    </p>
  )
}

const hues = { removed: "bg-failed-soft text-failed", added: "bg-succeeded-soft text-succeeded" }

/** `ins` and `del` say to those who do not see the hue what is new and what is gone. */
function Change({ is, children }: { is: "removed" | "added"; children: string }) {
  const Mark = is === "added" ? "ins" : "del"
  return (
    <Mark className={cn("rounded-sm px-0.5 no-underline", hues[is], is === "removed" && "line-through")}>
      {children}
    </Mark>
  )
}

/** So many lines are drawn: what differs in thousands of lines is nothing that one reads. */
const mostLines = 400

function Lines({ left, right }: { left: string; right: string }) {
  const lines = useMemo(() => folded(diffLists(linesOf(left), linesOf(right))), [left, right])
  return (
    <div className="overflow-x-auto rounded-md border border-line bg-sunken py-1 font-mono text-sm leading-5">
      {lines.slice(0, mostLines).map((line, i) =>
        line.is === "skipped" ? (
          <p key={i} className="border-y border-line px-3 text-muted">
            {line.count.toLocaleString("en")} lines alike
          </p>
        ) : (
          <Line key={i} piece={line} />
        ),
      )}
      {lines.length > mostLines && (
        <p className="px-3 text-muted">{(lines.length - mostLines).toLocaleString("en")} more lines</p>
      )}
    </div>
  )
}

const signs = { same: " ", removed: "−", added: "+" }

function Line({ piece }: { piece: Piece }) {
  const Mark = piece.is === "added" ? "ins" : piece.is === "removed" ? "del" : "span"
  return (
    <Mark
      className={cn(
        "block px-3 break-words whitespace-pre-wrap no-underline",
        piece.is !== "same" && hues[piece.is],
      )}
    >
      <span aria-hidden className="mr-2 inline-block w-2 select-none">
        {signs[piece.is]}
      </span>
      {piece.text}
    </Mark>
  )
}
