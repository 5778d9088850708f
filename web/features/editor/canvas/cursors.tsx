import { useStore as useFlowStore, useStoreApi, ViewportPortal } from "@xyflow/react"
import { useEffect, useRef } from "react"
import type { Person } from "#core/canvas/messages"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { inkOf } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { othersAtom, routeAtom } from "../atoms.ts"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { useEditor } from "../editor-context.ts"
import { TheirDrag } from "./their-drags.ts"
import { useFollow } from "./use-follow.ts"

/** A name is read when its pointer moves; one that rests needs none. */
const nameMs = 3_000
/** The document's own word comes with the end of a drag; a moment later the place that it says is shown. */
const settleMs = 200

/** Others' pointers over the canvas, and what they drag: written to the page past React, as often as it comes. */
export function Cursors() {
  const others = useAtomValue(othersAtom)
  useTheirDrags()
  useFollow()
  if (others.length === 0) return null
  return (
    <ViewportPortal>
      {others.map((person) => (
        <Cursor key={person.client} person={person} />
      ))}
    </ViewportPortal>
  )
}

function Cursor({ person }: { person: Person }) {
  const { places } = useEditor()
  const zoom = useFlowStore((state) => state.transform[2])
  const at = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = places.follow((client, { cursor }) => {
      const element = at.current
      if (client !== person.client || cursor === undefined || !element) return
      element.hidden = cursor === null
      if (cursor === null) return
      element.style.translate = `${cursor.x}px ${cursor.y}px`
      delete element.dataset["still"]
      clearTimeout(timer)
      timer = setTimeout(() => (element.dataset["still"] = ""), nameMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [places, person.client])
  return (
    <div
      ref={at}
      hidden
      aria-hidden
      data-cursor={person.name}
      style={{ scale: String(1 / zoom) }}
      className={cn(
        "group/cursor pointer-events-none absolute top-0 left-0 z-[2000] origin-top-left",
        inkOf(person.id),
      )}
    >
      <svg width="14" height="18" viewBox="0 0 14 18" className="drop-shadow-sm">
        <path d="M1 1 L13 10 L7.5 10.8 L4.5 16.5 Z" fill="currentColor" className="stroke-surface" />
      </svg>
      <span className="absolute top-4 left-3 rounded-sm bg-raised px-1.5 py-0.5 text-sm font-medium whitespace-nowrap shadow-float transition-opacity duration-500 group-data-[still]/cursor:opacity-0">
        {person.name}
      </span>
    </div>
  )
}

/** Moves what others have in the hand without telling React; once it is put down, the document's word holds. */
function useTheirDrags(): void {
  const { places } = useEditor()
  const flow = useStoreApi<CanvasNode, CanvasEdge>()
  const store = useStore()
  useEffect(() => {
    const drags = new Map<number, TheirDrag>()
    const routeOf = (edge: string) => store.get(routeAtom(edge))
    const end = (client: number): void => {
      const drag = drags.get(client)
      drags.delete(client)
      if (drag) setTimeout(() => drag.end(), settleMs)
    }
    return places.follow((client, { drag }) => {
      if (!drag) return
      const known = drags.get(client)
      const isSame = known?.held.size === drag.length && drag.every(({ id }) => known.held.has(id))
      if (!isSame) end(client)
      if (drag.length === 0) return
      const current = isSame ? known : new TheirDrag(flow, new Set(drag.map(({ id }) => id)), routeOf)
      drags.set(client, current)
      current.moveTo(drag)
    })
  }, [places, flow, store])
}
