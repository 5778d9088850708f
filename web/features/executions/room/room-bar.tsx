import { ChevronRight, CornerLeftUp } from "lucide-react"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { partsOf, splitKey } from "#web/flow/scope-path.ts"
import { Button } from "#web/ui/button.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { mostApart } from "../model/room.ts"
import { triedOf, useWatch } from "../watch.ts"
import type { Room } from "./use-room.ts"

/** Which crew or agent is looked into, the way out of it, and how its delegations are drawn. */
export function RoomBar({ room }: { room: Room }) {
  const watch = useWatch()
  const { execution, flow, selection } = watch
  const isTried = triedOf(watch) === room.key
  const { node_id, scope } = splitKey(room.key)
  const { delegations } = room.outline
  const isApart = room.apart ?? delegations <= mostApart
  const outer = partsOf(room.key).at(-2)?.path ?? ""
  if (isTried && delegations === 0) return null
  return (
    <nav
      aria-label="What is looked into"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b bg-surface px-3 py-1"
    >
      {!isTried && (
        <>
          <Button
            size="sm"
            tone="ghost"
            className="-ml-2 max-w-48"
            onClick={() => selection.select(node_id, outer)}
          >
            <CornerLeftUp aria-hidden className="size-3.5" />
            <span className="truncate">{outer === "" ? execution.flow_name : flow.place(outer)}</span>
          </Button>
          <ChevronRight aria-hidden className="size-3.5 text-muted" />
        </>
      )}
      <KindTile type={flow.node(node_id, scope)?.type ?? "agent"} size="sm" />
      <span className="min-w-0 truncate font-medium">{flow.title(node_id, scope)}</span>
      {delegations > 0 && (
        <span className="ml-auto flex items-center gap-2">
          <span className="tabular text-sm whitespace-nowrap text-muted">
            {delegations === 1 ? "1 delegation" : `${delegations.toLocaleString("en")} delegations`}
          </span>
          {delegations > 1 && (
            <Segments
              label="Delegations"
              segments={[
                { value: "apart", label: "Each" },
                { value: "together", label: "By colleague" },
              ]}
              value={isApart ? "apart" : "together"}
              onChange={(next) => room.setApart(next === "apart")}
            />
          )}
        </span>
      )}
    </nav>
  )
}
