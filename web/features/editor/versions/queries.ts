import { queryOptions } from "@tanstack/react-query"
import { canvasApi, type NamedVersion } from "#core/contract/canvas"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** The flow as the server has it, with its draft and its versions. */
export const comparedFlowQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "compared"],
    queryFn: ({ signal }) => call(flowsApi.get, { params: { flow_id: id }, signal }),
    staleTime: 0,
  })

/** A frozen version never changes. */
export const frozenQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: [...queryKeys.flowVersions(id), "whole", version],
    queryFn: async ({ signal }) =>
      (await call(flowsApi.version, { params: { flow_id: id, version }, signal })).version,
    staleTime: Infinity,
  })

/** What an execution of the draft may cost, as the server has the draft. */
export const estimateQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id), "estimate"],
    queryFn: ({ signal }) => call(flowsApi.estimate, { params: { flow_id: id }, signal }),
    staleTime: 0,
  })

const namedKey = (id: string) => [...queryKeys.flowVersions(id), "named"]

/** States of the draft that were given a name, the newest first. */
export const namedVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: namedKey(id),
    queryFn: async ({ signal }) =>
      (await call(canvasApi.namedVersions, { params: { flow_id: id }, signal })).named_versions,
    staleTime: 0,
  })

/** What a draft was when it was given its name; that never changes. */
export const namedDraftQuery = (id: string, named_id: string) =>
  queryOptions({
    queryKey: [...namedKey(id), named_id],
    queryFn: ({ signal }) => call(canvasApi.namedVersion, { params: { flow_id: id, named_id }, signal }),
    staleTime: Infinity,
  })

export const nameDraft = (id: string, name: string): Promise<{ named_version: NamedVersion }> =>
  call(canvasApi.nameVersion, { params: { flow_id: id }, body: { name } })

/** Makes the draft what it was when it was given that name. */
export const restoreNamed = (id: string, named_id: string) =>
  call(canvasApi.restoreVersion, { params: { flow_id: id, named_id } })

export const forgetNamed = (id: string, named_id: string) =>
  call(canvasApi.forgetVersion, { params: { flow_id: id, named_id } })
