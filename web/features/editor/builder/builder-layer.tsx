import { lazy, Suspense, useEffect, type ReactNode } from "react"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { builderAskingAtom, shownReviewAtom } from "./atoms.ts"

// Where its code cannot be fetched the list beside it says as much.
const ProposalCanvas = lazy(() => import("./proposal-canvas.tsx").catch(() => ({ default: () => null })))

/** The canvas, and over it what is proposed while somebody looks through it. */
export function BuilderLayer({ children }: { children: ReactNode }) {
  const store = useStore()
  const isReviewed = useAtomValue(shownReviewAtom) !== null
  // Whoever leaves the flow waits for no answer.
  useEffect(() => () => store.get(builderAskingAtom)?.abort(), [store])
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1">
      <div className="contents" inert={isReviewed}>
        {children}
      </div>
      {isReviewed && (
        <Suspense>
          <ProposalCanvas />
        </Suspense>
      )}
    </div>
  )
}
