import { LockKeyhole } from "lucide-react"
import type { ReactNode } from "react"
import { useCan } from "#web/api/me.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ImportHeader } from "./import-header.tsx"

/** The page for those who may make tools; for others, why it is not. */
export function MayImport({ title, children }: { title: string; children: ReactNode }) {
  if (useCan("agent.edit")) return children
  return (
    <>
      <ImportHeader title={title} />
      <EmptyState icon={LockKeyhole} title="Your role may not make tools">
        Ask somebody who may edit agents and tools, or an admin for another role.
      </EmptyState>
    </>
  )
}
