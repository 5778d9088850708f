import { lazy, Suspense } from "react"
import type Count from "./approvals-count.tsx"

// The first page does not wait for a number beside the navigation, nor fail without it.
const NoCount: typeof Count = () => null
const ApprovalsCount = lazy(() => import("./approvals-count.tsx").catch(() => ({ default: NoCount })))

/** How many questions wait for this person, once that is known. */
export const OpenApprovals = ({ className }: { className?: string }) => (
  <Suspense>
    <ApprovalsCount {...(className ? { className } : {})} />
  </Suspense>
)
