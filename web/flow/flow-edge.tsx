import { BaseEdge, getBezierPath, type EdgeProps } from "@xyflow/react"
import { isSettled } from "#core/execution/status"
import { useLive, useWatched } from "./use-execution.ts"

export type EdgeLook = "plain" | "idle" | "taken" | "flowing" | "error" | "warning"

/** A line between two handles. */
export function EdgePath({ look, ...edge }: EdgeProps & { look: EdgeLook }) {
  const [path] = getBezierPath({
    sourceX: edge.sourceX,
    sourceY: edge.sourceY,
    sourcePosition: edge.sourcePosition,
    targetX: edge.targetX,
    targetY: edge.targetY,
    targetPosition: edge.targetPosition,
    curvature: 0.35,
  })
  return <BaseEdge path={path} interactionWidth={18} className="edge" data-look={look} />
}

/** What the watched execution has done with an edge: nothing yet, passed it, or it is at work behind it. */
export function useEdgeLook(source: string, handle: string, target: string): EdgeLook {
  const look = useLive(useWatched(), (live): EdgeLook => {
    const from = live.node(source)
    if (!from?.handles.includes(handle)) return "idle"
    const to = live.node(target)
    const atWork =
      to === undefined ? !isSettled(live.state.status) : to.status === "running" || to.status === "retrying"
    return atWork ? "flowing" : "taken"
  })
  return look ?? "plain"
}
