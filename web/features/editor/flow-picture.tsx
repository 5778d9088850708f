import { useLayoutEffect, useMemo, useRef, useState } from "react"
import type { Flow } from "#core/contract/flows"
import { sourceHandle, type FlowNode } from "#core/flow/graph"
import { foldingOf, type Folding } from "#web/flow/folding.ts"
import { FoldedCard, FrameCard, frameHint } from "#web/flow/frame-card.tsx"
import { arrivalY, lookOf, placedHandles, type Box, type Point, type Size } from "#web/flow/geometry.ts"
import { nestingOf, type Nesting } from "#web/flow/nesting.ts"
import { NodeCard } from "#web/flow/node-card.tsx"
import { NoteCard } from "#web/flow/note-card.tsx"
import { bringIntoSight, openingView } from "#web/flow/opening-view.ts"
import { keptFolds } from "./model/folds.ts"
import "#web/flow/canvas.css"

/** From a node's edge to where a line begins: half of a handle. */
const reach = 4.5

type PictureProps = { flow: Flow; selectedId: string | undefined }

/**
 * The flow as the canvas will show it, in the same place and size, while the editor is on its way: nothing of it can be taken
 * hold of, and those who do not see it are told that the flow loads.
 */
export function FlowPicture({ flow, selectedId }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState<Size | null>(null)
  useLayoutEffect(() => {
    if (frame.current) setSize(frame.current.getBoundingClientRect())
  }, [])
  return (
    <div
      ref={frame}
      aria-hidden
      inert
      className="canvas relative min-w-0 flex-1 cursor-progress overflow-hidden"
    >
      {size && flow.nodes.length > 0 && <Picture flow={flow} selectedId={selectedId} frame={size} />}
    </div>
  )
}

function Picture({ flow, selectedId, frame }: PictureProps & { frame: Size }) {
  const { nodes, edges, view, seen } = useMemo(
    () => drawnIn(flow, selectedId, frame),
    [flow, selectedId, frame],
  )
  const { x, y, zoom } = view
  return (
    <div
      style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}
      className="absolute top-0 left-0 origin-top-left"
    >
      <svg className="absolute overflow-visible">
        {edges.map(({ id, d }) => (
          <path key={id} d={d} className="edge" />
        ))}
      </svg>
      {nodes.map((one) => (
        <div
          key={one.node.id}
          style={{ left: one.box.x, top: one.box.y, zIndex: lookOf(one.node) === "frame" ? -1 : 0 }}
          className="absolute"
        >
          {seen(one.box) && <Card {...one} selected={one.node.id === selectedId} />}
        </div>
      ))}
    </div>
  )
}

type Drawn = { node: FlowNode; box: Box; isFolded: boolean; inside: number }

function Card({ node, selected, isFolded, inside }: Drawn & { selected: boolean }) {
  if (lookOf(node) === "note") return <NoteCard node={node} selected={selected} />
  if (isFolded) return <FoldedCard node={node} selected={selected} inside={inside} />
  if (lookOf(node) === "step") return <NodeCard node={node} selected={selected} />
  return <FrameCard node={node} selected={selected} hint={inside === 0 ? frameHint(node.type) : undefined} />
}

/** Nodes and lines with their places, and the view in which the canvas opens. */
function drawnIn(flow: Flow, selectedId: string | undefined, frame: Size) {
  const nesting = nestingOf(flow.nodes)
  const folding = foldingOf(flow.nodes, keptFolds(flow.id))
  const nodes = nesting.parentsFirst().flatMap((node): Drawn[] => {
    if (folding.isHidden(node.id)) return []
    const inside = nesting.withInsides([node.id]).size - 1
    return [{ node, box: boxOf(nesting, folding, node), isFolded: folding.isFolded(node.id), inside }]
  })
  const whole = openingView(around(nodes.map(({ box }) => box)), frame)
  const chosen = nodes.find(({ node }) => node.id === selectedId)
  const view = chosen ? bringIntoSight(whole, chosen.box, frame) : whole
  const seen = ({ x, y, width, height }: Box): boolean =>
    view.x + (x + width) * view.zoom >= 0 &&
    view.x + x * view.zoom <= frame.width &&
    view.y + (y + height) * view.zoom >= 0 &&
    view.y + y * view.zoom <= frame.height
  return { nodes, edges: linesOf(flow, nodes, folding), view, seen }
}

const boxOf = (nesting: Nesting, folding: Folding, node: FlowNode): Box => ({
  ...nesting.place(node.id),
  ...folding.sizeOf(node),
})

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  }
}

function linesOf({ edges }: Flow, nodes: readonly Drawn[], folding: Folding): { id: string; d: string }[] {
  const byId = new Map(nodes.map((one) => [one.node.id, one]))
  return edges.flatMap((edge) => {
    const source = byId.get(folding.standIn(edge.source))
    const target = byId.get(folding.standIn(edge.target))
    if (!source || !target || source === target) return []
    const way = placedHandles(source.node).find(({ id }) => id === sourceHandle(edge))
    const y = source.isFolded ? source.box.height / 2 : way?.y
    if (y === undefined) return []
    const from = { x: source.box.x + source.box.width + reach, y: source.box.y + y }
    const into = target.isFolded ? target.box.height / 2 : arrivalY(target.node)
    const to = { x: target.box.x - reach, y: target.box.y + into }
    return [{ id: edge.id, d: curve(from, to) }]
  })
}

/** The curve that the canvas draws between two handles, at its curvature of 0.35 (see flow-edge.tsx). */
function curve(from: Point, to: Point): string {
  const far = to.x - from.x
  const bend = far >= 0 ? far / 2 : 0.35 * 25 * Math.sqrt(-far)
  return `M${from.x},${from.y} C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x},${to.y}`
}
