import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import * as z from "zod"
import { crewsApi, type Crew, type CrewSummary } from "#core/contract/crews"
import type { BodyIn } from "#core/contract/endpoint"
import { CrewDraft } from "#core/crew/crew"
import type { Json } from "#core/json"
import type { MemorySource } from "#web/agent/memory-view.tsx"
import { onTopOf, type Saved } from "#web/agent/use-draft.ts"
import type { VersionSource } from "#web/agent/versions/versions-view.tsx"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { saveFile } from "#web/ui/save-file.ts"
import { toast } from "#web/ui/toast.tsx"

const pageSize = 100

export const crewListQuery = (query: { search?: string; sort: string }) =>
  infiniteQueryOptions({
    queryKey: queryKeys.crewList(query),
    queryFn: ({ pageParam, signal }) =>
      call(crewsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

export const crewExamplesQuery = queryOptions({
  queryKey: [...queryKeys.crews, "examples"],
  queryFn: ({ signal }) => call(crewsApi.examples, { signal }),
  staleTime: Infinity,
})

const params = (crew_id: string) => ({ crew_id })

export const crewQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.crew(id),
    queryFn: ({ signal }) => call(crewsApi.get, { params: params(id), signal }),
  })

/** A crew without what the server adds to it. */
const draftOf = (crew: Crew): CrewDraft => z.object(CrewDraft.shape).parse(crew)

export const savedOf = (crew: Crew): Saved<CrewDraft> => ({ draft: draftOf(crew), version: crew.version })

export const blankCrew = (name: string): CrewDraft =>
  CrewDraft.parse({ name, collaboration_pattern: "sequential" })

export function useCrewActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.crews })
  /** Examples and imports come with agents of their own. */
  const settleBoth = async () => {
    await queries.invalidateQueries({ queryKey: queryKeys.agents })
    await settle()
  }

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof crewsApi.create>) => call(crewsApi.create, { body }),
    onSuccess: settle,
  })

  const begin = useMutation({
    mutationFn: (example_id: string) => call(crewsApi.useExample, { params: { example_id } }),
    onSuccess: settleBoth,
  })

  const bringIn = useMutation({
    mutationFn: (body: BodyIn<typeof crewsApi.import>) => call(crewsApi.import, { body }),
    onSuccess: settleBoth,
  })

  const restore = useMutation({
    mutationFn: (crews: readonly CrewSummary[]) =>
      Promise.all(crews.map(({ id }) => call(crewsApi.restore, { params: params(id) }))),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const remove = useMutation({
    mutationFn: (crews: readonly CrewSummary[]) =>
      Promise.all(crews.map(({ id }) => call(crewsApi.remove, { params: params(id) }))),
    onSuccess: (_, crews) => {
      const what = crews.length === 1 ? `“${crews[0]!.name}”` : `${crews.length} crews`
      toast.done(`Deleted ${what}`, { onClick: () => restore.mutate(crews) })
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const duplicate = useMutation({
    mutationFn: async ({ id, name }: CrewSummary) => {
      const { crew } = await call(crewsApi.get, { params: params(id) })
      return call(crewsApi.create, { body: { ...draftOf(crew), name: `${name} copy`.slice(0, 120) } })
    },
    onSuccess: async ({ crew }) => {
      await settle()
      toast.done(`Created “${crew.name}”`)
    },
    onError: (error) => toast.failed(error),
  })

  return { create, begin, bringIn, remove, duplicate }
}

export type CrewActs = ReturnType<typeof useCrewActs>

export const writeCrew = (id: string, draft: CrewDraft, onto: number) =>
  call(crewsApi.update, { params: params(id), body: draft, headers: onTopOf(onto) })

export const readCrew = (id: string) => call(crewsApi.get, { params: params(id) })

/** Lets the crew, as it is saved, work on an input. */
export const runCrew = (id: string, input: Json) =>
  call(crewsApi.test, {
    params: params(id),
    body: { input },
    headers: { "idempotency-key": crypto.randomUUID() },
  })

export const versionsOf = (id: string, onBack: (crew: Crew) => void): VersionSource => ({
  key: queryKeys.crew(id),
  list: (signal) => call(crewsApi.versions, { params: params(id), signal }),
  diff: (from, to, signal) => call(crewsApi.diff, { params: params(id), query: { from, to }, signal }),
  rollback: async (version, onto) => {
    const { crew } = await call(crewsApi.rollback, {
      params: params(id),
      body: { version },
      headers: onTopOf(onto),
    })
    onBack(crew)
    return crew.version
  },
})

export const memoriesOf = (id: string): MemorySource => ({
  key: queryKeys.crew(id),
  list: (query, signal) => call(crewsApi.memories, { params: params(id), query, signal }),
  forget: (memory_id) => call(crewsApi.forget, { params: { ...params(id), memory_id } }),
  forgetAll: () => call(crewsApi.forgetAll, { params: params(id) }),
})

/** Saves CrewAI's two files on the reader's disk, and says what they have no place for. */
export async function downloadCrew(id: string): Promise<void> {
  const { agents_yaml, tasks_yaml, dropped } = await call(crewsApi.export, { params: params(id) })
  saveFile(new Blob([agents_yaml], { type: "application/yaml" }), "agents.yaml")
  saveFile(new Blob([tasks_yaml], { type: "application/yaml" }), "tasks.yaml")
  if (dropped.length > 0) {
    const what = dropped.length === 1 ? "One field has" : `${dropped.length} fields have`
    toast.done(`${what} no place in CrewAI: ${dropped.map(({ path }) => path).join(", ")}`)
  }
}
