import { Handle, Position, useStoreApi, type EdgeProps, type NodeProps } from "@xyflow/react"
import { memo } from "react"
import { sourceHandle } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { EdgePath, useEdgeLook } from "#web/flow/flow-edge.tsx"
import { FoldedCard, FrameCard, frameHint } from "#web/flow/frame-card.tsx"
import { NodeCard, type CardProps } from "#web/flow/node-card.tsx"
import { NodeHandles } from "#web/flow/node-handles.tsx"
import { sameNode } from "#web/flow/same-node.ts"
import { useNodeCounts, useNodeRun, useWatched } from "#web/flow/use-execution.ts"
import {
  cardAtom,
  edgeAtom,
  edgeSentenceAtom,
  edgeSeverityAtom,
  insertingAtom,
  insideCountAtom,
  insideMarkAtom,
  isEmptyFrameAtom,
  isFoldedAtom,
  isPinnedAtom,
  isTargetAtom,
  nodeMarkAtom,
  routeAtom,
} from "../atoms.ts"
import { CommentMark } from "../comments/comment-mark.tsx"
import { useEditor } from "../editor-context.ts"
import { endsOf } from "./edge-ends.ts"
import { FoldButton } from "./fold-button.tsx"
import { HolderRing } from "./holder-ring.tsx"
import { InsertButton } from "./insert-button.tsx"
import { Resizer } from "./resizer.tsx"

/** What a card shows of a node: reads its own atoms, so that of a thousand nodes the changed one renders. */
function useCard(id: string, selected: boolean): CardProps | null {
  const node = useAtomValue(cardAtom(id))
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
      <HolderRing id={id} />
      <CommentMark id={id} />
      <NodeHandles node={card.node} connectable={mayEdit} />
    </div>
  )
}, sameNode)

/** A map, loop or group on the editor's canvas: what is dropped on it goes into it. */
export const FrameView = memo(function FrameView({ id, selected }: NodeProps) {
  const card = useCard(id, selected)
  const isTarget = useAtomValue(isTargetAtom(id))
  const isEmpty = useAtomValue(isEmptyFrameAtom(id))
  const isFolded = useAtomValue(isFoldedAtom(id))
  const { mayEdit } = useEditor()
  if (!card) return null
  if (isFolded) return <FoldedView {...card} />
  return (
    <div className="group/node">
      <FrameCard
        {...card}
        isTarget={isTarget}
        hint={isEmpty ? frameHint(card.node.type) : undefined}
        action={<FoldButton id={id} isFolded={false} />}
      />
      <HolderRing id={id} />
      <CommentMark id={id} />
      <NodeHandles node={card.node} connectable={mayEdit} />
      {mayEdit && <Resizer id={id} shown={selected} />}
    </div>
  )
}, sameNode)

/** A folded frame: a step with what it holds in a word, and where the edges of what is inside end. */
function FoldedView(card: CardProps) {
  const { node } = card
  const inside = useAtomValue(insideCountAtom(node.id))
  const mark = useAtomValue(insideMarkAtom(node.id))
  const { mayEdit } = useEditor()
  const hasWays = kindOf(node.type)?.takesInput !== false
  return (
    <div className="group/node">
      <FoldedCard {...card} mark={mark} inside={inside} action={<FoldButton id={node.id} isFolded />} />
      <HolderRing id={node.id} />
      {hasWays ? (
        <NodeHandles node={node} connectable={mayEdit} />
      ) : (
        <>
          <Handle type="target" position={Position.Left} isConnectable={false} data-folded />
          <Handle type="source" position={Position.Right} isConnectable={false} data-folded />
        </>
      )}
    </div>
  )
}

export const RouteView = memo(function RouteView(props: EdgeProps) {
  const edge = useAtomValue(edgeAtom(props.id))
  const severity = useAtomValue(edgeSeverityAtom(props.id))
  const sentence = useAtomValue(edgeSentenceAtom(props.id))
  const isTarget = useAtomValue(isTargetAtom(props.id))
  const route = useAtomValue(routeAtom(props.id))
  const insert = useSetAtom(insertingAtom)
  const { mayEdit } = useEditor()
  // React Flow tells its edges where they end when they come to rest; one that is rendered meanwhile looks for itself.
  const ends = endsOf(useStoreApi<CanvasNode, CanvasEdge>(), props.id)
  const look = useEdgeLook(
    edge?.source ?? props.source,
    edge ? sourceHandle(edge) : "out",
    edge?.target ?? props.target,
  )
  return (
    <>
      {sentence && <title>{sentence}</title>}
      <EdgePath
        {...props}
        {...(ends && {
          sourceX: ends.from.x,
          sourceY: ends.from.y,
          targetX: ends.to.x,
          targetY: ends.to.y,
        })}
        around={route}
        look={isTarget ? "target" : look === "plain" && severity ? severity : look}
      >
        {mayEdit &&
          ((at) => <InsertButton at={at} onPress={(screen) => insert({ screen, edge: props.id })} />)}
      </EdgePath>
    </>
  )
})
