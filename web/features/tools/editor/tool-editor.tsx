import { useQueryClient } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo, type ReactNode } from "react"
import type { Tool } from "#core/contract/tools"
import { ToolDraft } from "#core/tool/tool"
import { DraftGuards } from "#web/agent/draft-guards.tsx"
import { SaveButton } from "#web/agent/save-button.tsx"
import { useDraft, useSaveKey } from "#web/agent/use-draft.ts"
import { VersionsView } from "#web/agent/versions/versions-view.tsx"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Tabs, type Tab } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { Invocations } from "../invocations/invocations.tsx"
import { readTool, savedOf, toolQuery, versionsOf, writeTool } from "../queries.ts"
import { TryOut } from "../try-out/try-out.tsx"
import type { ToolDraftState } from "./parts.ts"
import { ToolForm } from "./tool-form.tsx"
import { UsedBy } from "./used-by.tsx"

/** A tool that is changed at the left and tried out at the right; on a narrow screen one of the two. */
export function ToolEditor({ tool }: { tool: Tool }) {
  const mayEdit = useCan("agent.edit")
  const { tab } = useSearch({ from: "/shell/inside/tools/$toolId" })
  const navigate = useNavigate({ from: "/tools/$toolId" })
  const draft = useToolDraft(tool)
  useSaveKey(() => {
    if (mayEdit && draft.isDirty) void draft.save()
  })
  const wide = useWide()
  const tryOut = <TryOut tool={tool} isDirty={draft.isDirty} />
  const tabs = useToolTabs(tool, draft, mayEdit)
  const shown: Tab[] = wide
    ? tabs
    : [tabs[0]!, { value: "try", label: "Try out", panel: tryOut }, ...tabs.slice(1)]
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Tools", to: "/tools" }, { label: tool.name }]}
        actions={mayEdit && <SaveButton draft={draft} />}
      />
      <DraftGuards draft={draft} noun="tool" />
      <div className="flex min-h-0 flex-1">
        <Tabs
          label="Tool"
          tabs={shown}
          value={shown.some((one) => one.value === tab) ? tab! : "editor"}
          onChange={(next) => void navigate({ search: (was) => ({ ...was, tab: next }), replace: true })}
          className="min-w-0 flex-1 bg-surface"
          panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
        />
        {wide && (
          <aside
            aria-label="Try out"
            className="flex w-[min(27rem,42%)] shrink-0 flex-col border-l border-line bg-page"
          >
            {tryOut}
          </aside>
        )}
      </div>
    </>
  )
}

/** What every page that reads tools has to learn from a change. */
function useTold(id: string) {
  const queries = useQueryClient()
  return useCallback(
    (tool: Tool) => {
      queries.setQueryData(toolQuery(id).queryKey, tool)
      void queries.invalidateQueries({ queryKey: queryKeys.toolList({}).slice(0, 2) })
      void queries.invalidateQueries({ queryKey: [...queryKeys.tools, "offers"] })
      void queries.invalidateQueries({ queryKey: [...queryKeys.tools, "one", id] })
    },
    [queries, id],
  )
}

function useToolDraft(tool: Tool): ToolDraftState {
  const { id } = tool
  const tell = useTold(id)
  const saved = useMemo(() => savedOf(tool), [tool])
  return useDraft<ToolDraft>({
    saved,
    schema: ToolDraft,
    write: async (body, onto) => {
      const next = await writeTool(id, body, onto)
      tell(next)
      return savedOf(next)
    },
    read: async () => savedOf(await readTool(id)),
  })
}

function useToolTabs(tool: Tool, draft: ToolDraftState, mayEdit: boolean): Tab[] {
  const { id } = tool
  const tell = useTold(id)
  const { adopt, version, edition } = draft
  const onBack = useCallback(
    (next: Tool) => {
      tell(next)
      adopt(savedOf(next))
    },
    [tell, adopt],
  )
  const versions = useMemo(() => versionsOf(id, onBack), [id, onBack])
  return [
    {
      value: "editor",
      label: "Editor",
      panel: (
        <Scroller>
          {draft.failure !== null && <ErrorNote error={draft.failure} className="mx-5 mt-5" />}
          <ToolForm key={edition} draft={draft} disabled={!mayEdit} />
          <UsedBy toolId={id} />
        </Scroller>
      ),
    },
    { value: "invocations", label: "Invocations", panel: <Invocations toolId={id} /> },
    {
      value: "versions",
      label: "Versions",
      count: version,
      panel: (
        <VersionsView source={versions} current={version} mayRestore={mayEdit} isDirty={draft.isDirty} />
      ),
    },
  ]
}

export const Scroller = ({ children }: { children: ReactNode }) => (
  <div className="min-h-0 flex-1 overflow-y-auto pb-16">{children}</div>
)
