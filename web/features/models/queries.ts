import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn, ReplyOf } from "#core/contract/endpoint"
import { providersApi, type Provider } from "#core/contract/llm-providers"
import type { ProviderId } from "#core/ids"
import { call, callTagged } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

export type ProviderTest = ReplyOf<typeof providersApi.test>
type ProviderPage = ReplyOf<typeof providersApi.list>

/** A tenant has a handful of providers: one page holds them all. */
export const providersQuery = queryOptions({
  queryKey: queryKeys.providers,
  queryFn: ({ signal }) => call(providersApi.list, { query: { limit: 200, sort: "created_at" }, signal }),
})

export const providerTestKey = (id: string) => [...queryKeys.providers, "test", id]

export function useProviderActs() {
  const queries = useQueryClient()
  const settle = () => {
    // A provider may say what its models cost.
    void queries.invalidateQueries({ queryKey: queryKeys.modelPrices })
    return queries.invalidateQueries({ queryKey: queryKeys.providers, exact: true })
  }

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof providersApi.create>) => call(providersApi.create, { body }),
    onSuccess: settle,
  })

  /** Changes a provider as it stands on the server now; absent credentials stay. */
  const update = useMutation({
    mutationFn: async ({
      id,
      change,
    }: {
      id: ProviderId
      change: Partial<BodyIn<typeof providersApi.update>>
    }) => {
      const { reply, ifMatch } = await callTagged(providersApi.get, { params: { provider_id: id } })
      const { name, config, is_active } = reply.llm_provider
      return call(providersApi.update, {
        params: { provider_id: id },
        body: { name, config, is_active, ...change },
        headers: ifMatch,
      })
    },
    onSuccess: (_, { id }) => {
      queries.removeQueries({ queryKey: providerTestKey(id) })
      return settle()
    },
  })

  const restore = useMutation({
    mutationFn: (id: ProviderId) => call(providersApi.restore, { params: { provider_id: id } }),
    onSettled: settle,
    onError: (error) => toast.failed(error),
  })

  const remove = useMutation({
    mutationFn: ({ id }: Provider) => call(providersApi.remove, { params: { provider_id: id } }),
    onMutate: ({ id }) =>
      queries.setQueryData<ProviderPage>(
        queryKeys.providers,
        (page) => page && { ...page, llm_providers: page.llm_providers.filter((one) => one.id !== id) },
      ),
    onSuccess: (_, { id, name }) => toast.done(`Deleted “${name}”`, { onClick: () => restore.mutate(id) }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, update, remove }
}

/** Asks the vendor whether the provider answers; the last answer stays with the row. */
export function useProviderTest(id: ProviderId) {
  const queries = useQueryClient()
  return useMutation({
    mutationKey: providerTestKey(id),
    mutationFn: () => call(providersApi.test, { params: { provider_id: id } }),
    onSuccess: (result) => queries.setQueryData(providerTestKey(id), result),
    onError: (error) => toast.failed(error),
  })
}
