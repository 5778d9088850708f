import type { Delivery } from "#core/contract/triggers"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { ExecutionLink, OutcomeBadge } from "./delivery-line.tsx"
import { sayBytes } from "#web/ui/say-bytes.ts"

/** What a delivery is in a few words: why it did not go on, or how it begins. */
export const gistOf = ({
  reason,
  body_excerpt: body,
  scheduled_for: due,
  redelivery_of: again,
}: Delivery): string =>
  [
    again ? "Delivered again." : "",
    reason ?? "",
    !reason && body ? body.slice(0, 200) : "",
    due && !reason ? `For ${due}` : "",
  ]
    .filter(Boolean)
    .join(" ")

export const deliveryColumns: readonly Column<Delivery>[] = [
  {
    id: "outcome",
    header: "Outcome",
    width: "6.5rem",
    cell: (delivery) => <OutcomeBadge delivery={delivery} />,
  },
  {
    id: "gist",
    header: "What came in",
    width: "minmax(10rem, 1fr)",
    cell: (delivery) => (
      <span className={delivery.reason ? "truncate" : "truncate font-mono text-sm text-soft"}>
        {gistOf(delivery)}
      </span>
    ),
  },
  {
    id: "status",
    header: "Answer",
    width: "4rem",
    align: "end",
    cell: ({ status }) => <span className="tabular">{status ?? "–"}</span>,
  },
  {
    id: "size",
    header: "Size",
    width: "4.5rem",
    align: "end",
    room: "wide",
    cell: ({ body_bytes: bytes }) => <span className="tabular text-muted">{sayBytes(bytes)}</span>,
  },
  {
    id: "execution",
    header: "Started",
    width: "6rem",
    cell: (delivery) => <ExecutionLink delivery={delivery} />,
  },
  {
    id: "at",
    header: "When",
    width: "6rem",
    cell: ({ at }) => <RelativeTime at={at} className="text-muted" />,
  },
]

/** Two lines for a phone. */
export const DeliveryNarrow = ({ delivery }: { delivery: Delivery }) => (
  <>
    <span className="flex items-center justify-between gap-3">
      <OutcomeBadge delivery={delivery} />
      <RelativeTime at={delivery.at} className="text-sm text-muted" />
    </span>
    <span className="block truncate text-sm text-muted">{gistOf(delivery) || "No body"}</span>
  </>
)
