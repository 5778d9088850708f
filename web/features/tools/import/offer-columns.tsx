import { CircleAlert, CircleSlash } from "lucide-react"
import { RiskBadge } from "#web/agent/tools/risk-badge.tsx"
import { Badge } from "#web/ui/badge.tsx"
import { Checkbox } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import type { Column } from "#web/ui/table/model.ts"
import type { Offer, OfferRow } from "./offer.ts"

const hues: Record<string, string> = {
  GET: "text-running",
  HEAD: "text-running",
  POST: "text-succeeded",
  PUT: "text-waiting",
  PATCH: "text-waiting",
  DELETE: "text-failed",
}

export const Method = ({ method, className }: { method: string; className?: string }) => (
  <span className={cn("shrink-0 font-mono text-xs font-semibold", hues[method] ?? "text-muted", className)}>
    {method}
  </span>
)

const Place = ({ offer: { method, place, deprecated } }: { offer: Offer }) => (
  <span className="flex min-w-0 items-baseline gap-2">
    {method !== undefined && <Method method={method} className="w-12" />}
    <span className={cn("truncate font-mono text-sm", deprecated && "text-muted line-through")} title={place}>
      {place}
    </span>
    {deprecated && <span className="sr-only">deprecated</span>}
  </span>
)

/** What stands in the way, in a line; else what the tool is called. */
function Name({ row: { offer, name, fault } }: { row: OfferRow }) {
  if (offer.tool === null) {
    const [problem] = offer.problems
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-muted" title={problem?.message}>
        <CircleSlash aria-hidden className="size-3.5" />
        <span className="truncate">{problem?.message ?? "It cannot be a tool."}</span>
      </span>
    )
  }
  return (
    <span className={cn("flex min-w-0 items-center gap-1.5", fault !== undefined && "text-failed")}>
      {fault !== undefined && <CircleAlert role="img" aria-label={fault} className="size-3.5" />}
      <span className="truncate font-mono text-sm font-medium" title={fault ?? name}>
        {name || "–"}
      </span>
      {fault === undefined && offer.tool.taken && <Badge>Taken</Badge>}
    </span>
  )
}

export const offerColumns = (placeWord: string): readonly Column<OfferRow>[] => [
  {
    id: "place",
    header: placeWord,
    width: "minmax(0, 1.2fr)",
    cell: ({ offer }) => <Place offer={offer} />,
  },
  { id: "name", header: "Tool", width: "minmax(0, 1fr)", cell: (row) => <Name row={row} /> },
  {
    id: "title",
    header: "What it does",
    width: "minmax(0, 1fr)",
    room: "wide",
    cell: ({ offer }) => (
      <span className="truncate text-muted" title={offer.title}>
        {offer.title}
      </span>
    ),
  },
  {
    id: "risk",
    header: "Risk",
    width: "6.5rem",
    cell: ({ offer, risk }) => offer.tool !== null && <RiskBadge risk={risk} />,
  },
]

type NarrowProps = { row: OfferRow; onTick: (key: string) => void }

/** Two lines where there is little room, with a box of its own. */
export const OfferNarrow = ({ row, onTick }: NarrowProps) => (
  <div className="flex min-w-0 items-center gap-3">
    <span className="flex shrink-0 py-2 pr-1">
      <Checkbox
        checked={row.isChosen}
        disabled={row.offer.tool === null}
        aria-label={`Select ${row.offer.key}`}
        onCheckedChange={() => onTick(row.offer.key)}
      />
    </span>
    <div className="flex min-w-0 flex-1 flex-col gap-0.5">
      <Place offer={row.offer} />
      <span className="flex min-w-0 items-center gap-2 text-sm">
        <Name row={row} />
        {row.offer.tool !== null && row.risk !== "read" && <RiskBadge risk={row.risk} />}
      </span>
    </div>
  </div>
)
