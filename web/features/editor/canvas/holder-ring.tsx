import { useAtomValue } from "#web/state/jotai.ts"
import { inkOf } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { holderAtom } from "../atoms.ts"

/** Around a node that somebody else has selected, with their name. Renders by itself, so that the node does not. */
export function HolderRing({ id }: { id: string }) {
  const holder = useAtomValue(holderAtom(id))
  if (!holder) return null
  return (
    <span
      className={cn(
        "pointer-events-none absolute -inset-1 rounded-lg border-2 border-current",
        inkOf(holder.id),
      )}
    >
      <span className="absolute bottom-full left-0 mb-0.5 max-w-full truncate text-sm leading-4 font-medium">
        {holder.name}
      </span>
    </span>
  )
}
