import { RelativeTime } from "#web/ui/relative-time.tsx"
import { sayMoment } from "./model/time-zones.ts"

type NextFiresProps = {
  fires: readonly number[]
  zone: string
  /** Says seconds, too: they come often. */
  seconds?: boolean
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })

/** When a schedule fires next, by the clocks of its zone. */
export function NextFires({ fires, zone, seconds = false }: NextFiresProps) {
  return (
    <section aria-label="Next fires" className="rounded-md border border-line bg-sunken px-3 py-2">
      <p className="text-sm font-medium">Next fires</p>
      {fires.length === 0 ? (
        <p className="text-muted">Nothing to show until the schedule is right.</p>
      ) : (
        <ol>
          {fires.map((at) => (
            <li key={at} className="tabular flex justify-between gap-4">
              <span>{seconds ? clock.format(at) : sayMoment(at, zone)}</span>
              {!seconds && <RelativeTime at={new Date(at).toISOString()} className="text-muted" />}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
