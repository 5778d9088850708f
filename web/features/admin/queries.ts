import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { adminApi } from "#core/contract/admin"
import type { BodyIn, QueryIn } from "#core/contract/endpoint"
import type { FeatureName } from "#core/features"
import type { TenantId, UserId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { session } from "#web/state/session.ts"
import { support } from "#web/state/support.ts"

type TenantQuery = Omit<NonNullable<QueryIn<typeof adminApi.tenants>>, "page" | "limit">
type UserQuery = Omit<NonNullable<QueryIn<typeof adminApi.users>>, "page" | "limit">

const everyMs = 30_000
const next = ({ page_info: info }: { page_info: { has_next: boolean; page: number } }) =>
  info.has_next ? info.page + 1 : undefined

export const tenantsQuery = (query: TenantQuery) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.admin, "tenants", query],
    queryFn: ({ pageParam, signal }) =>
      call(adminApi.tenants, { query: { ...query, page: pageParam, limit: 50 }, signal }),
    initialPageParam: 1,
    getNextPageParam: next,
  })

export const tenantQuery = (id: TenantId) =>
  queryOptions({
    queryKey: [...queryKeys.admin, "tenants", id],
    queryFn: ({ signal }) => call(adminApi.tenant, { params: { tenant_id: id }, signal }),
  })

export const tenantQuotasQuery = (id: TenantId) =>
  queryOptions({
    queryKey: [...queryKeys.admin, "tenants", id, "quotas"],
    queryFn: async ({ signal }) =>
      (await call(adminApi.tenantQuotas, { params: { tenant_id: id }, signal })).quotas,
  })

export const usersQuery = (query: UserQuery) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.admin, "users", query],
    queryFn: ({ pageParam, signal }) =>
      call(adminApi.users, { query: { ...query, page: pageParam, limit: 100 }, signal }),
    initialPageParam: 1,
    getNextPageParam: next,
  })

export const impersonationsQuery = infiniteQueryOptions({
  queryKey: [...queryKeys.admin, "impersonations"],
  queryFn: ({ pageParam, signal }) =>
    call(adminApi.impersonations, { query: { page: pageParam, limit: 100 }, signal }),
  initialPageParam: 1,
  getNextPageParam: next,
})

export const slotsQuery = queryOptions({
  queryKey: [...queryKeys.admin, "slots"],
  queryFn: ({ signal }) => call(adminApi.slots, { signal }),
})

export const installationQuery = queryOptions({
  queryKey: [...queryKeys.admin, "health"],
  queryFn: ({ signal }) => call(adminApi.health, { signal }),
  refetchInterval: everyMs,
})

export const switchesQuery = queryOptions({
  queryKey: [...queryKeys.admin, "switches"],
  queryFn: async ({ signal }) => (await call(adminApi.switches, { signal })).switches,
})

/** What a platform admin does; every list of the panel is asked anew afterwards. */
export function useAdminActs() {
  const queries = useQueryClient()
  const onSettled = () => queries.invalidateQueries({ queryKey: queryKeys.admin })
  const updateTenant = useMutation({
    mutationFn: ({ id, ...body }: BodyIn<typeof adminApi.updateTenant> & { id: TenantId }) =>
      call(adminApi.updateTenant, { params: { tenant_id: id }, body }),
    onSettled,
  })
  const setQuotas = useMutation({
    mutationFn: ({ id, ...body }: BodyIn<typeof adminApi.setTenantQuotas> & { id: TenantId }) =>
      call(adminApi.setTenantQuotas, { params: { tenant_id: id }, body }),
    onSettled,
  })
  const setPlatformAdmin = useMutation({
    mutationFn: ({ id, is_platform_admin }: { id: UserId; is_platform_admin: boolean }) =>
      call(adminApi.updateUser, { params: { user_id: id }, body: { is_platform_admin } }),
    onSettled,
  })
  const setSwitch = useMutation({
    mutationFn: ({ name, is_on }: { name: FeatureName; is_on: boolean }) =>
      call(adminApi.setSwitch, { params: { name }, body: { is_on } }),
    onSettled,
  })
  const impersonate = useMutation({
    mutationFn: (body: BodyIn<typeof adminApi.impersonate>) => call(adminApi.impersonate, { body }),
    onSuccess: ({ impersonation, access_token: token }) => {
      support.begin(impersonation.id)
      session.renew(token)
      queries.clear()
      location.assign("/flows")
    },
  })
  return { updateTenant, setQuotas, setPlatformAdmin, setSwitch, impersonate }
}
