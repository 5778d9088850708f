import { useQuery } from "@tanstack/react-query"
import { toolQuery, toolSearchQuery, type OfferedTool } from "#web/api/choices.ts"

export type NodeTool = OfferedTool

/** The tool of an id as it is now; null when there is none, undefined while it is looked up. */
export function useTool(id: string | undefined): { tool: NodeTool | null | undefined; error: unknown } {
  const isBuiltin = id?.startsWith("builtin:") === true
  const own = useQuery({ ...toolQuery(id ?? ""), enabled: id !== undefined && !isBuiltin })
  const all = useQuery({ ...toolSearchQuery(""), enabled: isBuiltin })
  if (id === undefined) return { tool: undefined, error: null }
  if (isBuiltin)
    return { tool: all.data && (all.data.find((one) => one.id === id) ?? null), error: all.error }
  const { data, error } = own
  return { tool: data && { ...data, own: data }, error }
}
