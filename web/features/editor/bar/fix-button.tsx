import { Wand } from "lucide-react"
import type { Finding } from "#core/flow/graph"
import { useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { toast } from "#web/ui/toast.tsx"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { fixOf } from "../model/fixes.ts"

/** Mends a finding by one press, where there is one way to; it can be taken back. */
export function FixButton({ finding, onFixed }: { finding: Finding; onFixed?: () => void }) {
  const { commands, mayEdit } = useEditor()
  const store = useStore()
  // Worked out with the finding: while the list is open, each change makes new findings.
  const fix = mayEdit ? fixOf(store.get(draftAtom), finding) : null
  if (!fix) return null
  return (
    <Button
      size="xs"
      onClick={() => {
        // Somebody else may have mended it, or changed what it is about.
        const now = fixOf(store.get(draftAtom), finding)
        if (!now) return
        commands.mend(now)
        toast.done(`${now.label}: done`, { onClick: commands.undo })
        onFixed?.()
      }}
    >
      <Wand aria-hidden className="size-3.5" />
      {fix.label}
    </Button>
  )
}
