import { KeyRound, RefreshCw } from "lucide-react"
import { useState } from "react"
import type { Trigger } from "#core/contract/triggers"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { useTriggerPageActs } from "../queries.ts"
import { ShownSecret } from "../shown-secret.tsx"

/** The menu entries that replace a trigger's secret or address, and the dialogs that they open. */
export function useRotation(trigger: Trigger): { entries: MenuEntry[]; dialog: React.ReactNode } {
  const [asked, setAsked] = useState<"secret" | "address" | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const { rotate } = useTriggerPageActs(trigger.id)
  const hasSecret = trigger.secret !== null
  const hasAddress = trigger.kind === "webhook" || trigger.kind === "form"
  const entries: MenuEntry[] = [
    ...(hasSecret ? [{ label: "New secret…", icon: KeyRound, onSelect: () => setAsked("secret") }] : []),
    ...(hasAddress ? [{ label: "New address…", icon: RefreshCw, onSelect: () => setAsked("address") }] : []),
  ]
  const dialog = (
    <>
      <AlertDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={`Make a new ${asked ?? "secret"} for “${trigger.name}”`}
        description={
          asked === "address"
            ? "The old address stops at once, and cannot be brought back. Whoever uses it needs the new one."
            : "Deliveries signed with the old secret are refused at once. Give the new one to the sender."
        }
        act={asked === "address" ? "Replace the address" : "Replace the secret"}
        onAct={async () => {
          if (asked === null) return
          const { secret: made } = await rotate.mutateAsync(asked)
          setSecret(made)
        }}
      />
      {secret !== null && <ShownSecret secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
  return { entries, dialog }
}
