import type { EdgeProps, NodeProps } from "@xyflow/react"
import { memo } from "react"
import { sourceHandle } from "#core/flow/graph"
import { useAtomValue } from "#web/state/jotai.ts"
import { EdgePath, useEdgeLook } from "#web/flow/flow-edge.tsx"
import { sameNode } from "#web/flow/flow-view.tsx"
import { NodeCard } from "#web/flow/node-card.tsx"
import { NodeHandles } from "#web/flow/node-handles.tsx"
import { useNodeRun, useWatched } from "#web/flow/use-execution.ts"
import { edgeAtom, edgeSentenceAtom, edgeSeverityAtom, nodeAtom, nodeMarkAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

/** A node on the editor's canvas: reads its own atoms, so that of a thousand nodes the changed one renders. */
export const StepView = memo(function StepView({ id, selected }: NodeProps) {
  const node = useAtomValue(nodeAtom(id))
  const mark = useAtomValue(nodeMarkAtom(id))
  const run = useNodeRun(id)
  const watched = useWatched() !== null
  const { mayEdit } = useEditor()
  if (!node) return null
  return (
    <div className="group/node">
      <NodeCard node={node} selected={selected} run={run} watched={watched} mark={mark} />
      <NodeHandles node={node} connectable={mayEdit} />
    </div>
  )
}, sameNode)

export const RouteView = memo(function RouteView(props: EdgeProps) {
  const edge = useAtomValue(edgeAtom(props.id))
  const severity = useAtomValue(edgeSeverityAtom(props.id))
  const sentence = useAtomValue(edgeSentenceAtom(props.id))
  const look = useEdgeLook(props.source, edge ? sourceHandle(edge) : "out", props.target)
  return (
    <>
      {sentence && <title>{sentence}</title>}
      <EdgePath {...props} look={look === "plain" && severity ? severity : look} />
    </>
  )
})
