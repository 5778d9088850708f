import type { ApiKey } from "#core/contract/api-keys"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useKeyActs } from "./api-key-queries.ts"

/** Revoking cannot be undone, so the key's name is typed. */
export function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { revoke } = useKeyActs()
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Revoke “${apiKey.name}”?`}
      description="What uses this key is refused within 5 seconds. It cannot be brought back."
      act="Revoke key"
      typeName={apiKey.name}
      onAct={async () => {
        await revoke.mutateAsync(apiKey)
        toast.done(`Revoked “${apiKey.name}”`)
      }}
    />
  )
}
