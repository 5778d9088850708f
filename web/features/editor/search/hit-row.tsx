import { cn } from "#web/ui/cn.ts"
import { placesIn, replacedIn, type Hit, type Search } from "../model/search.ts"

/** What is shown around the words. */
const around = 28

type HitRowProps = {
  hit: Hit
  title: string
  search: Search
  /** What the words would be replaced by; null while nothing is written there. */
  by: string | null
  why: string | null
  current: boolean
  onGo: () => void
}

/** One place where the words stand, with what it would become. */
export function HitRow({ hit, title, search, by, why, current, onGo }: HitRowProps) {
  const { text, at, place } = hit
  const where = place.is === "data" ? place.path : place.is
  return (
    <li>
      <button
        type="button"
        aria-current={current || undefined}
        onClick={onGo}
        className={cn(
          "focus-ring-inset flex w-full flex-col gap-0.5 rounded-sm px-2 py-1.5 text-left hover:bg-hover pointer-coarse:min-h-11",
          current && "bg-active",
        )}
      >
        <span className="flex w-full items-baseline gap-2">
          <span className="min-w-0 truncate font-medium">{title}</span>
          <span className="ml-auto shrink-0 truncate font-mono text-xs text-muted">{where}</span>
        </span>
        <span className="w-full font-mono text-sm break-words text-soft">
          <Snippet text={text} at={at[0]!} length={search.text.length} struck={by !== null && why === null} />
          {at.length > 1 && <span className="text-muted"> +{at.length - 1}</span>}
        </span>
        {by !== null && why === null && (
          <span className="w-full font-mono text-sm break-words text-succeeded">
            → {clipped(replacedIn(text, search, by), placesIn(text, search)[0]!, by.length)}
          </span>
        )}
        {why !== null && <span className="text-sm text-muted">Stays: {why}</span>}
      </button>
    </li>
  )
}

const begin = (at: number): number => Math.max(0, at - around)

function clipped(text: string, at: number, length: number): string {
  const end = at + length + around
  return `${begin(at) > 0 ? "…" : ""}${text.slice(begin(at), end)}${end < text.length ? "…" : ""}`
}

type SnippetProps = { text: string; at: number; length: number; struck: boolean }

const Snippet = ({ text, at, length, struck }: SnippetProps) => (
  <>
    {begin(at) > 0 && "…"}
    {text.slice(begin(at), at)}
    <mark className={cn("rounded-xs bg-accent-soft text-accent-ink", struck && "line-through")}>
      {text.slice(at, at + length)}
    </mark>
    {text.slice(at + length, at + length + around)}
    {at + length + around < text.length && "…"}
  </>
)
