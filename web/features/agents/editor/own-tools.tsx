import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import type { Tool } from "#core/contract/tools"
import { ToolPicker } from "#web/agent/tools/tool-picker.tsx"
import { faultWithin } from "#web/agent/use-draft.ts"
import { isHttp, type HttpToolRow } from "../tools/queries.ts"
import type { Parts } from "./parts.ts"

const ToolDialog = lazy(() => import("../tools/tool-dialog.tsx"))

/** The tools that the agent is granted; new ones are made on the spot. */
export function OwnTools({ draft: { draft, set, faults }, disabled }: Parts) {
  const [dialog, setDialog] = useState<HttpToolRow | "new" | null>(null)
  const navigate = useNavigate()
  /** A request fits into a dialog; every other kind is edited on a page of its own. */
  const edit = (tool: Tool | "new") => {
    if (tool === "new" || isHttp(tool)) setDialog(tool)
    else void navigate({ to: "/tools/$toolId", params: { toolId: tool.id } })
  }
  return (
    <>
      <ToolPicker
        value={draft.tool_ids}
        onChange={(tool_ids) => set({ tool_ids })}
        fault={faultWithin(faults, "tool_ids")}
        disabled={disabled}
        {...(disabled ? {} : { onEdit: edit })}
      />
      <Suspense>
        {dialog !== null && (
          <ToolDialog
            tool={dialog === "new" ? null : dialog}
            onClose={() => setDialog(null)}
            onMade={({ id }) => set({ tool_ids: [...draft.tool_ids, id] })}
          />
        )}
      </Suspense>
    </>
  )
}
