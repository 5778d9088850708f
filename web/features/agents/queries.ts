import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import * as z from "zod"
import { AgentDraft } from "#core/agent/agent"
import { agentsApi, type Agent, type AgentSummary } from "#core/contract/agents"
import type { BodyIn } from "#core/contract/endpoint"
import type { AgentId } from "#core/ids"
import type { MemorySource } from "#web/agent/memory-view.tsx"
import { onTopOf, type Saved } from "#web/agent/use-draft.ts"
import type { VersionSource } from "#web/agent/versions/versions-view.tsx"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

export type AgentListQuery = { search?: string; sort: string; status?: Agent["status"] }

const pageSize = 100

export const agentListQuery = (query: AgentListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.agentList(query),
    queryFn: ({ pageParam, signal }) =>
      call(agentsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

export const agentExamplesQuery = queryOptions({
  queryKey: [...queryKeys.agents, "examples"],
  queryFn: ({ signal }) => call(agentsApi.examples, { signal }),
  staleTime: Infinity,
})

const params = (agent_id: string) => ({ agent_id })

export const agentQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.agent(id),
    queryFn: ({ signal }) => call(agentsApi.get, { params: params(id), signal }),
  })

/** An agent without what the server adds to it. */
const draftOf = (agent: Agent): AgentDraft => z.object(AgentDraft.shape).parse(agent)

export const savedOf = (agent: Agent): Saved<AgentDraft> => ({
  draft: draftOf(agent),
  version: agent.version,
})

/** A new agent of a name; everything else as the contract has it. */
export const blankAgent = (name: string): AgentDraft => AgentDraft.parse({ name })

export function useAgentActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.agents })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof agentsApi.create>) => call(agentsApi.create, { body }),
    onSuccess: settle,
  })

  const restore = useMutation({
    mutationFn: (agents: readonly AgentSummary[]) =>
      Promise.all(agents.map(({ id }) => call(agentsApi.restore, { params: params(id) }))),
    onSettled: settle,
    onError: (error) => toast.failed(error),
  })

  const remove = useMutation({
    mutationFn: (agents: readonly AgentSummary[]) =>
      Promise.all(agents.map(({ id }) => call(agentsApi.remove, { params: params(id) }))),
    onSuccess: (_, agents) => {
      const what = agents.length === 1 ? `“${agents[0]!.name}”` : `${agents.length} agents`
      toast.done(`Deleted ${what}`, { onClick: () => restore.mutate(agents) })
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  /** Changes one thing of an agent as it stands on the server now. */
  const change = useMutation({
    mutationFn: async ({ id, patch }: { id: AgentId; patch: Partial<AgentDraft> }) => {
      const { agent } = await call(agentsApi.get, { params: params(id) })
      return call(agentsApi.update, {
        params: params(id),
        body: { ...draftOf(agent), ...patch },
        headers: onTopOf(agent.version),
      })
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const duplicate = useMutation({
    mutationFn: async ({ id, name }: AgentSummary) => {
      const { agent } = await call(agentsApi.get, { params: params(id) })
      return call(agentsApi.create, { body: { ...draftOf(agent), name: `${name} copy`.slice(0, 120) } })
    },
    onSuccess: async ({ agent }) => {
      await settle()
      toast.done(`Created “${agent.name}”`)
    },
    onError: (error) => toast.failed(error),
  })

  return { create, remove, change, duplicate }
}

export type AgentActs = ReturnType<typeof useAgentActs>

export const writeAgent = (id: string, draft: AgentDraft, onto: number) =>
  call(agentsApi.update, { params: params(id), body: draft, headers: onTopOf(onto) })

export const readAgent = (id: string) => call(agentsApi.get, { params: params(id) })

/** Gives the agent, as it is typed here, a task. */
export const tryAgent = (id: string, task: string, draft: AgentDraft | undefined) =>
  call(agentsApi.test, {
    params: params(id),
    body: { task, ...(draft ? { draft } : {}) },
    headers: { "idempotency-key": crypto.randomUUID() },
  })

export const versionsOf = (id: string, onBack: (agent: Agent) => void): VersionSource => ({
  key: queryKeys.agent(id),
  list: (signal) => call(agentsApi.versions, { params: params(id), signal }),
  diff: (from, to, signal) => call(agentsApi.diff, { params: params(id), query: { from, to }, signal }),
  rollback: async (version, onto) => {
    const { agent } = await call(agentsApi.rollback, {
      params: params(id),
      body: { version },
      headers: onTopOf(onto),
    })
    onBack(agent)
    return agent.version
  },
})

export const memoriesOf = (id: string): MemorySource => ({
  key: queryKeys.agent(id),
  list: (query, signal) => call(agentsApi.memories, { params: params(id), query, signal }),
  forget: (memory_id) => call(agentsApi.forget, { params: { ...params(id), memory_id } }),
  forgetAll: () => call(agentsApi.forgetAll, { params: params(id) }),
})
