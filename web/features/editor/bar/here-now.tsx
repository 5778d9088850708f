import type { Person } from "#core/canvas/messages"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { followedAtom, othersAtom } from "../atoms.ts"

const mostShown = 4

/** Who else has the flow open; a person with several windows is here once. A press follows them, another lets them go. */
export function HereNow() {
  const others = useAtomValue(othersAtom)
  const [followed, follow] = useAtom(followedAtom)
  const people = [...new Map(others.map((one) => [one.id, one])).values()]
  if (people.length === 0) return null
  const more = people.slice(mostShown)
  return (
    <ul aria-label="Also here" className="flex items-center gap-1">
      {people.slice(0, mostShown).map((one) => (
        <li key={one.id} className="flex">
          <Tooltip text={followed === one.id ? `Stop following ${one.name}` : `Follow ${wordsOf(one)}`}>
            <button
              type="button"
              aria-label={`Follow ${wordsOf(one)}`}
              aria-pressed={followed === one.id}
              onClick={() => follow(followed === one.id ? null : one.id)}
              className={cn("focus-ring flex rounded-full", followed === one.id && "ring-2 ring-accent")}
            >
              <Avatar name={one.name} seed={one.id} size="md" />
            </button>
          </Tooltip>
        </li>
      ))}
      {more.length > 0 && (
        <li className="tabular text-sm text-muted" title={more.map(wordsOf).join(", ")}>
          +{more.length}
          <span className="sr-only"> more: {more.map(wordsOf).join(", ")}</span>
        </li>
      )}
    </ul>
  )
}

const wordsOf = ({ name, may_edit }: Person): string => (may_edit ? name : `${name}, who looks on`)
