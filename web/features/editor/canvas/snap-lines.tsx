import { useStoreApi, ViewportPortal } from "@xyflow/react"
import { useCallback, useEffect, useRef, type ReactNode, type RefObject } from "react"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import type { Box } from "#web/flow/geometry.ts"
import { linesOf, snapOf, type Lines as SnapLines, type Snap } from "../model/snap.ts"
import type { FlowStore } from "./edge-ends.ts"
import { isMove, type Changes, type HandMove } from "./own-drag.ts"

/** How near a node comes to a line before it snaps, in pixels of the screen. */
const reach = 5

/** One drag: what it may snap to, and where the box around what is moved lies, seen from its first node. */
type Drag = { lines: SnapLines; first: string; box: Box; by: { x: number; y: number } }

/**
 * Lines along which other nodes in view lie, shown while a node that is dragged comes near to one, and holding it there. They are
 * gathered when a drag begins; a frame then asks for the nearest by halving, and writes past React.
 */
export function useSnapLines(): { lines: ReactNode; snapped: (changes: Changes) => Changes } {
  const store = useStoreApi<CanvasNode, CanvasEdge>()
  const drag = useRef<Drag | null>(null)
  const across = useRef<SVGLineElement>(null)
  const down = useRef<SVGLineElement>(null)
  const free = useAltKey()
  const snapped = useCallback(
    (changes: Changes): Changes => {
      const moves = changes.filter(isMove)
      if (moves.length === 0) return changes
      const isMoving = moves.some(({ dragging }) => dragging)
      if (isMoving) drag.current ??= begin(store, moves)
      const { current } = drag
      if (!current) return changes
      if (isMoving)
        follow(store, current, moves, free.current, { across: across.current, down: down.current })
      const { x, y } = current.by
      if (!isMoving) {
        drag.current = null
        show(across.current, null, "x", 1)
        show(down.current, null, "y", 1)
      }
      if (x === 0 && y === 0) return changes
      return changes.map((change) =>
        isMove(change)
          ? { ...change, position: { x: change.position.x + x, y: change.position.y + y } }
          : change,
      )
    },
    [store, free],
  )
  return { lines: <Lines across={across} down={down} />, snapped }
}

type LinesProps = { across: RefObject<SVGLineElement | null>; down: RefObject<SVGLineElement | null> }

const Lines = ({ across, down }: LinesProps) => (
  <ViewportPortal>
    <svg
      aria-hidden
      data-snap
      className="pointer-events-none absolute top-0 left-0 z-[1500] overflow-visible stroke-accent"
      width="1"
      height="1"
    >
      <line ref={across} visibility="hidden" />
      <line ref={down} visibility="hidden" />
    </svg>
  </ViewportPortal>
)

/** Alt lets a hand go where it will. */
function useAltKey(): RefObject<boolean> {
  const held = useRef(false)
  useEffect(() => {
    const look = ({ altKey }: KeyboardEvent | PointerEvent) => (held.current = altKey)
    const options = { capture: true, passive: true }
    for (const type of ["keydown", "keyup", "pointermove"] as const)
      document.addEventListener(type, look, options)
    return () => {
      for (const type of ["keydown", "keyup", "pointermove"] as const)
        document.removeEventListener(type, look, options)
    }
  }, [])
  return held
}

/** What may be snapped to is what is in view and stays where it is. */
function begin(store: FlowStore, moves: readonly HandMove[]): Drag | null {
  const { nodeLookup, transform, width, height } = store.getState()
  const moved = new Set(moves.map(({ id }) => id))
  const [left, top, zoom] = transform
  const view = { x: -left / zoom, y: -top / zoom, width: width / zoom, height: height / zoom }
  const boxes: Box[] = []
  const own: Box[] = []
  for (const node of nodeLookup.values()) {
    const { x, y } = node.internals.positionAbsolute
    const box = { x, y, width: node.width ?? 0, height: node.height ?? 0 }
    if (moved.has(node.id)) own.push(box)
    else if (!node.hidden && !isWithin(node.parentId) && isSeen(box)) boxes.push(box)
  }
  function isWithin(id: string | undefined): boolean {
    for (let at = id; at !== undefined; at = nodeLookup.get(at)?.parentId) if (moved.has(at)) return true
    return false
  }
  function isSeen(box: Box): boolean {
    return (
      box.x < view.x + view.width &&
      view.x < box.x + box.width &&
      box.y < view.y + view.height &&
      view.y < box.y + box.height
    )
  }
  const first = nodeLookup.get(moves[0]!.id)
  if (!first || own.length === 0) return null
  const at = first.internals.positionAbsolute
  const x = Math.min(...own.map((box) => box.x))
  const y = Math.min(...own.map((box) => box.y))
  return {
    lines: linesOf(boxes),
    first: first.id,
    box: {
      x: x - at.x,
      y: y - at.y,
      width: Math.max(...own.map((box) => box.x + box.width)) - x,
      height: Math.max(...own.map((box) => box.y + box.height)) - y,
    },
    by: { x: 0, y: 0 },
  }
}

type Shown = { across: SVGLineElement | null; down: SVGLineElement | null }

function follow(
  store: FlowStore,
  drag: Drag,
  moves: readonly HandMove[],
  isFree: boolean,
  { across, down }: Shown,
): void {
  const { nodeLookup, transform } = store.getState()
  const zoom = transform[2]
  const move = moves.find(({ id }) => id === drag.first)
  const node = nodeLookup.get(drag.first)
  if (!move || !node) return
  const parent = node.parentId === undefined ? undefined : nodeLookup.get(node.parentId)
  const origin = parent?.internals.positionAbsolute ?? { x: 0, y: 0 }
  const box = {
    ...drag.box,
    x: origin.x + move.position.x + drag.box.x,
    y: origin.y + move.position.y + drag.box.y,
  }
  const snap = isFree ? { x: null, y: null } : snapOf(box, drag.lines, reach / zoom)
  drag.by = { x: snap.x?.by ?? 0, y: snap.y?.by ?? 0 }
  show(across, snap.x, "x", zoom)
  show(down, snap.y, "y", zoom)
}

function show(line: SVGLineElement | null, snap: Snap | null, axis: "x" | "y", zoom: number): void {
  if (!line) return
  line.setAttribute("visibility", snap ? "visible" : "hidden")
  if (!snap) return
  const other = axis === "x" ? "y" : "x"
  const over = 12 / zoom
  line.setAttribute("stroke-width", String(1 / zoom))
  line.setAttribute(`${axis}1`, String(snap.line.at))
  line.setAttribute(`${axis}2`, String(snap.line.at))
  line.setAttribute(`${other}1`, String(snap.line.low - over))
  line.setAttribute(`${other}2`, String(snap.line.high + over))
}
