import { useReactFlow, useStore, useStoreApi, type ReactFlowState } from "@xyflow/react"
import { useEffect, useRef, type PointerEvent } from "react"
import { cn } from "#web/ui/cn.ts"
import type { Moves } from "./moves.ts"

const size = { width: 152, height: 96 }
const margin = 8
/** While something moves, ten drawings a second are enough; of thousands of nodes fewer, for no more than a part of the time. */
const leastMsBetween = 100
const mostOfTime = 1 / 25

type Box = { x: number; y: number; width: number; height: number }
type Frame = { scale: number; left: number; top: number }

const viewOf = ({ transform: [x, y, zoom], width, height }: ReactFlowState): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
})

/** What is drawn of a node: its place on the whole canvas, and whether others lie in it. */
type Shape = Box & { selected: boolean; isFrame: boolean }

function shapesOf({ nodeLookup }: ReactFlowState): Shape[] {
  const shapes: Shape[] = []
  for (const { type, hidden, selected = false, width = 0, height = 0, internals } of nodeLookup.values())
    if (!hidden)
      shapes.push({ ...internals.positionAbsolute, width, height, selected, isFrame: type === "frame" })
  return shapes
}

function boundsOf(shapes: readonly Shape[], view: Box): Box {
  let { x: left, y: top } = view
  let right = view.x + view.width
  let bottom = view.y + view.height
  for (const { x, y, width, height } of shapes) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function frameOf(bounds: Box): Frame {
  const scale = Math.min((size.width - 2 * margin) / bounds.width, (size.height - 2 * margin) / bounds.height)
  return {
    scale,
    left: bounds.x - (size.width / scale - bounds.width) / 2,
    top: bounds.y - (size.height / scale - bounds.height) / 2,
  }
}

function draw(canvas: HTMLCanvasElement, state: ReactFlowState): Frame {
  const shapes = shapesOf(state)
  const view = viewOf(state)
  const frame = frameOf(boundsOf(shapes, view))
  const context = canvas.getContext("2d")
  if (!context) return frame
  // Computed colours are resolved for the theme; custom properties are not.
  const { color, outlineColor, caretColor } = getComputedStyle(canvas)
  const dots = devicePixelRatio || 1
  context.setTransform(dots, 0, 0, dots, 0, 0)
  context.clearRect(0, 0, size.width, size.height)
  const place = (box: Box) =>
    [
      (box.x - frame.left) * frame.scale,
      (box.y - frame.top) * frame.scale,
      Math.max(2, box.width * frame.scale),
      Math.max(2, box.height * frame.scale),
    ] as const
  for (const shape of shapes) {
    context.fillStyle = shape.selected ? outlineColor : color
    context.globalAlpha = shape.isFrame ? 0.25 : 1
    context.fillRect(...place(shape))
  }
  context.globalAlpha = 1
  context.strokeStyle = caretColor
  context.lineWidth = 1
  context.strokeRect(...place(view))
  return frame
}

/** The whole flow in small, with what is in view as a frame to drag. Drawn on one canvas: an element for each node is too dear. */
export function Overview({ className, moves }: { className?: string; moves?: Moves }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<Frame>({ scale: 1, left: 0, top: 0 })
  const store = useStoreApi()
  const flow = useReactFlow()
  const empty = useStore((state) => state.nodes.length === 0)
  useEffect(() => {
    let last = 0
    let tookMs = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => {
      timer = undefined
      const began = performance.now()
      if (canvas.current) frame.current = draw(canvas.current, store.getState())
      last = performance.now()
      tookMs = last - began
    }
    const soon = () => {
      const between = Math.max(leastMsBetween, tookMs / mostOfTime)
      timer ??= setTimeout(show, Math.max(0, between - (performance.now() - last)))
    }
    soon()
    const stops = [store.subscribe(soon), moves?.follow(soon)]
    const theme = new MutationObserver(soon)
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] })
    return () => {
      for (const stop of stops) stop?.()
      theme.disconnect()
      clearTimeout(timer)
    }
  }, [store, moves])
  const goTo = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    const { scale, left, top } = frame.current
    void flow.setCenter(left + (event.clientX - box.left) / scale, top + (event.clientY - box.top) / scale, {
      zoom: flow.getZoom(),
    })
  }
  if (empty) return null
  const dots = globalThis.devicePixelRatio || 1
  return (
    <canvas
      ref={canvas}
      aria-hidden
      width={size.width * dots}
      height={size.height * dots}
      style={size}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event)
      }}
      onPointerMove={goTo}
      className={cn(
        "nopan touch-none rounded-md bg-surface text-field caret-muted shadow-float outline-accent",
        className,
      )}
    />
  )
}
