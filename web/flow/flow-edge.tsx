import { BaseEdge, type EdgeProps } from "@xyflow/react"
import type { ReactNode } from "react"
import { isSettled } from "#core/execution/status"
import { lineBetween, type Around } from "./edge-line.ts"
import type { Point } from "./geometry.ts"
import { runIn, useLive, useScopeView, useWatched } from "./use-execution.ts"

export type EdgeLook =
  | "plain"
  | "idle"
  | "taken"
  | "flowing"
  | "error"
  | "warning"
  | "target"
  | "added"
  | "removed"

type EdgePathProps = Omit<EdgeProps, "children"> & {
  look: EdgeLook
  around?: Around | undefined
  /** What stands on the line, given its middle. */
  children?: ((middle: Point) => ReactNode) | false
}

/** A line between two handles. */
export function EdgePath({ look, around, children, ...edge }: EdgePathProps) {
  const from = { x: edge.sourceX, y: edge.sourceY }
  const { d, middle } = lineBetween(from, { x: edge.targetX, y: edge.targetY }, around)
  return (
    <>
      <BaseEdge path={d} interactionWidth={18} className="edge" data-look={look} />
      {children && children(middle)}
    </>
  )
}

/** What the watched execution has done with an edge: nothing yet, passed it, or it is at work behind it. */
export function useEdgeLook(source: string, handle: string, target: string): EdgeLook {
  const view = useScopeView()
  const look = useLive(useWatched(), (live): EdgeLook => {
    if (!runIn(live, view, source)?.handles.includes(handle)) return "idle"
    const to = runIn(live, view, target)
    const atWork =
      to === undefined ? !isSettled(live.state.status) : to.status === "running" || to.status === "retrying"
    return atWork ? "flowing" : "taken"
  })
  return look ?? "plain"
}
