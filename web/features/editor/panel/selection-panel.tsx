import { Copy, CopyPlus, Group, Plus, Trash2 } from "lucide-react"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { Button } from "#web/ui/button.tsx"
import { draftAtom, edgeFindingsAtom, edgeSentenceAtom, insertingAtom, selectionAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { sayCount } from "#web/ui/say-count.ts"
import { FixButton } from "../bar/fix-button.tsx"
import { OrderTools } from "./order-tools.tsx"

/** Several nodes, or edges: what can be done with them together. */
export function SelectionPanel() {
  const { commands, mayEdit } = useEditor()
  const { nodes, edges } = useAtomValue(selectionAtom)
  const draft = useAtomValue(draftAtom)
  const nesting = nestingOf(draft.nodes)
  const chosen = nesting.outermost(nodes)
  const canGroup = new Set(chosen.map((node) => nesting.parent(node.id))).size === 1
  const [edgeId] = edges
  if (nodes.size === 0 && edges.size === 1 && edgeId !== undefined) return <EdgePanel id={edgeId} />
  const copy = () => {
    const text = commands.copied()
    if (text !== null) void navigator.clipboard.writeText(text)
  }
  return (
    <div className="flex flex-col gap-3 p-3" data-panel>
      <h2 className="text-md font-semibold">
        {[nodes.size > 0 && sayCount(nodes.size, "node"), edges.size > 0 && sayCount(edges.size, "edge")]
          .filter(Boolean)
          .join(" and ")}
      </h2>
      {mayEdit && nodes.size > 1 && <OrderTools count={nodes.size} />}
      {mayEdit && (
        <div className="flex flex-wrap gap-2">
          {nodes.size > 0 && (
            <>
              <Button size="sm" onClick={copy}>
                <Copy aria-hidden />
                Copy
              </Button>
              <Button size="sm" onClick={() => commands.duplicate()}>
                <CopyPlus aria-hidden />
                Duplicate
              </Button>
              {canGroup && (
                <Button size="sm" onClick={() => commands.groupSelected()}>
                  <Group aria-hidden />
                  Group
                </Button>
              )}
            </>
          )}
          <Button size="sm" onClick={() => commands.removeSelected()}>
            <Trash2 aria-hidden />
            Delete
          </Button>
        </div>
      )}
    </div>
  )
}

function EdgePanel({ id }: { id: string }) {
  const { commands, mayEdit } = useEditor()
  const draft = useAtomValue(draftAtom)
  const fault = useAtomValue(edgeSentenceAtom(id))
  const [finding] = useAtomValue(edgeFindingsAtom(id))
  const insert = useSetAtom(insertingAtom)
  const edge = draft.edges.find((one) => one.id === id)
  if (!edge) return null
  const nameOf = (nodeId: string) => {
    const node = draft.nodes.find((one) => one.id === nodeId)
    return node ? titleOf(node) : nodeId
  }
  return (
    <div className="flex flex-col gap-3 p-3" data-panel>
      <h2 className="text-md font-semibold">Edge</h2>
      <p>
        From <strong className="font-medium">{nameOf(edge.source)}</strong>
        {edge.source_handle && <> by “{edge.source_handle}”</>} to{" "}
        <strong className="font-medium">{nameOf(edge.target)}</strong>
      </p>
      {fault && <p className="text-failed">{fault}</p>}
      {finding && (
        <div className="empty:hidden">
          <FixButton finding={finding} />
        </div>
      )}
      {mayEdit && (
        <div className="flex flex-wrap gap-2">
          <Button
            size="sm"
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect()
              insert({ screen: { x: box.left, y: box.bottom + 4 }, edge: id })
            }}
          >
            <Plus aria-hidden />
            Insert a node
          </Button>
          <Button size="sm" onClick={() => commands.remove([], [id])}>
            <Trash2 aria-hidden />
            Delete edge
          </Button>
        </div>
      )}
    </div>
  )
}
