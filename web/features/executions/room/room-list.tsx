import { KindTile } from "#web/flow/kind-tile.tsx"
import { factsOf } from "#web/flow/run-facts.ts"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import type { Card } from "../model/room.ts"
import { useWatch } from "../watch.ts"
import type { Room } from "./use-room.ts"

/** The inside of a crew or an agent where there is no room for a canvas: who works, and inside of it whom work was handed to. */
export const RoomList = ({ room, onOpen }: { room: Room; onOpen: (id: string) => void }) => (
  <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2">
    <Cards cards={room.outline.cards} label="Who works at what" chosen={room.selected?.id} onOpen={onOpen} />
  </div>
)

type CardsProps = {
  cards: readonly Card[]
  label: string
  chosen: string | undefined
  onOpen: (id: string) => void
}

const Cards = ({ cards, label, chosen, onOpen }: CardsProps) => (
  <ul aria-label={label} className="flex min-w-0 flex-col">
    {cards.map((card) => (
      <li key={card.id} className="min-w-0">
        <Line card={card} isChosen={card.id === chosen} onOpen={() => onOpen(card.id)} />
        {card.inside.length > 0 && (
          <div className="ml-4 border-l border-line pl-1.5">
            <Cards cards={card.inside} label={`Inside of ${card.label}`} chosen={chosen} onOpen={onOpen} />
          </div>
        )}
      </li>
    ))}
  </ul>
)

function Line({ card, isChosen, onOpen }: { card: Card; isChosen: boolean; onOpen: () => void }) {
  const { live } = useWatch()
  const run = useLive(live, (one) => one.steps.whole(card.id))
  const times = card.keys.length
  const facts = [
    times > 1 && `${times.toLocaleString("en")} times`,
    run && factsOf({ ...run, progress: undefined }),
  ]
    .filter(Boolean)
    .join(" · ")
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-current={isChosen ? "true" : undefined}
      className={cn(
        "focus-ring flex min-h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-2 py-1 text-left hover:bg-hover",
        isChosen && "bg-accent-soft",
        !run && "opacity-60",
      )}
    >
      <KindTile type={card.type} size="sm" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{card.label}</span>
        <span className="tabular block truncate text-sm text-muted">{facts || card.about}</span>
      </span>
      {run && <NodeStatusMark status={run.status} className="shrink-0" />}
    </button>
  )
}
