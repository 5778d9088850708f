import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { toolsApi, type Tool } from "#core/contract/tools"
import { onTopOf } from "#web/agent/use-draft.ts"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

/** A tool that is one HTTP request: what the dialog makes and changes. */
export type HttpToolRow = Extract<Tool, { kind: "http" }>

export const isHttp = (tool: Tool | null | undefined): tool is HttpToolRow => tool?.kind === "http"

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

  return { create, update }
}
