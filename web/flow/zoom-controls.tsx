import { useReactFlow, useStore } from "@xyflow/react"
import { Maximize, Minus, Plus } from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { cn } from "#web/ui/cn.ts"

export const fitting = { padding: 0.1, maxZoom: 1, minZoom: 0.2 }

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches
/** Movement of the view takes this long; none where people asked for none. */
export const glide = (): { duration: number } => ({ duration: calm() ? 0 : 160 })

export function ZoomControls({ className }: { className?: string }) {
  const flow = useReactFlow()
  const percent = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <div
      role="group"
      aria-label="Zoom"
      className={cn("nopan flex items-center rounded-md bg-raised p-0.5 shadow-float", className)}
    >
      <IconButton label="Zoom out" keys="-" size="sm" onClick={() => void flow.zoomOut(glide())}>
        <Minus />
      </IconButton>
      <button
        type="button"
        aria-label={`Zoom ${percent} %, set to 100 %`}
        onClick={() => void flow.zoomTo(1, glide())}
        className="focus-ring tabular h-7 w-11 rounded-sm text-sm text-soft hover:bg-hover"
      >
        {percent}%
      </button>
      <IconButton label="Zoom in" keys="+" size="sm" onClick={() => void flow.zoomIn(glide())}>
        <Plus />
      </IconButton>
      <IconButton
        label="Fit the flow"
        keys="shift+1"
        size="sm"
        onClick={() => void flow.fitView({ ...fitting, ...glide() })}
      >
        <Maximize />
      </IconButton>
    </div>
  )
}
