import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { agentsApi } from "#core/contract/agents"
import { apiKeysApi } from "#core/contract/api-keys"
import { credentialsApi } from "#core/contract/credentials"
import { crewsApi } from "#core/contract/crews"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { aliasesApi } from "#core/contract/model-aliases"
import { toolsApi, type Tool } from "#core/contract/tools"
import { triggersApi } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import type { Risk } from "#core/tool/tool"
import { call } from "./call.ts"
import { useCan, useMe } from "./me.ts"
import { queryKeys } from "./query-keys.ts"

/** The flows that a filter or a dialog offers: those changed last. */
export const flowChoicesQuery = queryOptions({
  queryKey: [...queryKeys.flows, "choices"],
  queryFn: ({ signal }) => call(flowsApi.list, { query: { limit: 50, sort: "-updated_at" }, signal }),
  staleTime: 60_000,
})

const narrowed = (search: string) => ({ limit: 50, sort: "name", ...(search === "" ? {} : { search }) })

/** Agents that a search finds, for those who put one into a crew or a flow: there may be a thousand. */
export const agentSearchQuery = (search: string) =>
  queryOptions({
    queryKey: [...queryKeys.agents, "search", search],
    queryFn: ({ signal }) => call(agentsApi.list, { query: narrowed(search), signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

/** An agent as it is now, for those who change something about it in one place. */
export const agentQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.agent(id), "definition"],
    queryFn: async ({ signal }) => (await call(agentsApi.get, { params: { agent_id: id }, signal })).agent,
    staleTime: 10_000,
  })

/** What a chosen agent is called, and who it is. */
export const agentNameQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.agent(id), "name"],
    queryFn: async ({ signal }) => {
      const { agent } = await call(agentsApi.get, { params: { agent_id: id }, signal })
      return { name: agent.name, role: agent.role }
    },
    staleTime: 10_000,
  })

export const crewSearchQuery = (search: string) =>
  queryOptions({
    queryKey: [...queryKeys.crews, "search", search],
    queryFn: ({ signal }) => call(crewsApi.list, { query: narrowed(search), signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

/** Who works in a crew, and what the crew changes about them. */
export const crewMembersQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.crew(id), "members"],
    queryFn: async ({ signal }) => {
      const { crew, agents } = await call(crewsApi.get, { params: { crew_id: id }, signal })
      return crew.agents.map((member) => ({
        ...member,
        name: agents.find((one) => one.id === member.agent_id)?.name ?? "",
        isGone: agents.find((one) => one.id === member.agent_id)?.is_deleted ?? true,
      }))
    },
    staleTime: 10_000,
  })

export const crewNameQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.crew(id), "name"],
    queryFn: async ({ signal }) => (await call(crewsApi.get, { params: { crew_id: id }, signal })).crew.name,
    staleTime: 10_000,
  })

/** A tool that can be called: one of the tenant, or one that every tenant has. */
export type OfferedTool = {
  id: string
  name: string
  description: string
  risk: Risk
  input_schema: JsonObject
  own: Tool | null
}

/** Builtin tools that only agents have something to do with. */
const agentsOnly: ReadonlySet<string> = new Set(["builtin:remember", "builtin:recall"])

/** Tools that a search finds, for those who call one in a flow: the tenant's own, then the builtin ones. */
export async function searchTools(search: string, signal: AbortSignal): Promise<OfferedTool[]> {
  const { tools, builtin } = await call(toolsApi.list, { query: narrowed(search), signal })
  const wanted = search.toLowerCase()
  const known = builtin.filter(
    ({ id, name, description }) =>
      !agentsOnly.has(id) && `${name} ${description}`.toLowerCase().includes(wanted),
  )
  return [...tools.map((own) => ({ ...own, own })), ...known.map((one) => ({ ...one, own: null }))]
}

export const toolSearchQuery = (search: string) =>
  queryOptions({
    queryKey: queryKeys.toolSearch(search),
    queryFn: ({ signal }) => searchTools(search, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

/** A tool by its id; null when it is gone. */
export const toolQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.tools, "one", id],
    queryFn: async ({ signal }) => {
      try {
        return (await call(toolsApi.get, { params: { tool_id: id }, signal })).tool
      } catch (error) {
        if (error instanceof Failure && error.status === 404) return null
        throw error
      }
    },
    staleTime: 10_000,
  })

export const providerChoicesQuery = queryOptions({
  queryKey: [...queryKeys.providers, "choices"],
  queryFn: ({ signal }) => call(providersApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 10_000,
})

export const aliasChoicesQuery = queryOptions({
  queryKey: [...queryKeys.modelAliases, "choices"],
  queryFn: ({ signal }) => call(aliasesApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 10_000,
})

export const credentialChoicesQuery = queryOptions({
  queryKey: [...queryKeys.credentials, "choices"],
  queryFn: ({ signal }) => call(credentialsApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 10_000,
})

const keyChoicesQuery = queryOptions({
  queryKey: [...queryKeys.apiKeys, "choices"],
  queryFn: ({ signal }) => call(apiKeysApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 60_000,
})

const sorts = [
  ["key_", "API key"],
  ["trig_", "Trigger"],
] as const

const triggerChoicesQuery = queryOptions({
  queryKey: [...queryKeys.triggers, "choices"],
  queryFn: ({ signal }) => call(triggersApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 60_000,
})

type Actors = { say: (actor: string) => string; choices: { value: string; label: string }[] }

/** Who did something, in words; and those whom a filter offers. */
export function useActors(): Actors {
  const me = useMe().user.id
  const keys = useQuery({ ...keyChoicesQuery, enabled: useCan("key.read") }).data?.api_keys
  const triggers = useQuery({ ...triggerChoicesQuery, enabled: useCan("trigger.read") }).data?.triggers
  return useMemo(() => {
    const names = new Map([
      [me, "You"],
      ["system", "System"],
      ...(keys ?? []).map((key): [string, string] => [key.id, `Key “${key.name}”`]),
      ...(triggers ?? []).map((one): [string, string] => [one.id, `Trigger “${one.name}”`]),
    ])
    return {
      say: (actor) =>
        names.get(actor) ??
        `${sorts.find(([prefix]) => actor.startsWith(prefix))?.[1] ?? "Member"} …${actor.slice(-4)}`,
      choices: [...names].map(([value, label]) => ({ value, label })),
    }
  }, [me, keys, triggers])
}
