import { lazy, Suspense, useSyncExternalStore } from "react"
import { proof } from "#web/state/proof.ts"

// Hardly anybody is asked: it is fetched when somebody is.
const ProofDialog = lazy(() => import("./proof-dialog.tsx"))

/** Asks for the password when a request needs it, whatever page or dialog it came from. */
export function AskForProof() {
  const isAsked = useSyncExternalStore(proof.subscribe, proof.isAsked)
  return <Suspense>{isAsked && <ProofDialog />}</Suspense>
}
