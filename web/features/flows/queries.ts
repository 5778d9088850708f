import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query"
import * as z from "zod"
import { flowsApi, FlowDraft, type Flow, type FlowSummary } from "#core/contract/flows"
import type { ExchangeFormat } from "#core/exchange/format"
import type { FlowId } from "#core/ids"
import type { ReplyOf } from "#core/contract/endpoint"
import { call, callTagged } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { saveFile } from "#web/ui/save-file.ts"
import { toast } from "#web/ui/toast.tsx"

export type FlowListQuery = { search?: string; sort: string; published?: "true" | "false"; review?: "open" }
type FlowPage = ReplyOf<typeof flowsApi.list>
type FlowPages = InfiniteData<FlowPage, number>

const pageSize = 100

export const flowListQuery = (query: FlowListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.flowList(query),
    queryFn: ({ pageParam, signal }) =>
      call(flowsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

export const templatesQuery = queryOptions({
  queryKey: queryKeys.templates,
  queryFn: ({ signal }) => call(flowsApi.templates, { signal }),
  staleTime: Infinity,
})

export type FlowActs = ReturnType<typeof useFlowActs>

/** A flow without what the server adds to it. */
const draftOf = (flow: Flow): FlowDraft => z.object(FlowDraft.shape).parse(flow)

/** Creates, renames, copies, deletes and restores flows; the list shows it at once and is then put right by the server. */
export function useFlowActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.flows })

  const patchLists = (patch: (flows: FlowSummary[]) => FlowSummary[]) =>
    queries.setQueriesData<FlowPages>({ queryKey: queryKeys.flowList({}).slice(0, 2) }, (lists) => {
      // The palette keeps plain pages under the same key.
      if (!lists || !("pages" in lists)) return lists
      return { ...lists, pages: lists.pages.map((page) => ({ ...page, flows: patch(page.flows) })) }
    })

  const create = useMutation({
    mutationFn: (draft: FlowDraft) => call(flowsApi.create, { body: draft }),
    onSuccess: settle,
  })

  const rename = useMutation({
    mutationFn: async ({ id, name }: { id: FlowId; name: string }) => {
      const { reply, ifMatch } = await callTagged(flowsApi.get, { params: { flow_id: id } })
      return call(flowsApi.update, {
        params: { flow_id: id },
        body: { ...draftOf(reply.flow), name },
        headers: ifMatch,
      })
    },
    onMutate: ({ id, name }) =>
      patchLists((flows) => flows.map((flow) => (flow.id === id ? { ...flow, name } : flow))),
    onSettled: settle,
  })

  const duplicate = useMutation({
    mutationFn: async ({ id, name }: FlowSummary) => {
      const { flow } = await call(flowsApi.get, { params: { flow_id: id } })
      return call(flowsApi.create, { body: { ...draftOf(flow), name: `${name} copy`.slice(0, 200) } })
    },
    onSuccess: async ({ flow }) => {
      await settle()
      toast.done(`Created “${flow.name}”`)
    },
    onError: (error) => toast.failed(error),
  })

  const restore = useMutation({
    mutationFn: (flows: readonly FlowSummary[]) =>
      Promise.all(flows.map((flow) => call(flowsApi.restore, { params: { flow_id: flow.id } }))),
    onSettled: settle,
    onError: (error) => toast.failed(error),
  })

  const remove = useMutation({
    mutationFn: (flows: readonly FlowSummary[]) =>
      Promise.all(flows.map((flow) => call(flowsApi.remove, { params: { flow_id: flow.id } }))),
    onMutate: (gone) => patchLists((flows) => flows.filter((flow) => !gone.some(({ id }) => id === flow.id))),
    onSuccess: (_, flows) => {
      const what = flows.length === 1 ? `“${flows[0]!.name}”` : `${flows.length} flows`
      toast.done(`Deleted ${what}`, { onClick: () => restore.mutate(flows) })
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, rename, duplicate, remove }
}

const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase() || "flow"

/** Saves the flow as a file on the reader's disk. */
export async function downloadFlow({ id, name }: FlowSummary): Promise<void> {
  const file = await call(flowsApi.export, { params: { flow_id: id } })
  const text = JSON.stringify(file, null, 2)
  saveFile(new Blob([text], { type: "application/json" }), `${fileName(name)}.edgecrew.json`)
}

/** Saves what a flow was imported from, and says whether the flow has moved on since. */
export async function downloadOriginal({ id, name }: FlowSummary, format: ExchangeFormat): Promise<void> {
  const file = await call(flowsApi.export, { params: { flow_id: id }, query: { format } })
  if (!("edited" in file)) return
  const { content, language, edited } = file
  saveFile(
    new Blob([content], { type: `application/${language}` }),
    `${fileName(name)}.${format}.${language === "yaml" ? "yml" : "json"}`,
  )
  const count = new Set([...edited.nodes.added, ...edited.nodes.removed, ...edited.nodes.changed]).size
  if (count > 0)
    toast.done(
      `${count} ${count === 1 ? "step was" : "steps were"} edited since: the original does not have that`,
    )
}
