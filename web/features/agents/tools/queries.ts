import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { toolsApi, type Tool } from "#core/contract/tools"
import { onTopOf } from "#web/agent/use-draft.ts"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

/** A tool that is one HTTP request: what the dialog makes and changes. */
export type HttpToolRow = Extract<Tool, { kind: "http" }>

export const isHttp = (tool: Tool | null | undefined): tool is HttpToolRow => tool?.kind === "http"

/** What a tool calls, in a line. */
export function reachOf(tool: Tool): string {
  switch (tool.kind) {
    case "http":
      return `${tool.execution_config.method} ${tool.execution_config.url}`
    case "openapi": {
      const { method, server_url, path } = tool.execution_config
      return `${method} ${server_url.replace(/\/$/, "")}${path}`
    }
    case "mcp":
      return `${tool.execution_config.tool_name} at ${tool.execution_config.url}`
    case "isolate":
      return "JavaScript"
    case "container":
      return `${tool.execution_config.runtime} program`
    case "flow":
      return `Flow ${tool.execution_config.flow_id}`
    default:
      return tool satisfies never
  }
}

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
