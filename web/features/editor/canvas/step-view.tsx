import type { EdgeProps, NodeProps } from "@xyflow/react"
import { memo } from "react"
import { sourceHandle } from "#core/flow/graph"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { EdgePath, useEdgeLook } from "#web/flow/flow-edge.tsx"
import { sameNode } from "#web/flow/flow-view.tsx"
import { FrameCard, frameHint } from "#web/flow/frame-card.tsx"
import { NodeCard, type CardProps } from "#web/flow/node-card.tsx"
import { NodeHandles } from "#web/flow/node-handles.tsx"
import { useNodeCounts, useNodeRun, useWatched } from "#web/flow/use-execution.ts"
import {
  edgeAtom,
  edgeSentenceAtom,
  edgeSeverityAtom,
  insertingAtom,
  isEmptyFrameAtom,
  isPinnedAtom,
  isTargetAtom,
  nodeAtom,
  nodeMarkAtom,
} from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { InsertButton } from "./insert-button.tsx"
import { Resizer } from "./resizer.tsx"

/** What a card shows of a node: reads its own atoms, so that of a thousand nodes the changed one renders. */
function useCard(id: string, selected: boolean): CardProps | null {
  const node = useAtomValue(nodeAtom(id))
  const mark = useAtomValue(nodeMarkAtom(id))
  const pinned = useAtomValue(isPinnedAtom(id))
  const run = useNodeRun(id)
  const counts = useNodeCounts(id)
  const watched = useWatched() !== null
  return node ? { node, selected, run, counts, watched, mark, pinned } : null
}

/** A node on the editor's canvas. */
export const StepView = memo(function StepView({ id, selected }: NodeProps) {
  const card = useCard(id, selected)
  const { mayEdit } = useEditor()
  if (!card) return null
  return (
    <div className="group/node">
      <NodeCard {...card} />
      <NodeHandles node={card.node} connectable={mayEdit} />
    </div>
  )
}, sameNode)

/** A map, loop or group on the editor's canvas: what is dropped on it goes into it. */
export const FrameView = memo(function FrameView({ id, selected }: NodeProps) {
  const card = useCard(id, selected)
  const isTarget = useAtomValue(isTargetAtom(id))
  const isEmpty = useAtomValue(isEmptyFrameAtom(id))
  const { mayEdit } = useEditor()
  if (!card) return null
  return (
    <div className="group/node">
      <FrameCard {...card} isTarget={isTarget} hint={isEmpty ? frameHint(card.node.type) : undefined} />
      <NodeHandles node={card.node} connectable={mayEdit} />
      {mayEdit && <Resizer id={id} shown={selected} />}
    </div>
  )
}, sameNode)

export const RouteView = memo(function RouteView(props: EdgeProps) {
  const edge = useAtomValue(edgeAtom(props.id))
  const severity = useAtomValue(edgeSeverityAtom(props.id))
  const sentence = useAtomValue(edgeSentenceAtom(props.id))
  const isTarget = useAtomValue(isTargetAtom(props.id))
  const insert = useSetAtom(insertingAtom)
  const { mayEdit } = useEditor()
  const look = useEdgeLook(props.source, edge ? sourceHandle(edge) : "out", props.target)
  return (
    <>
      {sentence && <title>{sentence}</title>}
      <EdgePath {...props} look={isTarget ? "target" : look === "plain" && severity ? severity : look}>
        {mayEdit &&
          ((at) => <InsertButton at={at} onPress={(screen) => insert({ screen, edge: props.id })} />)}
      </EdgePath>
    </>
  )
})
