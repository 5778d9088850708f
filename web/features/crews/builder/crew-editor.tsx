import { useQueries, useQueryClient } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo, type ReactNode } from "react"
import type { Crew, crewsApi } from "#core/contract/crews"
import type { ReplyOf } from "#core/contract/endpoint"
import { CrewDraft } from "#core/crew/crew"
import { DraftGuards } from "#web/agent/draft-guards.tsx"
import { MemoryView } from "#web/agent/memory-view.tsx"
import { SaveButton } from "#web/agent/save-button.tsx"
import { useDraft, useSaveKey } from "#web/agent/use-draft.ts"
import { VersionsView } from "#web/agent/versions/versions-view.tsx"
import { agentNameQuery } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { ShareButton } from "#web/shares/share-button.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Tabs, type Tab } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { memoriesOf, readCrew, savedOf, versionsOf, writeCrew } from "../queries.ts"
import { StatusProvider, useStatuses } from "../run/run-context.ts"
import { useRunInput } from "../run/run-input.tsx"
import { RunPanel } from "../run/run-panel.tsx"
import { useRun } from "../run/use-run.ts"
import {
  BuilderProvider,
  readOpen,
  sayOpen,
  type AgentWords,
  type Builder,
  type Open,
} from "./builder-context.ts"
import { CrewCanvas } from "./canvas/crew-canvas.tsx"
import { CrewMenu } from "./crew-menu.tsx"
import { FindingsButton } from "./findings-button.tsx"
import { Details } from "./panels/details.tsx"
import { TaskList } from "./task-list.tsx"
import { useFindings } from "./use-findings.ts"

type Reply = ReplyOf<typeof crewsApi.get>

/** A crew that is built at the left, and looked into or run at the right; on a narrow screen one part at a time. */
export function CrewEditor({ reply }: { reply: Reply }) {
  const { crew } = reply
  const { id } = crew
  const mayEdit = useCan("agent.edit") && reply.reach === "edit"
  const mayStart = useCan("execution.start") && reply.reach !== "view"
  const search = useSearch({ from: "/shell/inside/crews/$crewId" })
  const draft = useCrewDraft(crew)
  const builder = useBuild(reply, draft, mayEdit)
  const input = useRunInput(draft.draft, search.input)
  const run = useRun(id)
  const statuses = useStatuses(run.live, run.crew)
  useSaveKey(() => {
    if (mayEdit && draft.isDirty) void draft.save()
  })
  const start = async () => {
    const given = input.take()
    // A crew is run as it is saved: what is typed here becomes its next version first.
    if (given && (!draft.isDirty || (await draft.save()))) run.start(draft.draft, given.input)
  }
  const errors = builder.findings.filter((one) => one.severity === "error").length
  const runPanel = (
    <RunPanel
      crew={draft.draft}
      input={input}
      run={run}
      isDirty={draft.isDirty}
      errors={errors}
      mayStart={mayStart && (mayEdit || !draft.isDirty)}
      onStart={() => void start()}
    />
  )
  return (
    <BuilderProvider value={builder}>
      <StatusProvider value={statuses}>
        <PageHeader
          crumbs={[{ label: "Crews", to: "/crews" }, { label: crew.name }]}
          actions={
            <>
              <FindingsButton />
              <CrewMenu id={id} />
              {mayEdit && <ShareButton what={{ is: "crew", id }} name={crew.name} />}
              {mayEdit && <SaveButton draft={draft} />}
            </>
          }
        />
        <DraftGuards draft={draft} noun="crew" />
        {draft.failure !== null && <ErrorNote error={draft.failure} className="m-3" />}
        <Parts crew={crew} draft={draft} mayEdit={mayEdit} runPanel={runPanel} />
      </StatusProvider>
    </BuilderProvider>
  )
}

type CrewDraftState = ReturnType<typeof useCrewDraft>

function useCrewDraft(crew: Crew) {
  const { id } = crew
  const queries = useQueryClient()
  const saved = useMemo(() => savedOf(crew), [crew])
  return useDraft<CrewDraft>({
    saved,
    schema: CrewDraft,
    write: async (body, onto) => {
      const next = await writeCrew(id, body, onto)
      queries.setQueryData(queryKeys.crew(id), (was: object | undefined) => was && { ...was, ...next })
      void queries.invalidateQueries({ queryKey: queryKeys.crewList({}).slice(0, 2) })
      return savedOf(next.crew)
    },
    read: async () => savedOf((await readCrew(id)).crew),
  })
}

/** Who the members are: as the crew was read, and those who have joined since. */
function useAgentWords({ agents: members }: CrewDraft, read: Reply["agents"]): Map<string, AgentWords> {
  const joined = [...new Set(members.map((one) => one.agent_id))].filter(
    (id) => !read.some((one) => one.id === id),
  )
  const found = useQueries({ queries: joined.map((id) => agentNameQuery(id)) })
  const line = JSON.stringify(joined.map((id, i) => [id, found[i]?.data, found[i]?.isError]))
  return useMemo(() => {
    const known = new Map<string, AgentWords>()
    for (const { id, name, role, is_deleted } of read) known.set(id, { name, role, isGone: is_deleted })
    const more = JSON.parse(line) as [string, { name: string; role: string } | null, boolean][]
    for (const [id, words, isGone] of more)
      if (words || isGone) known.set(id, { name: words?.name ?? "", role: words?.role ?? "", isGone })
    return known
  }, [read, line])
}

/** What every part of the builder works with. */
function useBuild(reply: Reply, { draft, set, faults }: CrewDraftState, mayEdit: boolean): Builder {
  const { open: named } = useSearch({ from: "/shell/inside/crews/$crewId" })
  const navigate = useNavigate({ from: "/crews/$crewId" })
  const findings = useFindings(draft, reply.findings)
  const agents = useAgentWords(draft, reply.agents)
  const onOpen = useCallback(
    (next: Open) =>
      void navigate({
        search: (was) => ({
          ...was,
          open: sayOpen(next),
          // What was pressed shows itself, unless a run is watched beside the drawing.
          ...(was.tab === "run" && next.is === "crew" ? {} : { tab: "details" }),
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  )
  const open = readOpen(named, draft)
  const place = sayOpen(open)
  return useMemo(
    () => ({
      crew: draft,
      set,
      faults,
      findings,
      agentOf: (id) => agents.get(id),
      mayEdit,
      open,
      onOpen,
    }),
    // What is open is compared by what the address says of it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [draft, set, faults, findings, agents, mayEdit, place, onOpen],
  )
}

type PartsProps = {
  crew: Crew
  draft: CrewDraftState
  mayEdit: boolean
  runPanel: ReactNode
}

function Parts({ crew, draft, mayEdit, runPanel }: PartsProps) {
  const { tab } = useSearch({ from: "/shell/inside/crews/$crewId" })
  const navigate = useNavigate({ from: "/crews/$crewId" })
  const wide = useWide()
  const more = useMoreTabs(crew, draft, mayEdit)
  const show = (next: string) =>
    void navigate({ search: (was) => ({ ...was, tab: next }), replace: true, resetScroll: false })
  const side: Tab[] = [
    { value: "details", label: "Details", panel: <Details /> },
    { value: "run", label: "Run", panel: runPanel },
  ]
  const canvas = (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <CrewCanvas />
    </div>
  )
  const tabs: Tab[] = wide
    ? [
        {
          value: "build",
          label: "Build",
          panel: <Build canvas={canvas} side={side} tab={tab} show={show} />,
        },
        ...more,
      ]
    : [
        { value: "members", label: "Members", count: draft.draft.agents.length, panel: canvas },
        { value: "tasks", label: "Tasks", count: draft.draft.tasks.length, panel: <TaskList /> },
        ...side,
        ...more,
      ]
  const value = tabs.some((one) => one.value === tab) ? tab! : tabs[0]!.value
  return (
    <Tabs
      label="Crew"
      tabs={tabs}
      value={value}
      onChange={show}
      className="flex-1 bg-surface"
      panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
    />
  )
}

type BuildProps = {
  canvas: ReactNode
  side: readonly Tab[]
  tab: string | undefined
  show: (tab: string) => void
}

const Build = ({ canvas, side, tab, show }: BuildProps) => (
  <div className="flex min-h-0 flex-1">
    <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_minmax(0,auto)] [&>section]:max-h-[40vh]">
      {canvas}
      <TaskList />
    </div>
    <Tabs
      label="Beside"
      tabs={side}
      value={tab === "run" ? "run" : "details"}
      onChange={show}
      className="w-[min(27rem,44%)] shrink-0 border-l border-line bg-surface"
      panelClassName="flex min-h-0 flex-col data-[state=inactive]:hidden"
    />
  </div>
)

function useMoreTabs(crew: Crew, draft: CrewDraftState, mayEdit: boolean): Tab[] {
  const { id } = crew
  const queries = useQueryClient()
  const { adopt, version } = draft
  const onBack = useCallback(
    (next: Crew) => {
      queries.setQueryData(queryKeys.crew(id), (was: object | undefined) => was && { ...was, crew: next })
      adopt(savedOf(next))
    },
    [queries, id, adopt],
  )
  const versions = useMemo(() => versionsOf(id, onBack), [id, onBack])
  const memories = useMemo(() => memoriesOf(id), [id])
  return [
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
        <MemoryView source={memories} name={crew.name} isOn={draft.draft.config.memory} mayEdit={mayEdit} />
      ),
    },
  ]
}
