import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { apiKeysApi, type ApiKey } from "#core/contract/api-keys"
import type { BodyIn } from "#core/contract/endpoint"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

export type KeyListQuery = { search?: string; sort: string }

export const apiKeysQuery = (query: KeyListQuery) =>
  queryOptions({
    queryKey: [...queryKeys.apiKeys, query],
    queryFn: ({ signal }) => call(apiKeysApi.list, { query: { ...query, limit: 200 }, signal }),
  })

export function useKeyActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.apiKeys })
  const create = useMutation({
    mutationFn: (body: BodyIn<typeof apiKeysApi.create>) => call(apiKeysApi.create, { body }),
    onSuccess: settle,
  })
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => call(apiKeysApi.remove, { params: { key_id: id } }),
    onSettled: settle,
  })
  return { create, revoke }
}
