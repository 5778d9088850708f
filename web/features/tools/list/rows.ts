import type { ReplyOf } from "#core/contract/endpoint"
import type { Tool, toolsApi } from "#core/contract/tools"
import type { Risk, ToolKind } from "#core/tool/tool"

/** A line of the list: a tool of the tenant, or one that every tenant has. */
export type ToolRow = { id: string; name: string; description: string; risk: Risk; own: Tool | null }

type Wanted = {
  q: string
  kind: ToolKind | undefined
  risk: Risk | undefined
  /** All of the tenant's own are there: the builtin ones come after the last of them. */
  isWhole: boolean
}

/** Own ones in the order of the server, then the builtin ones that fit. */
export function rowsOf(pages: readonly ReplyOf<typeof toolsApi.list>[], wanted: Wanted): ToolRow[] {
  const words = wanted.q.trim().toLowerCase()
  const builtin = wanted.isWhole && wanted.kind === undefined ? (pages[0]?.builtin ?? []) : []
  return [
    ...pages.flatMap((page) => page.tools.map((own) => ({ ...own, own }))),
    ...builtin
      .filter((one) => wanted.risk === undefined || one.risk === wanted.risk)
      .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(words))
      .map((one) => ({ ...one, own: null })),
  ]
}
