import type { FlowNode } from "#core/flow/graph"
import { cn } from "#web/ui/cn.ts"
import { later, useLater } from "#web/ui/later.tsx"
import { sizeOf } from "./geometry.ts"

/** The text of a note; a draft may hold anything. */
export const noteText = ({ data }: Pick<FlowNode, "data">): string =>
  typeof data["text"] === "string" ? data["text"] : ""

/** Most flows have no notes. */
const markdown = later(() => import("#web/ui/markdown.tsx"))

/** A text on the canvas. Its links are text there: a press on a note takes hold of it. */
export function NoteCard({ node, selected }: { node: FlowNode; selected: boolean }) {
  const text = noteText(node)
  return (
    <div
      style={sizeOf(node)}
      className={cn(
        "overflow-hidden rounded-md border bg-kind-person-soft px-3 py-2 text-left shadow-near",
        selected ? "border-accent ring-1 ring-accent" : "border-kind-person/25",
      )}
    >
      {text.trim() === "" ? <p className="text-muted">An empty note</p> : <NoteText text={text} />}
    </div>
  )
}

/** The text as it is written, until what draws it has come. */
function NoteText({ text }: { text: string }) {
  const { code } = useLater(markdown)
  return code ? <code.Markdown text={text} links={false} /> : <p className="whitespace-pre-wrap">{text}</p>
}
