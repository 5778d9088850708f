import { useSyncExternalStore } from "react"

// One clock for every time on the page: they all turn at once, and only twice a minute.
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Nobody has looked for a while: the clock has stood still.
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const one of listeners) one()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" })
const day = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" })
const dayOfYear = new Intl.DateTimeFormat("en", { year: "numeric", month: "short", day: "numeric" })

/** "just now", "4 min ago", "3 h ago", "yesterday", "12 Mar"; the same words for the future: "in 3 days". */
export function sayWhen(at: number, from: number): string {
  const seconds = Math.round((from - at) / 1000)
  const size = Math.abs(seconds)
  const say = (n: number, unit: string) => (seconds >= 0 ? `${n} ${unit} ago` : `in ${n} ${unit}`)
  // Clocks differ, and the page's turns only twice a minute.
  if (size < 45) return "just now"
  if (size < 3570) return say(Math.max(1, Math.round(size / 60)), "min")
  if (size < 86_400) return say(Math.round(size / 3600), "h")
  const days = Math.round(size / 86_400)
  if (days === 1) return seconds >= 0 ? "yesterday" : "tomorrow"
  if (days < 7) return say(days, "days")
  const sameYear = new Date(at).getFullYear() === new Date(from).getFullYear()
  return (sameYear ? day : dayOfYear).format(at)
}

/** A time as people say it; the exact one on hover and for machines. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const current = useSyncExternalStore(subscribe, () => now)
  const moment = Date.parse(at)
  if (Number.isNaN(moment)) return null
  const words = sayWhen(moment, current)
  return (
    <time dateTime={at} title={absolute.format(moment)} className={className}>
      {words}
    </time>
  )
}

/** "480 ms", "3.2 s", "4 min 05 s". */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`
}
