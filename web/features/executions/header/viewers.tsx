import { useMe } from "#web/api/me.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Avatar } from "#web/ui/avatar.tsx"
import { useWatch } from "../watch.ts"

/** So many are drawn; the rest are counted. */
const mostDrawn = 4

/** Who else watches, while it goes on. */
export function Viewers() {
  const { live } = useWatch()
  const me = useMe().user.id
  const viewers = useLive(live, (one) => one.viewers) ?? []
  const others = viewers.filter(({ id }) => id !== me)
  if (others.length === 0) return null
  return (
    <ul aria-label="Also watching" className="flex items-center -space-x-1">
      {others.slice(0, mostDrawn).map(({ id, name }) => (
        <li key={id}>
          <span title={`${name} is watching`} className="block rounded-full ring-2 ring-surface">
            <Avatar name={name} seed={id} size="md" />
            <span className="sr-only">{name}</span>
          </span>
        </li>
      ))}
      {others.length > mostDrawn && (
        <li className="tabular pl-2 text-sm text-muted">+{others.length - mostDrawn}</li>
      )}
    </ul>
  )
}
