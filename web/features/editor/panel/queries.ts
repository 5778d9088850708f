import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { canvasApi } from "#core/contract/canvas"
import { credentialsApi } from "#core/contract/credentials"
import { flowsApi, type Flow, type FlowDraft } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { draftOf, fetchFlow } from "../queries.ts"

const params = (id: string) => ({ flow_id: id })
/** The version that was read guards the write: the server answers 412 when someone else wrote in between. */
const onTopOf = (version: number) => ({ "if-match": `"v${version}"` })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.flowVersions(id),
    queryFn: ({ signal }) => call(flowsApi.versions, { params: params(id), signal }),
  })

export const diffQuery = (id: string, from: number, to: number | "draft") =>
  queryOptions({
    queryKey: [...queryKeys.flowVersions(id), "diff", from, to],
    queryFn: ({ signal }) => call(flowsApi.diff, { params: params(id), query: { from, to }, signal }),
    staleTime: to === "draft" ? 0 : Infinity,
  })

export const providersQuery = queryOptions({
  queryKey: [...queryKeys.providers, "all"],
  queryFn: ({ signal }) => call(providersApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 60_000,
})

export const credentialsQuery = queryOptions({
  queryKey: [...queryKeys.credentials, "all"],
  queryFn: ({ signal }) => call(credentialsApi.list, { query: { limit: 200, sort: "name" }, signal }),
  staleTime: 60_000,
})

/** Flows by their name, those changed last first. */
export const flowSearchQuery = (search: string) =>
  queryOptions({
    queryKey: queryKeys.flowList({ choices: search }),
    queryFn: async ({ signal }) => {
      const query = { limit: 50, sort: "-updated_at", ...(search === "" ? {} : { search }) }
      return (await call(flowsApi.list, { query, signal })).flows
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

/** What a chosen flow is called. */
export const flowNameQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "name"],
    queryFn: async ({ signal }) => (await call(flowsApi.get, { params: params(id), signal })).flow.name,
    staleTime: 60_000,
  })

/** The input schema of a flow that another calls: of a version, or of the published one; null when it names none. */
export const calleeQuery = (id: string, version: number | undefined) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "inputs", version ?? "published"],
    queryFn: async ({ signal }) => {
      const { flow } = await call(flowsApi.get, { params: params(id), signal })
      const wanted = version ?? flow.published_version
      if (wanted === null) return flow.input_schema ?? null
      const frozen = await call(flowsApi.version, { params: { ...params(id), version: wanted }, signal })
      return frozen.version.input_schema ?? null
    },
    staleTime: 10_000,
  })

/** Others may change the draft between the look at its version and the act: then it is looked at again. */
async function onNewest<T>(id: string, act: (flow: Flow) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const { flow } = await fetchFlow(id)
    try {
      return await act(flow)
    } catch (error) {
      const isStale = error instanceof Failure && error.code === "conflict.stale"
      if (!isStale || tries === 3) throw error
    }
  }
}

/** Publishes the draft as the server has it now; answers with what was published. */
export const publishNow = (id: string, note: string): Promise<{ version: number; draft: FlowDraft }> =>
  onNewest(id, async (flow) => {
    const { version } = await call(flowsApi.publish, {
      params: params(id),
      headers: onTopOf(flow.version),
      body: note === "" ? {} : { note },
    })
    return { version, draft: draftOf(flow) }
  })

/** Makes a published version the draft again; answers with the draft. */
export const restoreNow = (id: string, version: number): Promise<FlowDraft> =>
  onNewest(id, async ({ version: newest }) => {
    const headers = onTopOf(newest)
    return draftOf((await call(flowsApi.rollback, { params: params(id), headers, body: { version } })).flow)
  })

/** Who may be called in comments, and who has written some. */
export const peopleQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "people"],
    queryFn: async ({ signal }) => (await call(canvasApi.people, { params: params(id), signal })).people,
    staleTime: 60_000,
  })

/** Takes another person's comment away, as those may who moderate. */
export const unsayFor = (id: string, thread_id: string, comment_id: string) =>
  call(canvasApi.unsay, { params: { ...params(id), thread_id, comment_id } })

type AnswerParams = Parameters<typeof call<typeof approvalsApi.answer>>[1]["params"]

/** Answers a question of an execution that is watched here. */
export const answerApproval = (executionId: string, approvalId: string, button: string, form?: JsonObject) =>
  call(approvalsApi.answer, {
    params: { execution_id: executionId, approval_id: approvalId } as AnswerParams,
    body: { button, ...(form === undefined ? {} : { form }) },
  })
