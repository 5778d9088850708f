import {
  useReactFlow,
  useStoreApi,
  type Connection,
  type FinalConnectionState,
  type OnConnectStart,
  type OnReconnect,
} from "@xyflow/react"
import { useCallback, useRef, type MouseEvent as ReactMouseEvent } from "react"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { useSetAtom, useStore } from "#web/state/jotai.ts"
import { toast } from "#web/ui/toast.tsx"
import { dropTargetAtom, insertingAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { beginJoining, joinByTap } from "./joining.ts"

const wantedOf = ({ source, target, sourceHandle }: Connection | CanvasEdge) => ({
  source,
  target,
  source_handle: sourceHandle ?? "out",
})

/** Of more nodes in the hand others see these only, until they are put down. */
const mostCarried = 200

type Pointer = MouseEvent | TouchEvent | ReactMouseEvent

const screenOf = (event: Pointer) => {
  const touch = "changedTouches" in event ? event.changedTouches[0] : event
  return touch && { x: touch.clientX, y: touch.clientY }
}

const sayCut = (cut: number): string =>
  cut === 1
    ? "An edge was taken away: it would have crossed a border"
    : `${cut} edges were taken away: they would have crossed a border`

/** Says that edges could not stay when nodes changed their frame, with the way back. */
export function useTellCut(): (cut: number) => void {
  const { commands } = useEditor()
  return useCallback(
    (cut) => {
      if (cut > 0) toast.done(sayCut(cut), { onClick: commands.undo })
    },
    [commands],
  )
}

/** What the pointer does on the canvas, as commands. */
export function useCanvasActs() {
  return { dragging: useDragging(), connecting: useConnecting() }
}

/** Nodes that are dragged: the frame under the pointer lights up, and takes them when they are put down. */
function useDragging() {
  const { commands, live } = useEditor()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const flowStore = useStoreApi<CanvasNode, CanvasEdge>()
  const aim = useSetAtom(dropTargetAtom)
  const tellCut = useTellCut()
  const corner = useRef({ x: 0, y: 0 })

  /** Where the canvas is on the screen is asked once: after each step of the hand the browser would lay everything out to answer. */
  const onTakeUp = useCallback(() => {
    const { left, top } = flowStore.getState().domNode!.getBoundingClientRect()
    corner.current = { x: left, y: top }
  }, [flowStore])
  const pointOf = useCallback(
    (event: Pointer) => {
      const screen = screenOf(event)
      const [left, top, zoom] = flowStore.getState().transform
      const { x, y } = corner.current
      return screen && { x: (screen.x - x - left) / zoom, y: (screen.y - y - top) / zoom }
    },
    [flowStore],
  )
  const placeOf = useCallback(
    (id: string) => {
      const at = flow.getInternalNode(id)?.internals.positionAbsolute
      return at ? [{ id, ...at }] : []
    },
    [flow],
  )
  const onDrag = useCallback(
    (event: Pointer, grabbed: CanvasNode | undefined, nodes: readonly CanvasNode[]) => {
      live.present({ drag: nodes.slice(0, mostCarried).flatMap(({ id }) => placeOf(id)) })
      const point = pointOf(event)
      if (!grabbed || !point) return
      const id = commands.targetOf(new Set(nodes.map((node) => node.id)), grabbed.id, point)
      aim((was) => ((was?.id ?? null) === id ? was : id === null ? null : { is: "frame", id }))
    },
    [commands, live, aim, pointOf, placeOf],
  )
  const onPutDown = useCallback(
    (event: Pointer, grabbed: CanvasNode | undefined, nodes: readonly CanvasNode[]) => {
      aim(null)
      const point = pointOf(event)
      if (!grabbed || !point) return
      // Where they are drawn: a line that they snapped to lies off the hand.
      const to = new Map(nodes.map(({ id, position }) => [id, flow.getNode(id)?.position ?? position]))
      tellCut(commands.putDown(to, grabbed.id, point))
      live.present({ drag: [] })
    },
    [commands, flow, live, aim, pointOf, tellCut],
  )
  return {
    onNodeDragStart: onTakeUp,
    onSelectionDragStart: onTakeUp,
    onNodeDrag: onDrag,
    onNodeDragStop: onPutDown,
    onSelectionDrag: (event: Pointer, nodes: CanvasNode[]) => onDrag(event, nodes[0], nodes),
    onSelectionDragStop: (event: Pointer, nodes: CanvasNode[]) => onPutDown(event, nodes[0], nodes),
  }
}

/** Edges that are drawn, and edges whose ends are taken up again. */
function useConnecting() {
  const { commands } = useEditor()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const flowStore = useStoreApi()
  const store = useStore()
  const offer = useSetAtom(insertingAtom)
  /** The edge whose end is in the hand. */
  const held = useRef<string | undefined>(undefined)

  const onConnect = useCallback((drawn: Connection) => commands.connect(wantedOf(drawn)), [commands])
  const isValidConnection = useCallback(
    (drawn: Connection | CanvasEdge) => commands.whyNotConnect(wantedOf(drawn), held.current) === null,
    [commands],
  )
  const onReconnect: OnReconnect<CanvasEdge> = useCallback(
    (edge, drawn) => commands.reconnect(edge.id, wantedOf(drawn)),
    [commands],
  )
  const onReconnectStart = useCallback((_event: unknown, edge: CanvasEdge) => {
    held.current = edge.id
  }, [])
  const onReconnectEnd = useCallback(() => {
    held.current = undefined
  }, [])
  /** An edge that ended on nothing: what could stand there is offered. One that was refused: why. */
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, end: FinalConnectionState) => {
      const { isValid, fromNode, fromHandle, toNode, toHandle } = end
      if (!fromNode || !fromHandle) return
      const isForth = fromHandle.type === "source"
      if (isValid === false && toNode) {
        const [source, target] = isForth ? [fromNode, toNode] : [toNode, fromNode]
        const handle = isForth ? fromHandle : toHandle
        const wanted = { source: source.id, target: target.id, source_handle: handle?.id ?? "out" }
        const why = commands.whyNotConnect(wanted, held.current)
        if (why !== null) toast.failed("", why)
        return
      }
      const screen = screenOf(event)
      if (isValid !== null || held.current !== undefined || !isForth || !screen) return
      offer({
        screen,
        at: flow.screenToFlowPosition(screen),
        from: { source: fromNode.id, source_handle: fromHandle.id ?? "out" },
      })
    },
    [commands, flow, offer],
  )
  /** A press on a way out begins an edge, and a press on a node ends it: nothing has to be held. */
  const onClickConnectStart: OnConnectStart = useCallback(
    (_event, { nodeId, handleId, handleType }) => {
      // React Flow's own way of two presses takes handles alone; ours takes whole nodes.
      queueMicrotask(() => flowStore.setState({ connectionClickStartHandle: null }))
      if (nodeId === null || joinByTap(store, commands, nodeId)) return
      if (handleType === "source") beginJoining(store, nodeId, handleId ?? "out", false)
    },
    [commands, flowStore, store],
  )
  return {
    onClickConnectStart,
    onConnect,
    onConnectEnd,
    isValidConnection,
    onReconnect,
    onReconnectStart,
    onReconnectEnd,
  }
}
