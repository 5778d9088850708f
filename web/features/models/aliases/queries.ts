import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { aliasesApi, type ModelAlias } from "#core/contract/model-aliases"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

/** A tenant has a few dozen aliases at most: one page holds them all. */
export const aliasesQuery = queryOptions({
  queryKey: [...queryKeys.modelAliases, "all"],
  queryFn: ({ signal }) => call(aliasesApi.list, { query: { limit: 200, sort: "name" }, signal }),
})

/** Looked at again while it is on the screen: breakers open and close within seconds. */
export const healthQuery = queryOptions({
  queryKey: queryKeys.modelHealth,
  queryFn: ({ signal }) => call(aliasesApi.health, { signal }),
  refetchInterval: 10_000,
})

export const pricesQuery = queryOptions({
  queryKey: queryKeys.modelPrices,
  queryFn: ({ signal }) => call(aliasesApi.prices, { signal }),
  staleTime: Infinity,
})

export function useAliasActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.modelAliases })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof aliasesApi.create>) => call(aliasesApi.create, { body }),
    onSuccess: settle,
  })

  /** Changes an alias on top of the version that was read. */
  const update = useMutation({
    mutationFn: ({ alias, body }: { alias: ModelAlias; body: BodyIn<typeof aliasesApi.update> }) =>
      call(aliasesApi.update, {
        params: { alias_id: alias.id },
        body,
        headers: { "if-match": `"v${alias.version}"` },
      }),
    onSettled: settle,
  })

  /** There is no way back on the server: what was deleted is made anew. */
  const remove = useMutation({
    mutationFn: async (alias: ModelAlias) => {
      await call(aliasesApi.remove, { params: { alias_id: alias.id } })
      return alias
    },
    onSuccess: ({ name, description, targets, settings }) =>
      toast.done(`Deleted “${name}”`, {
        onClick: () =>
          create.mutate(
            { name, description, targets, settings },
            { onError: (error) => toast.failed(error) },
          ),
      }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, update, remove }
}
