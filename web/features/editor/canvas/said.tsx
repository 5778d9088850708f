import { useAtomValue } from "#web/state/jotai.ts"
import { saidAtom } from "../atoms.ts"

/** What was done on the canvas, in words for those who do not see it. */
export function Said() {
  const { words } = useAtomValue(saidAtom)
  return (
    <p aria-live="polite" aria-atomic data-said className="sr-only">
      {words}
    </p>
  )
}
