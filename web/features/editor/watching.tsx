import { useEffect, useMemo, useState, type ReactNode } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { holdersIn } from "#web/flow/scope-path.ts"
import { LiveProvider, ScopeProvider } from "#web/flow/use-execution.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { later, useCome } from "#web/ui/later.tsx"
import { chosenScopeAtom, structureAtom, watchedIdAtom } from "./atoms.ts"

/** The rules by which a journal is read come after the canvas. */
const following = later(() => import("./follow.ts"))
export const fetchFollowing = following.fetch

/** The execution that is watched, and which of its iterations, for all that is inside. */
export function Watching({ children }: { children: ReactNode }) {
  const id = useAtomValue(watchedIdAtom)
  const come = useCome(following)
  const [followed, setFollowed] = useState<LiveExecution | null>(null)
  const chosen = useAtomValue(chosenScopeAtom)
  const structure = useAtomValue(structureAtom)
  const holders = useMemo(() => holdersIn(structure), [structure])
  const view = useMemo(() => ({ base: "", chosen, holders }), [chosen, holders])
  useEffect(() => {
    if (id !== null) following.use(() => undefined)
  }, [id])
  return (
    <LiveProvider value={followed?.id === id ? followed : null}>
      <ScopeProvider value={view}>{children}</ScopeProvider>
      {id !== null && come && <come.Follow id={id} onLive={setFollowed} />}
    </LiveProvider>
  )
}
