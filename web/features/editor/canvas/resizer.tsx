import { NodeResizeControl, ResizeControlVariant, type OnResizeEnd } from "@xyflow/react"
import { useCallback } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { cn } from "#web/ui/cn.ts"
import { leastHeightAtom, leastWidthAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

/** Grips at the right, the bottom and their corner; never less than what is inside needs. */
export function Resizer({ id, shown }: { id: string; shown: boolean }) {
  const { commands } = useEditor()
  const minWidth = useAtomValue(leastWidthAtom(id))
  const minHeight = useAtomValue(leastHeightAtom(id))
  const onResizeEnd = useCallback<OnResizeEnd>(
    (_event, { width, height }) => commands.resize(id, { width, height }),
    [commands, id],
  )
  const shared = { minWidth, minHeight, onResizeEnd, autoScale: false }
  return (
    <>
      <NodeResizeControl
        {...shared}
        position="right"
        variant={ResizeControlVariant.Line}
        className="resize-line"
      />
      <NodeResizeControl
        {...shared}
        position="bottom"
        variant={ResizeControlVariant.Line}
        className="resize-line"
      />
      <NodeResizeControl
        {...shared}
        position="bottom-right"
        className={cn("resize-corner", shown && "resize-corner-shown")}
      />
    </>
  )
}
