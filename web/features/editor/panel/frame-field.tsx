import type { FlowNode } from "#core/flow/graph"
import { isFrame } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { useAtomValue } from "#web/state/jotai.ts"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { nodesAtom } from "../atoms.ts"
import { useTellCut } from "../canvas/use-canvas-acts.ts"
import { useEditor } from "../editor-context.ts"

/** Which map, loop or group a node stands in: dragging without a mouse. */
export function FrameField({ node }: { node: FlowNode }) {
  const { commands, mayEdit } = useEditor()
  const nodes = useAtomValue(nodesAtom)
  const tellCut = useTellCut()
  const nesting = nestingOf(nodes)
  const frames = nodes.filter(
    (one) => isFrame(one) && one.id !== node.id && !nesting.isInside(one.id, node.id),
  )
  if (frames.length === 0) return null
  return (
    <Field label="Stands in">
      <Select
        value={nesting.parent(node.id)?.id ?? ""}
        disabled={!mayEdit}
        options={[
          { value: "", label: "The flow itself" },
          ...frames.map((frame) => ({ value: frame.id, label: `${titleOf(frame)} (${frame.id})` })),
        ]}
        onChange={(id) => tellCut(commands.moveTo(node.id, id === "" ? undefined : id))}
      />
    </Field>
  )
}
