import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { toolsApi, type Tool } from "#core/contract/tools"
import { Failure } from "#core/errors"
import type { Risk, ToolDraft, ToolKind } from "#core/tool/tool"
import { onTopOf, type Saved } from "#web/agent/use-draft.ts"
import type { VersionSource } from "#web/agent/versions/versions-view.tsx"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

const pageSize = 100

export type ToolListQuery = { sort: string; search?: string; kind?: ToolKind; risk?: Risk }

export const toolListQuery = (query: ToolListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.toolList(query),
    queryFn: ({ pageParam, signal }) =>
      call(toolsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

const params = (tool_id: string) => ({ tool_id })
const keyOf = (id: string) => [...queryKeys.tools, "page", id] as const

export const toolQuery = (id: string) =>
  queryOptions({
    queryKey: keyOf(id),
    queryFn: async ({ signal }) => (await call(toolsApi.get, { params: params(id), signal })).tool,
  })

/** Asked for whenever it is shown: others give tools away and take them. */
export const toolUsersQuery = (id: string) =>
  queryOptions({
    queryKey: [...queryKeys.tools, "users", id],
    queryFn: async ({ signal }) => (await call(toolsApi.get, { params: params(id), signal })).used_by,
  })

export const scaffoldsQuery = queryOptions({
  queryKey: [...queryKeys.tools, "scaffolds"],
  queryFn: async ({ signal }) => (await call(toolsApi.scaffolds, { signal })).scaffolds,
  staleTime: Infinity,
})

/** A tool without what the server adds to it. */
export function draftOf(tool: Tool): ToolDraft {
  const { id: _id, version: _version, created_by: _by, created_at: _at, updated_at: _then, ...draft } = tool
  return draft
}

export const savedOf = (tool: Tool): Saved<ToolDraft> => ({ draft: draftOf(tool), version: tool.version })

/** A name that another tool has is said beside the name. */
async function namingTheFault<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "conflict.duplicate") throw error
    const message = "Another tool is called so. Choose another name."
    throw new Failure("request.invalid", { ...error.more, errors: [{ path: "name", message }] })
  }
}

export const createTool = (body: ToolDraft) =>
  namingTheFault(async () => (await call(toolsApi.create, { body })).tool)

export const writeTool = (id: string, body: ToolDraft, onto: number) =>
  namingTheFault(
    async () => (await call(toolsApi.update, { params: params(id), body, headers: onTopOf(onto) })).tool,
  )

export const readTool = async (id: string) => (await call(toolsApi.get, { params: params(id) })).tool

export const versionsOf = (id: string, onBack: (tool: Tool) => void): VersionSource => ({
  key: keyOf(id),
  list: (signal) => call(toolsApi.versions, { params: params(id), signal }),
  diff: (from, to, signal) => call(toolsApi.diff, { params: params(id), query: { from, to }, signal }),
  rollback: async (version, onto) => {
    const { tool } = await call(toolsApi.rollback, {
      params: params(id),
      body: { version },
      headers: onTopOf(onto),
    })
    onBack(tool)
    return tool.version
  },
})

export function useToolActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.tools })

  const restore = useMutation({
    mutationFn: (tools: readonly Tool[]) =>
      Promise.all(tools.map(({ id }) => call(toolsApi.restore, { params: params(id) }))),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  /** One after the other: where somebody has one of them, the others are deleted all the same. */
  const remove = useMutation({
    mutationFn: async (tools: readonly Tool[]) => {
      const gone: Tool[] = []
      const kept: { tool: Tool; error: unknown }[] = []
      for (const tool of tools) {
        try {
          await call(toolsApi.remove, { params: params(tool.id) })
          gone.push(tool)
        } catch (error) {
          kept.push({ tool, error })
        }
      }
      return { gone, kept }
    },
    onSuccess: ({ gone, kept }) => {
      const [one] = gone
      if (one)
        toast.done(gone.length === 1 ? `Deleted “${one.name}”` : `Deleted ${gone.length} tools`, {
          onClick: () => restore.mutate(gone),
        })
      for (const { tool, error } of kept) toast.failed(error, `“${tool.name}” was not deleted`)
    },
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const duplicate = useMutation({
    mutationFn: (tool: Tool) => {
      const body: BodyIn<typeof toolsApi.create> = { ...draftOf(tool), name: copyName(tool.name) }
      return call(toolsApi.create, { body })
    },
    onSuccess: ({ tool }) => toast.done(`Created “${tool.name}”`),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { remove, duplicate }
}

export type ToolActs = ReturnType<typeof useToolActs>

/** `find_order_copy`, then `find_order_copy_2`: names are 63 characters at most. */
export function copyName(name: string): string {
  const [, stem = name, count] = /^(.*)_copy(?:_(\d+))?$/.exec(name) ?? []
  const isCopy = stem !== name
  const end = isCopy ? `_copy_${Number(count ?? 1) + 1}` : "_copy"
  return `${stem.slice(0, 63 - end.length)}${end}`
}
