import { useQueryClient } from "@tanstack/react-query"
import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo, type ReactNode } from "react"
import type { ShareLevel } from "#core/access/level"
import { AgentDraft } from "#core/agent/agent"
import type { Agent } from "#core/contract/agents"
import { DraftGuards } from "#web/agent/draft-guards.tsx"
import { MemoryView } from "#web/agent/memory-view.tsx"
import { SaveButton } from "#web/agent/save-button.tsx"
import { useDraft, useSaveKey } from "#web/agent/use-draft.ts"
import { VersionsView } from "#web/agent/versions/versions-view.tsx"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { ShareButton } from "#web/shares/share-button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Tabs, type Tab } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { memoriesOf, readAgent, savedOf, versionsOf, writeAgent } from "../queries.ts"
import { AgentForm } from "./agent-form.tsx"
import type { AgentDraftState } from "./parts.ts"
import { TryOut } from "./try-out.tsx"

type Crews = readonly { id: string; name: string }[]

/** An agent that is changed at the left and tried out, as it is typed, at the right; on a narrow screen one of the two. */
export function AgentEditor({ agent, crews, reach }: { agent: Agent; crews: Crews; reach: ShareLevel }) {
  const { id } = agent
  const mayEdit = useCan("agent.edit") && reach === "edit"
  const { tab } = useSearch({ from: "/shell/inside/agents/$agentId" })
  const navigate = useNavigate({ from: "/agents/$agentId" })
  const wide = useWide()
  const draft = useAgentDraft(agent)
  useSaveKey(() => {
    if (mayEdit && draft.isDirty) void draft.save()
  })
  const tryOut = <TryOut id={id} draft={draft} />
  const tabs = useAgentTabs(agent, draft, mayEdit, crews)
  const shown: Tab[] = wide
    ? tabs
    : [tabs[0]!, { value: "try", label: "Try out", panel: tryOut }, ...tabs.slice(1)]
  const value = shown.some((one) => one.value === tab) ? tab! : "setup"
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Agents", to: "/agents" }, { label: agent.name }]}
        actions={
          mayEdit && (
            <>
              <ShareButton what={{ is: "agent", id }} name={agent.name} />
              <SaveButton draft={draft} />
            </>
          )
        }
      />
      <DraftGuards draft={draft} noun="agent" />
      <div className="flex min-h-0 flex-1">
        <Tabs
          label="Agent"
          tabs={shown}
          value={value}
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

function useAgentDraft(agent: Agent): AgentDraftState {
  const { id } = agent
  const queries = useQueryClient()
  const saved = useMemo(() => savedOf(agent), [agent])
  return useDraft<AgentDraft>({
    saved,
    schema: AgentDraft,
    write: async (body, onto) => {
      const { agent: next } = await writeAgent(id, body, onto)
      queries.setQueryData(queryKeys.agent(id), (was: object | undefined) => was && { ...was, agent: next })
      void queries.invalidateQueries({ queryKey: queryKeys.agentList({}).slice(0, 2) })
      return savedOf(next)
    },
    read: async () => savedOf((await readAgent(id)).agent),
  })
}

function useAgentTabs(agent: Agent, draft: AgentDraftState, mayEdit: boolean, crews: Crews): Tab[] {
  const { id } = agent
  const queries = useQueryClient()
  const { adopt, version } = draft
  const onBack = useCallback(
    (next: Agent) => {
      queries.setQueryData(queryKeys.agent(id), (was: object | undefined) => was && { ...was, agent: next })
      adopt(savedOf(next))
    },
    [queries, id, adopt],
  )
  const versions = useMemo(() => versionsOf(id, onBack), [id, onBack])
  const memories = useMemo(() => memoriesOf(id), [id])
  return [
    {
      value: "setup",
      label: "Setup",
      panel: (
        <Scroller>
          {draft.failure !== null && <ErrorNote error={draft.failure} className="mx-5 mt-5" />}
          <AgentForm draft={draft} disabled={!mayEdit} />
          <UsedBy crews={crews} />
        </Scroller>
      ),
    },
    {
      value: "versions",
      label: "Versions",
      count: version,
      panel: (
        <VersionsView source={versions} current={version} mayRestore={mayEdit} isDirty={draft.isDirty} />
      ),
    },
    {
      value: "memory",
      label: "Memory",
      panel: (
        <MemoryView source={memories} name={agent.name} isOn={draft.draft.config.memory} mayEdit={mayEdit} />
      ),
    },
  ]
}

const Scroller = ({ children }: { children: ReactNode }) => (
  <div className="min-h-0 flex-1 overflow-y-auto pb-16">{children}</div>
)

const UsedBy = ({ crews }: { crews: Crews }) =>
  crews.length === 0 ? null : (
    <p className="px-5 py-4 text-sm text-muted">
      Works in{" "}
      {crews.map(({ id, name }, i) => (
        <span key={id}>
          {i > 0 && ", "}
          <Link
            to="/crews/$crewId"
            params={{ crewId: id }}
            className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
          >
            {name}
          </Link>
        </span>
      ))}
      . Crews take the agent as it is when they begin.
    </p>
  )
