import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { credentialsApi, type Credential } from "#core/contract/credentials"
import type { BodyIn } from "#core/contract/endpoint"
import type { CredentialId } from "#core/ids"
import { call, callTagged } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

export type CredentialListQuery = { search?: string; sort: string }
type Change = Partial<BodyIn<typeof credentialsApi.update>>

export const credentialsQuery = (query: CredentialListQuery) =>
  queryOptions({
    queryKey: [...queryKeys.credentials, query],
    queryFn: ({ signal }) => call(credentialsApi.list, { query: { ...query, limit: 200 }, signal }),
  })

/** One, with the flows that name it. */
export const credentialQuery = (id: CredentialId) =>
  queryOptions({
    queryKey: [...queryKeys.credentials, id],
    queryFn: ({ signal }) => call(credentialsApi.get, { params: { credential_id: id }, signal }),
  })

export function useCredentialActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.credentials })

  const create = useMutation({
    mutationFn: (body: BodyIn<typeof credentialsApi.create>) => call(credentialsApi.create, { body }),
    onSuccess: settle,
  })

  /** Changes a credential as it stands on the server now; an absent secret stays. */
  const update = useMutation({
    mutationFn: async ({ id, change }: { id: CredentialId; change: Change }) => {
      const params = { credential_id: id }
      const { reply, ifMatch } = await callTagged(credentialsApi.get, { params })
      const { name, kind, config, allowed_hosts = [], is_active } = reply.credential
      const body = { name, kind, config, allowed_hosts, is_active, ...change }
      return call(credentialsApi.update, { params, body, headers: ifMatch })
    },
    onSuccess: settle,
  })

  const restore = useMutation({
    mutationFn: (id: CredentialId) => call(credentialsApi.restore, { params: { credential_id: id } }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  const remove = useMutation({
    mutationFn: ({ id }: Credential) => call(credentialsApi.remove, { params: { credential_id: id } }),
    onSuccess: (_, { id, name }) => toast.done(`Deleted “${name}”`, { onClick: () => restore.mutate(id) }),
    onError: (error) => toast.failed(error),
    onSettled: settle,
  })

  return { create, update, remove }
}
