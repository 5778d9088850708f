import { useStore as useFlowStore, useStoreApi } from "@xyflow/react"
import { ListChecks, Pencil, Plus, Spline, Trash2, X } from "lucide-react"
import type { ReactNode } from "react"
import { handlesOf } from "#web/flow/geometry.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { editingAtom, joiningAtom, nodesAtom, selectionAtom, sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { beginJoining } from "./joining.ts"

/** On a phone: what is selected, and what a thumb does with it. The panel comes when it is asked for, not over every node that is touched. */
export function NodeBar({ onAdd }: { onAdd: () => void }) {
  const { commands, mayEdit } = useEditor()
  const store = useStore()
  const flow = useStoreApi()
  const isSeveral = useFlowStore((state) => state.multiSelectionActive)
  const { nodes, edges } = useAtomValue(selectionAtom)
  const all = useAtomValue(nodesAtom)
  const joining = useAtomValue(joiningAtom)
  const edit = useSetAtom(editingAtom)
  const setSide = useSetAtom(sideAtom)
  const [id] = nodes
  if (nodes.size + edges.size === 0 || joining) return null
  const only = nodes.size === 1 && edges.size === 0 ? all.find((node) => node.id === id) : undefined
  const selectSeveral = (isOn: boolean) => flow.setState({ multiSelectionActive: isOn })
  const close = () => {
    selectSeveral(false)
    commands.clearSelection()
  }
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="absolute inset-x-3 bottom-16 z-20 flex items-center gap-0.5 rounded-lg bg-raised py-1 pr-1 pl-3 shadow-float"
    >
      <span className="min-w-0 flex-1 truncate font-medium">
        {only ? titleOf(only) : nodes.size > 0 ? sayCount(nodes.size, "node") : sayCount(edges.size, "edge")}
      </span>
      <Act
        label={only ? "Edit" : "Show what can be done"}
        onPress={() => {
          setSide("panel")
          edit(true)
        }}
      >
        <Pencil />
      </Act>
      {mayEdit && only && handlesOf(only).length > 0 && (
        <>
          <Act label="Add a node after it" onPress={onAdd}>
            <Plus />
          </Act>
          <Act label="Connect to…" onPress={() => beginJoining(store, only.id)}>
            <Spline />
          </Act>
        </>
      )}
      {nodes.size > 0 && (
        <Act label="Select several" pressed={isSeveral} onPress={() => selectSeveral(!isSeveral)}>
          <ListChecks />
        </Act>
      )}
      {mayEdit && (
        <Act label="Delete" onPress={() => commands.removeSelected()}>
          <Trash2 />
        </Act>
      )}
      <Act label="Select nothing" onPress={close}>
        <X />
      </Act>
    </div>
  )
}

type ActProps = { label: string; onPress: () => void; pressed?: boolean; children: ReactNode }

const Act = ({ label, onPress, pressed, children }: ActProps) => (
  <IconButton
    label={label}
    size="lg"
    tooltip={false}
    aria-pressed={pressed}
    onClick={onPress}
    className="aria-pressed:bg-active aria-pressed:text-ink"
  >
    {children}
  </IconButton>
)
