import { useMutation, useQueryClient } from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { Failure } from "#core/errors"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

type AnswerInput = { approval_id: string; button: string; form: JsonObject | undefined }

/** Answers what an execution asks; the journal then says so to everybody who watches. */
export function useAnswer(id: ExecutionId) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ approval_id, button, form }: AnswerInput) =>
      call(approvalsApi.answer, {
        params: { execution_id: id, approval_id: approval_id },
        body: { button, ...(form ? { form } : {}) },
      }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.executions }),
        queries.invalidateQueries({ queryKey: queryKeys.approvals }),
      ]),
  })
}

/** Whether an answer was refused because somebody was quicker, or the question is no longer asked. */
export const isLate = (error: unknown): boolean => error instanceof Failure && error.status === 409
