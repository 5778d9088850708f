import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { invitationsApi, membersApi, type Invitation, type Member } from "#core/contract/members"
import type { Role } from "#core/access/roles"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

const pageSize = 100

export type ListQuery = { search?: string; sort: string }

export const membersQuery = (query: ListQuery & { role?: Role }) =>
  infiniteQueryOptions({
    queryKey: queryKeys.memberList(query),
    queryFn: ({ pageParam, signal }) =>
      call(membersApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

export const invitationsQuery = (query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.invitationList(query),
    queryFn: ({ pageParam, signal }) =>
      call(invitationsApi.list, { query: { ...query, page: pageParam, limit: pageSize }, signal }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
  })

/** What can be done with members. */
export function useMemberActs() {
  const queries = useQueryClient()
  const settle = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.members }),
      queries.invalidateQueries({ queryKey: queryKeys.invitations }),
    ])
  const change = useMutation({
    mutationFn: ({ id, ...body }: Pick<Member, "id"> & BodyIn<typeof membersApi.update>) =>
      call(membersApi.update, { params: { user_id: id }, body }),
    onSettled: settle,
  })
  const remove = useMutation({
    mutationFn: ({ id }: Member) => call(membersApi.remove, { params: { user_id: id } }),
    onSettled: settle,
  })
  const reset = useMutation({
    mutationFn: ({ id }: Member) => call(membersApi.reset, { params: { user_id: id } }),
  })
  return { change, remove, reset }
}

/** What can be done with invitations. */
export function useInvitationActs() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: queryKeys.invitations })
  const invite = useMutation({
    mutationFn: (body: BodyIn<typeof membersApi.invite>) => call(membersApi.invite, { body }),
    onSettled: settle,
  })
  const resend = useMutation({
    mutationFn: ({ id }: Invitation) => call(invitationsApi.resend, { params: { invitation_id: id } }),
    onSettled: settle,
  })
  const revoke = useMutation({
    mutationFn: ({ id }: Invitation) => call(invitationsApi.revoke, { params: { invitation_id: id } }),
    onSettled: settle,
  })
  return { invite, resend, revoke }
}
