import { useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { FlaskConical } from "lucide-react"
import { useEffect, useState } from "react"
import type { Tool } from "#core/contract/tools"
import { ToolDraft } from "#core/tool/tool"
import { DraftGuards } from "#web/agent/draft-guards.tsx"
import { useDraft, useSaveKey } from "#web/agent/use-draft.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { createTool, savedOf, toolQuery } from "../queries.ts"
import { Scroller } from "./tool-editor.tsx"
import { ToolForm } from "./tool-form.tsx"

/** A tool that is not there yet: it begins with something that works where there is such a thing. */
export function NewToolEditor({ start, title }: { start: ToolDraft; title: string }) {
  const queries = useQueryClient()
  const [made, setMade] = useState<Tool | null>(null)
  const draft = useDraft<ToolDraft>({
    saved: { draft: start, version: 0 },
    schema: ToolDraft,
    write: async (body) => {
      const tool = await createTool(body)
      queries.setQueryData(toolQuery(tool.id).queryKey, tool)
      void queries.invalidateQueries({ queryKey: queryKeys.toolList({}).slice(0, 2) })
      void queries.invalidateQueries({ queryKey: [...queryKeys.tools, "offers"] })
      setMade(tool)
      return savedOf(tool)
    },
    // Nobody else knows it yet.
    read: () => Promise.resolve({ draft: start, version: 0 }),
  })
  useOpenMade(made, draft.isDirty)
  useSaveKey(() => void draft.save())
  const wide = useWide()
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Tools", to: "/tools" }, { label: title }]}
        actions={
          <Button tone="primary" size="sm" busy={draft.isSaving} onClick={() => void draft.save()}>
            Create tool
          </Button>
        }
      />
      <DraftGuards draft={draft} noun="tool" />
      <div className="flex min-h-0 flex-1 bg-surface">
        <Scroller>
          {draft.failure !== null && <ErrorNote error={draft.failure} className="mx-5 mt-5" />}
          <ToolForm draft={draft} disabled={false} />
        </Scroller>
        {wide && (
          <aside
            aria-label="Try out"
            className="flex w-[min(27rem,42%)] shrink-0 flex-col border-l border-line bg-page"
          >
            <EmptyState icon={FlaskConical} title="Create it to try it out">
              Then it is called from here as often as you like, with what it prints as it prints it.
            </EmptyState>
          </aside>
        )}
      </div>
    </>
  )
}

/** Goes to the new tool's own page, once nothing is left that leaving could lose. */
function useOpenMade(made: Tool | null, isDirty: boolean): void {
  const navigate = useNavigate()
  useEffect(() => {
    if (made && !isDirty) void navigate({ to: "/tools/$toolId", params: { toolId: made.id }, replace: true })
  }, [made, isDirty, navigate])
}
