import { ChevronLeft, ChevronRight, X } from "lucide-react"
import { useState } from "react"
import { titleOf } from "#web/flow/node-card.tsx"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { partsOf } from "#web/flow/scope-path.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Popover } from "#web/ui/popover.tsx"
import { holdersAt, type Holder } from "../model/iterations.ts"
import { sayPart } from "../model/step-search.ts"
import { useWatch } from "../watch.ts"
import { IterationList } from "./iteration-list.tsx"

/** Which iteration of each map and loop is looked at; there is no bar while none has begun. */
export function ScopeBar() {
  const { live, flow, selection } = useWatch()
  const held = useLive(live, (one) => one.steps.held) ?? 0
  const holders = holdersAt(flow, selection.scope, (key) => live.steps.scopesOf(key).size > 0)
  if (held === 0 || holders.length === 0) return null
  return (
    <nav
      aria-label="Iterations"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-surface px-3 py-1"
    >
      {holders.map((holder) => (
        <HolderChoice key={holder.key} holder={holder} />
      ))}
    </nav>
  )
}

function HolderChoice({ holder }: { holder: Holder }) {
  const { live, selection } = useWatch()
  const progress = useLive(live, (one) => one.node(holder.key)?.progress)
  const [open, setOpen] = useState(false)
  const { node, key, chosen } = holder
  const title = titleOf(node)
  const index = chosen === undefined ? undefined : partsOf(chosen).at(-1)!.index
  const opened = progress?.opened ?? 0
  const total = progress?.total ?? opened
  /** Goes on with the same step where one is open. */
  const choose = (path: string) => selection.select(inside(selection.node, node.id), path)
  const leave = () => selection.choose(partsOf(chosen ?? "").at(-2)?.path ?? "")
  return (
    <div role="group" aria-label={title} className="flex min-w-0 items-center gap-1">
      <KindTile type={node.type} size="sm" />
      <span className="max-w-40 truncate font-medium">{title}</span>
      {index !== undefined && (
        <IconButton
          label="The one before"
          size="sm"
          disabled={index === 0}
          onClick={() => choose(`${key}[${index - 1}]`)}
        >
          <ChevronLeft />
        </IconButton>
      )}
      <Popover
        label={`Iterations of ${title}`}
        open={open}
        onOpenChange={setOpen}
        className="flex h-80 w-80 flex-col"
        trigger={
          <button
            type="button"
            className="focus-ring tabular flex h-7 items-center gap-1 rounded-md border border-line-strong bg-surface px-2 text-sm hover:bg-hover pointer-coarse:h-10"
          >
            {index === undefined ? (
              <>All {total.toLocaleString("en")}</>
            ) : (
              <>
                {sayPart({ node_id: node.id, index }, node.type)} of {total.toLocaleString("en")}
              </>
            )}
            <ChevronRight aria-hidden className="size-3.5 rotate-90 text-muted" />
          </button>
        }
      >
        <IterationList
          holder={holder}
          opened={opened}
          onChoose={(path) => {
            setOpen(false)
            if (path === null) leave()
            else choose(path)
          }}
        />
      </Popover>
      {index !== undefined && (
        <>
          <IconButton
            label="The next one"
            size="sm"
            disabled={index >= opened - 1}
            onClick={() => choose(`${key}[${index + 1}]`)}
          >
            <ChevronRight />
          </IconButton>
          <IconButton label={`All of ${title}`} size="sm" onClick={leave}>
            <X />
          </IconButton>
        </>
      )}
    </div>
  )
}

/** The open step stays open in another iteration, unless it is the holder itself. */
const inside = (node: string | null, holder: string): string | null => (node === holder ? null : node)
