import type { NodeProps } from "@xyflow/react"
import { memo, useEffect, useRef } from "react"
import type { FlowNode } from "#core/flow/graph"
import { sameNode } from "#web/flow/flow-view.tsx"
import { sizeOf } from "#web/flow/geometry.ts"
import { NoteCard, noteText } from "#web/flow/note-card.tsx"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { nodeAtom, writingNoteAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { Resizer } from "./resizer.tsx"

/** A note on the editor's canvas; a double click writes in it. */
export const NoteView = memo(function NoteView({ id, selected }: NodeProps) {
  const node = useAtomValue(nodeAtom(id))
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
      {mayEdit && <Resizer id={id} shown={selected} />}
    </>
  )
}, sameNode)

function Sheet({ node, onDone }: { node: FlowNode; onDone: () => void }) {
  const { commands } = useEditor()
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const { current } = area
    current?.focus()
    current?.setSelectionRange(current.value.length, current.value.length)
  }, [])
  return (
    <textarea
      ref={area}
      aria-label="Note"
      value={noteText(node)}
      maxLength={20_000}
      onChange={(event) => commands.setField(node.id, "text", event.target.value)}
      onBlur={onDone}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return
        event.stopPropagation()
        onDone()
        event.currentTarget.closest<HTMLElement>(".react-flow__node")?.focus()
      }}
      style={sizeOf(node)}
      className="nodrag nopan nowheel block resize-none rounded-md border border-accent bg-kind-person-soft px-3 py-2 text-base leading-5 text-ink ring-1 ring-accent outline-none"
    />
  )
}
