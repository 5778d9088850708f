import { queryOptions } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { toolImportsApi } from "#core/contract/tool-imports"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

export type OpenApiBody = BodyIn<typeof toolImportsApi.openapi>
export type McpBody = BodyIn<typeof toolImportsApi.mcp>

/** What something would become as tools. `about` names the source in place of a document that may have megabytes. */
const reading = {
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
} as const

export const openApiQuery = (about: readonly unknown[], body: OpenApiBody | null) =>
  queryOptions({
    ...reading,
    queryKey: [...queryKeys.toolImports, "openapi", ...about],
    queryFn: ({ signal }) => call(toolImportsApi.openapi, { body: body!, signal }),
    enabled: body !== null,
  })

export const mcpQuery = (about: readonly unknown[], body: McpBody | null) =>
  queryOptions({
    ...reading,
    queryKey: [...queryKeys.toolImports, "mcp", ...about],
    queryFn: ({ signal }) => call(toolImportsApi.mcp, { body: body!, signal }),
    enabled: body !== null,
  })

export const makeOfApi = async (body: OpenApiBody) => (await call(toolImportsApi.openapi, { body })).tools
export const makeOfServer = async (body: McpBody) => (await call(toolImportsApi.mcp, { body })).tools
