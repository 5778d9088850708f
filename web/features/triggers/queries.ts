import {
  infiniteQueryOptions,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query"
import type { BodyIn, QueryIn, ReplyOf } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { triggersApi, type Trigger, type TriggerDraft } from "#core/contract/triggers"
import type { DeliveryId, FlowId, TriggerId } from "#core/ids"
import { call, callTagged } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

export type TriggerListQuery = Omit<NonNullable<QueryIn<typeof triggersApi.list>>, "page" | "limit">
type TriggerPages = InfiniteData<ReplyOf<typeof triggersApi.list>>

const pageSize = 100
const everyMs = 15_000
const deliveriesEveryMs = 5_000

export const triggerListQuery = (query: TriggerListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.triggerList(query),
    queryFn: ({ pageParam, signal }) =>
      call(triggersApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => everyMs * Math.max(1, state.data?.pages.length ?? 1),
  })

export const triggerQuery = (id: TriggerId) =>
  queryOptions({
    queryKey: queryKeys.trigger(id),
    queryFn: async ({ signal }) =>
      (await call(triggersApi.get, { params: { trigger_id: id }, signal })).trigger,
    refetchInterval: everyMs,
  })

export type DeliveryFilter = { outcome?: NonNullable<QueryIn<typeof triggersApi.deliveries>>["outcome"] }

export const deliveriesQuery = (id: TriggerId, filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: queryKeys.deliveries(id, filter),
    queryFn: ({ pageParam, signal }) =>
      call(triggersApi.deliveries, {
        params: { trigger_id: id },
        query: { ...filter, page: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => deliveriesEveryMs * Math.max(1, state.data?.pages.length ?? 1),
  })

/** One flow, for the questions that its inputs ask. */
export const flowOfTriggerQuery = (id: FlowId | null) =>
  queryOptions({
    queryKey: [...queryKeys.flow(id ?? ""), "trigger"],
    queryFn:
      id === null ? skipToken : ({ signal }) => call(flowsApi.get, { params: { flow_id: id }, signal }),
  })

/** What would be sent to leave a trigger as it is. */
export function draftOf(trigger: Trigger): TriggerDraft {
  const { flow_id, name, is_active } = trigger
  switch (trigger.kind) {
    case "webhook":
      return { kind: trigger.kind, config: trigger.config, flow_id, name, is_active }
    case "schedule":
      return { kind: trigger.kind, config: trigger.config, flow_id, name, is_active }
    case "form":
      return { kind: trigger.kind, config: trigger.config, flow_id, name, is_active }
    case "flow":
      return { kind: trigger.kind, config: trigger.config, flow_id, name, is_active }
    default:
      return trigger satisfies never
  }
}

export function useTriggerActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.triggers })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof triggersApi.create>) => call(triggersApi.create, { body }),
    onSettled: settle,
  })

  /** Puts a draft in the place of what the form was opened with; refused when somebody else has changed it meanwhile. */
  const update = useMutation({
    mutationFn: ({ trigger, body }: { trigger: Trigger; body: BodyIn<typeof triggersApi.update> }) =>
      call(triggersApi.update, {
        params: { trigger_id: trigger.id },
        body,
        headers: { "if-match": `"v${trigger.version}"` },
      }),
    onSettled: settle,
  })

  /** Turns it on or off as it stands on the server now. */
  const turn = useMutation({
    mutationFn: async ({ id, on }: { id: TriggerId; on: boolean }) => {
      const { reply, ifMatch } = await callTagged(triggersApi.get, { params: { trigger_id: id } })
      return call(triggersApi.update, {
        params: { trigger_id: id },
        body: { ...draftOf(reply.trigger), is_active: on },
        headers: ifMatch,
      })
    },
    onMutate: ({ id, on }) => {
      const change = (one: Trigger): Trigger => (one.id === id ? { ...one, is_active: on } : one)
      queries.setQueriesData<TriggerPages>(
        { queryKey: [...queryKeys.triggers, "list"] },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({ ...page, triggers: page.triggers.map(change) })),
          },
      )
      queries.setQueryData<Trigger>(queryKeys.trigger(id), (one) => one && change(one))
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const restore = useMutation({
    mutationFn: (id: TriggerId) => call(triggersApi.restore, { params: { trigger_id: id } }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const remove = useMutation({
    mutationFn: ({ id }: Trigger) => call(triggersApi.remove, { params: { trigger_id: id } }),
    onMutate: ({ id }) =>
      queries.setQueriesData<TriggerPages>(
        { queryKey: [...queryKeys.triggers, "list"] },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              total: page.total - 1,
              triggers: page.triggers.filter((one) => one.id !== id),
            })),
          },
      ),
    onSuccess: (_, { id, name }) => toast.done(`Deleted “${name}”`, { onClick: () => restore.mutate(id) }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, update, turn, remove }
}

/** What is done to one trigger from its own page. */
export function useTriggerPageActs(id: TriggerId) {
  const queries = useQueryClient()
  const settle = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.triggers }),
      queries.invalidateQueries({ queryKey: queryKeys.executions }),
    ])
  const params = { trigger_id: id }
  const fire = useMutation({
    mutationFn: (body: BodyIn<typeof triggersApi.test>) => call(triggersApi.test, { params, body }),
    onSettled: settle,
  })
  const rotate = useMutation({
    mutationFn: (what: "secret" | "address") => call(triggersApi.rotate, { params, body: { what } }),
    onSettled: settle,
  })
  const redeliver = useMutation({
    mutationFn: (delivery_id: DeliveryId) =>
      call(triggersApi.redeliver, { params: { ...params, delivery_id } }),
    onSettled: settle,
  })
  return { fire, rotate, redeliver }
}
