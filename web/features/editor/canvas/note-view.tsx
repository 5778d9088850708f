import type { NodeProps } from "@xyflow/react"
import { memo, useEffect, useRef } from "react"
import type { FlowNode } from "#core/flow/graph"
import { sizeOf } from "#web/flow/geometry.ts"
import { NoteCard, noteText } from "#web/flow/note-card.tsx"
import { sameNode } from "#web/flow/same-node.ts"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { cardAtom, writingNoteAtom } from "../atoms.ts"
import { CommentMark } from "../comments/comment-mark.tsx"
import { useEditor } from "../editor-context.ts"
import { SharedText } from "../panel/fields/shared-text.tsx"
import { HolderRing } from "./holder-ring.tsx"
import { Resizer } from "./resizer.tsx"

/** A note on the editor's canvas; a double click writes in it. */
export const NoteView = memo(function NoteView({ id, selected }: NodeProps) {
  const node = useAtomValue(cardAtom(id))
  const [writing, setWriting] = useAtom(writingNoteAtom)
  const { mayEdit } = useEditor()
  if (!node) return null
  const isWriting = mayEdit && writing === id
  return (
    <>
      {isWriting ? (
        <Sheet node={node} onDone={() => setWriting(null)} />
      ) : (
        <NoteCard node={node} selected={selected} />
      )}
      <HolderRing id={id} />
      <CommentMark id={id} />
      {mayEdit && <Resizer id={id} shown={selected} />}
    </>
  )
}, sameNode)

function Sheet({ node, onDone }: { node: FlowNode; onDone: () => void }) {
  const { commands } = useEditor()
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const area = sheet.current?.querySelector("textarea")
    area?.focus()
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])
  return (
    <div ref={sheet}>
      <SharedText
        aria-label="Note"
        shared={{ node: node.id, field: "text" }}
        value={noteText(node)}
        maxLength={20_000}
        onChange={(text) => commands.setField(node.id, "text", text)}
        onBlur={onDone}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return
          event.stopPropagation()
          onDone()
          event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus()
        }}
        style={sizeOf(node)}
        className="nodrag nopan nowheel rounded-md border border-accent bg-kind-person-soft ring-1 ring-accent"
        textClass="px-3 py-2 text-base leading-5"
      />
    </div>
  )
}
