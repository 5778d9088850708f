import {
  infiniteQueryOptions,
  queryOptions,
  skipToken,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query"
import { approvalsApi, type Approval } from "#core/contract/approvals"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import type { queryOf } from "./model.ts"

export type ApprovalPlace = Pick<Approval, "id" | "execution_id">

const pageSize = 100
/** Others answer too, and questions come in: a list is asked for again this often while somebody looks at it. */
const everyMs = 10_000

export const approvalListQuery = (query: ReturnType<typeof queryOf>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.approvalList(query),
    queryFn: ({ pageParam, signal }) =>
      call(approvalsApi.list, {
        query: { ...query, page: pageParam, limit: pageSize },
        signal,
      }),
    initialPageParam: 1,
    getNextPageParam: ({ page_info: info }) => (info.has_next ? info.page + 1 : undefined),
    refetchInterval: ({ state }) => everyMs * Math.max(1, state.data?.pages.length ?? 1),
  })

/** One question as it stands now; while it is open, somebody else may answer it. */
export const approvalQuery = (place: ApprovalPlace | null) =>
  queryOptions({
    queryKey: queryKeys.approval(place?.id ?? ""),
    queryFn: place
      ? async ({ signal }) =>
          (
            await call(approvalsApi.get, {
              params: { execution_id: place.execution_id, approval_id: place.id },
              signal,
            })
          ).approval
      : skipToken,
    refetchInterval: ({ state }) => (state.data?.status === "open" ? everyMs : false),
  })

type AnswerInput = { approval: Approval; button: string; form: JsonObject | undefined }

export function useAnswer() {
  const queries = useQueryClient()
  const settle = (id: string) =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [...queryKeys.approvals, "list"] }),
      queries.invalidateQueries({ queryKey: [...queryKeys.approvals, "count"] }),
      queries.invalidateQueries({ queryKey: queryKeys.approval(id) }),
      queries.invalidateQueries({ queryKey: queryKeys.executions }),
    ])
  return useMutation({
    mutationFn: ({ approval, button, form }: AnswerInput) =>
      call(approvalsApi.answer, {
        params: { execution_id: approval.execution_id, approval_id: approval.id },
        body: { button, ...(form ? { form } : {}) },
      }),
    onSuccess: ({ approval }) => {
      queries.setQueryData(queryKeys.approval(approval.id), approval)
      return settle(approval.id)
    },
    // Refused because somebody was quicker: what they said is what the page shows next.
    onError: (error, { approval }) => (isLate(error) ? settle(approval.id) : undefined),
  })
}

/** Whether an answer was refused because the question is closed. */
export const isLate = (error: unknown): boolean => error instanceof Failure && error.status === 409

export const useSignedLink = ({ id, execution_id }: ApprovalPlace) =>
  useMutation({
    mutationFn: (expires_in_seconds: number) =>
      call(approvalsApi.link, { params: { execution_id, approval_id: id }, body: { expires_in_seconds } }),
  })
