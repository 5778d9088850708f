import { Maximize2, ZoomIn, ZoomOut } from "lucide-react"
import { useRef, useState, type PointerEvent } from "react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { usePhone } from "#web/ui/use-media.ts"
import { ticksFor, type Extent } from "./model.ts"
import { tracks } from "./tracks.ts"
import { place, scaleMark, type Zoom } from "./use-zoom.ts"

/** The time that the bars share: marks from the beginning, and a drag over it looks closer. */
export function Axis({ zoom, whole }: { zoom: Zoom; whole: Extent }) {
  const phone = usePhone()
  const { view } = zoom
  const size = view.until - view.from
  return (
    <div className={`${tracks} h-8 shrink-0 border-b text-xs text-muted`}>
      <span className="flex items-center gap-0.5">
        <IconButton label="Zoom in" keys="+" size="sm" onClick={() => zoom.by(0.5)}>
          <ZoomIn aria-hidden />
        </IconButton>
        <IconButton label="Zoom out" keys="-" size="sm" disabled={zoom.isWhole} onClick={() => zoom.by(2)}>
          <ZoomOut aria-hidden />
        </IconButton>
        <IconButton
          label="Show everything"
          keys="0"
          size="sm"
          disabled={zoom.isWhole}
          onClick={() => zoom.to(null)}
        >
          <Maximize2 aria-hidden />
        </IconButton>
      </span>
      <Scale zoom={zoom}>
        {ticksFor(view, whole.from, phone ? 2 : 5)
          .map((tick) => ({ tick, at: ((tick + whole.from - view.from) / size) * 100 }))
          .filter(({ at }) => at > 2 && at < 97)
          .map(({ tick, at }) => (
            <span
              key={tick}
              className="tabular absolute top-2 -translate-x-1/2 whitespace-nowrap"
              style={{ left: `${at}%` }}
            >
              {sayMark(tick, size)}
            </span>
          ))}
      </Scale>
      <span className="text-right">Took</span>
    </div>
  )
}

/** Marks that lie close together need more digits than a duration has. */
const sayMark = (ms: number, size: number): string =>
  ms >= 1_000 && ms < 60_000 && size < 2_000
    ? `${(ms / 1_000).toFixed(size < 200 ? 3 : 2)} s`
    : sayDuration(ms)

/** Fewer pixels are a click, not a drag. */
const leastDrag = 6

function Scale({ zoom, children }: { zoom: Zoom; children: React.ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const at = (event: PointerEvent) => place(event.clientX, box.current!.getBoundingClientRect())
  const finish = () => {
    setDrag(null)
    if (!drag || !box.current) return
    const [left, right] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    if ((right - left) * box.current.clientWidth < leastDrag) return
    const { from, until } = zoom.view
    zoom.to({ from: from + (until - from) * left, until: from + (until - from) * right })
  }
  return (
    <div
      ref={box}
      {...{ [scaleMark]: "" }}
      aria-hidden
      className="relative h-full cursor-col-resize touch-none select-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: at(event), to: at(event) })
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: at(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
    >
      {children}
      {drag && (
        <span
          className="absolute inset-y-0 bg-accent/20"
          style={{
            left: `${Math.min(drag.from, drag.to) * 100}%`,
            width: `${Math.abs(drag.to - drag.from) * 100}%`,
          }}
        />
      )}
    </div>
  )
}
