import { sayDuration } from "#web/ui/relative-time.tsx"
import { useNow } from "#web/ui/use-now.ts"

const minute = 60_000
const day = 86_400_000

const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" })

/** "2 days 4 h", "1 h 05 min", "4 min 10 s", "9 s": how long until a moment that is still to come. */
export function sayRest(ms: number): string {
  if (ms >= day) {
    const days = Math.floor(ms / day)
    return `${days} ${days === 1 ? "day" : "days"} ${Math.floor((ms % day) / 3_600_000)} h`
  }
  return ms < minute ? `${Math.ceil(ms / 1_000)} s` : sayDuration(ms)
}

type CountdownProps = { due: string; /** Said when the moment has come. */ over?: string; className?: string }

/** How long there still is until a moment, second by second; the moment itself on hover and for machines. */
export function Countdown({ due, over = "now", className }: CountdownProps) {
  const moment = Date.parse(due)
  const now = useNow(1_000)
  return (
    <time dateTime={due} title={absolute.format(moment)} className={`tabular ${className ?? ""}`}>
      {moment - now <= 0 ? over : sayRest(moment - now)}
    </time>
  )
}
