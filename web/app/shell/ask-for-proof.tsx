import { lazy, Suspense, useSyncExternalStore } from "react"
import { proof } from "#web/state/proof.ts"

// Hardly anybody is asked: it is fetched when somebody is.
const ProofDialog = lazy(() => import("./proof-dialog.tsx"))

const subscribe = (tell: () => void) => proof.subscribe(tell)
const isAskedNow = () => proof.isAsked()

/** Asks for the password when a request needs it, whatever page or dialog it came from. */
export function AskForProof() {
  const isAsked = useSyncExternalStore(subscribe, isAskedNow)
  return <Suspense>{isAsked && <ProofDialog />}</Suspense>
}
