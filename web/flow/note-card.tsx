import type { FlowNode } from "#core/flow/graph"
import { cn } from "#web/ui/cn.ts"
import { Markdown } from "#web/ui/markdown.tsx"
import { sizeOf } from "./geometry.ts"

/** The text of a note; a draft may hold anything. */
export const noteText = ({ data }: Pick<FlowNode, "data">): string =>
  typeof data["text"] === "string" ? data["text"] : ""

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
      {text.trim() === "" ? (
        <p className="text-muted">An empty note</p>
      ) : (
        <Markdown text={text} links={false} />
      )}
    </div>
  )
}
