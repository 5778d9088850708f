import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { credentialsApi } from "#core/contract/credentials"
import { executionsApi } from "#core/contract/executions"
import { flowsApi, type Flow, type FlowDraft } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

const params = (id: string) => ({ flow_id: id })
/** The version that was read guards the write: the server answers 412 when someone else wrote in between. */
const onTopOf = (version: number) => ({ "if-match": `"v${version}"` })

export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "editor"],
    queryFn: ({ signal }) => call(flowsApi.get, { params: params(id), signal }),
    // Opening always asks anew, since saving on top of an old version is refused; once open, the editor keeps the draft itself.
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

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

/** The part of a flow that is edited and sent back. */
export function draftOf(flow: Flow): FlowDraft {
  const { name, description, nodes, edges, input_schema, output_schema, settings } = flow
  return {
    name,
    description,
    nodes,
    edges,
    ...(input_schema === undefined ? {} : { input_schema }),
    ...(output_schema === undefined ? {} : { output_schema }),
    settings,
  }
}

export const saveDraft = (id: string, draft: FlowDraft, version: number) =>
  call(flowsApi.update, { params: params(id), body: draft, headers: onTopOf(version) })

export const publishFlow = (id: string, version: number, note: string) =>
  call(flowsApi.publish, { params: params(id), headers: onTopOf(version), body: note === "" ? {} : { note } })

export const restoreVersion = (id: string, version: number, onto: number) =>
  call(flowsApi.rollback, { params: params(id), headers: onTopOf(onto), body: { version } })

/** What is wrong with the draft that the server has. */
export const findFaults = async (id: string) =>
  (await call(flowsApi.validate, { params: params(id) })).findings

export const fetchFlow = (id: string) => call(flowsApi.get, { params: params(id) })

type StartBody = Parameters<typeof call<typeof executionsApi.execute>>[1]["body"]

/** Each start has a key of its own, so that a request sent again after a broken line does not start a second execution. */
export const startExecution = (id: string, body: StartBody) =>
  call(executionsApi.execute, {
    params: params(id),
    body,
    headers: { "idempotency-key": crypto.randomUUID() },
  })

/** The flow's last execution; null when there is none. */
export const latestExecutionQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.executionList({ latest: id }),
    queryFn: async ({ signal }) => {
      const query = { flow_id: params(id).flow_id, limit: 1, sort: "-created_at" }
      const { executions } = await call(executionsApi.list, { query, signal })
      return executions[0]?.id ?? null
    },
    staleTime: 0,
  })

type AnswerParams = Parameters<typeof call<typeof approvalsApi.answer>>[1]["params"]

/** Answers a question of an execution that is watched here. */
export const answerApproval = (executionId: string, approvalId: string, button: string, form?: JsonObject) =>
  call(approvalsApi.answer, {
    params: { execution_id: executionId, approval_id: approvalId } as AnswerParams,
    body: { button, ...(form === undefined ? {} : { form }) },
  })

export const cancelExecution = (id: string) =>
  call(executionsApi.cancel, {
    params: {
      execution_id: id as Parameters<typeof call<typeof executionsApi.cancel>>[1]["params"]["execution_id"],
    },
  })
