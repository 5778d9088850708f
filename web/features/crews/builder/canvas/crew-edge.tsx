import {
  BaseEdge,
  EdgeLabelRenderer,
  getBezierPath,
  Position,
  type Edge,
  type EdgeProps,
} from "@xyflow/react"
import { memo } from "react"
import type { Line } from "./layout.ts"

type Box = { x: number; y: number; width: number; height: number }

export type CrewEdgeData = { line: Line; from: Box; to: Box; isBeside: boolean }

const aside = 14

/** Where a line leaves one box and meets the other: at the sides that face each other. */
export function endsOf(from: Box, to: Box, shift: number) {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2)
  const dy = to.y + to.height / 2 - (from.y + from.height / 2)
  const isDown = Math.abs(dy) > from.height / 2 + to.height / 2
  if (isDown) {
    const sign = dy > 0 ? 1 : -1
    return {
      sourceX: from.x + from.width / 2 + shift,
      sourceY: sign > 0 ? from.y + from.height : from.y,
      sourcePosition: sign > 0 ? Position.Bottom : Position.Top,
      targetX: to.x + to.width / 2 + shift,
      targetY: sign > 0 ? to.y : to.y + to.height,
      targetPosition: sign > 0 ? Position.Top : Position.Bottom,
    }
  }
  const sign = dx > 0 ? 1 : -1
  return {
    sourceX: sign > 0 ? from.x + from.width : from.x,
    sourceY: from.y + from.height / 2 + shift,
    sourcePosition: sign > 0 ? Position.Right : Position.Left,
    targetX: sign > 0 ? to.x : to.x + to.width,
    targetY: to.y + to.height / 2 + shift,
    targetPosition: sign > 0 ? Position.Left : Position.Right,
  }
}

/** Which side of the middle a line keeps to, so that two between the same members do not lie on each other. */
function shiftOf({ line, isBeside }: CrewEdgeData): number {
  if (!isBeside) return 0
  if (line.is === "work") return -aside
  return line.from < line.to ? aside : aside / 3
}

/** What follows from the pattern is grey; who may hand work to whom is drawn with an arrow, dashed while nobody has drawn it. */
export const CrewEdge = memo(function CrewEdge({ data, selected }: EdgeProps<Edge<CrewEdgeData>>) {
  if (!data) return null
  const { line } = data
  const [path, x, y] = getBezierPath({ ...endsOf(data.from, data.to, shiftOf(data)), curvature: 0.3 })
  const isHandOver = line.is === "hand_over"
  return (
    <>
      <defs>
        <marker
          id={`arrow ${line.id}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path
            d="M1 1 L7 4 L1 7"
            fill="none"
            strokeWidth="1.5"
            className={isHandOver ? "stroke-kind-agent" : "stroke-field"}
          />
        </marker>
      </defs>
      <BaseEdge
        path={path}
        interactionWidth={isHandOver ? 20 : 0}
        markerEnd={`url(#${CSS.escape(`arrow ${line.id}`)})`}
        className="edge"
        style={{
          ...(isHandOver && !selected ? { stroke: "var(--kind-agent)" } : {}),
          ...(isHandOver && line.isImplied ? { strokeDasharray: "5 4" } : {}),
        }}
      />
      {line.label && (
        <EdgeLabelRenderer>
          <span
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            className="tabular pointer-events-none absolute rounded-sm border border-line bg-surface px-1 text-xs text-muted"
          >
            {line.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
})
