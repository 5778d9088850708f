import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { toolsApi, type Tool } from "#core/contract/tools"
import { onTopOf } from "#web/agent/use-draft.ts"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

const pageSize = 100

export const toolListQuery = (query: { sort: string; search?: string }) =>
  infiniteQueryOptions({
    queryKey: queryKeys.toolList(query),
    queryFn: ({ pageParam, signal }) =>
      call(toolsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

export function useToolActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.tools })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof toolsApi.create>) => call(toolsApi.create, { body }),
    onSuccess: settle,
  })

  /** Changes a tool on top of the version that was read. */
  const update = useMutation({
    mutationFn: ({ tool, body }: { tool: Tool; body: BodyIn<typeof toolsApi.update> }) =>
      call(toolsApi.update, { params: { tool_id: tool.id }, body, headers: onTopOf(tool.version) }),
    onSettled: settle,
  })

  const restore = useMutation({
    mutationFn: ({ id }: Tool) => call(toolsApi.restore, { params: { tool_id: id } }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const remove = useMutation({
    mutationFn: ({ id }: Tool) => call(toolsApi.remove, { params: { tool_id: id } }),
    onSuccess: (_, tool) => toast.done(`Deleted “${tool.name}”`, { onClick: () => restore.mutate(tool) }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, update, remove }
}
