import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useCallback } from "react"
import { debuggingApi } from "#core/contract/debugging"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import type { ExecutionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

/** An act on one execution; whatever comes of it, the lists are asked for again. */
function useAct<Input, Reply>(act: (input: Input) => Promise<Reply>, sorry: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onError: (error) => toast.failed(error, sorry),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.executions }),
  })
}

/** Leads to an execution that was just started. */
export function useGoTo(): (started: { execution_id: string }) => void {
  const navigate = useNavigate()
  return useCallback(
    ({ execution_id }) =>
      void navigate({ to: "/executions/$executionId", params: { executionId: execution_id } }),
    [navigate],
  )
}

export const useCancel = () =>
  useAct(
    (id: ExecutionId) => call(executionsApi.cancel, { params: { execution_id: id } }),
    "The execution was not cancelled",
  )

type RetryFrom = NonNullable<BodyIn<typeof executionsApi.retry>>["from"]

/** Does it anew, from what failed or from the beginning. */
export const useRetry = () =>
  useAct(
    ({ id, from = "failed_step" }: { id: ExecutionId; from?: RetryFrom }) =>
      call(executionsApi.retry, { params: { execution_id: id }, body: { from } }),
    "The execution was not retried",
  )

/** Goes its own way from a step on. The dialog that asks shows what went wrong. */
export function useFork(id: ExecutionId) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyIn<typeof debuggingApi.fork>) =>
      call(debuggingApi.fork, { params: { execution_id: id }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.executions }),
  })
}

export const useReplay = (id: ExecutionId) =>
  useAct(
    (version: "draft" | undefined) =>
      call(debuggingApi.replay, {
        params: { execution_id: id },
        body: version === undefined ? {} : { version },
      }),
    "The execution was not replayed",
  )

/** Says what becomes of a step that was in flight when the server stopped. */
export function useResolve(id: ExecutionId) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyIn<typeof debuggingApi.resolve>) =>
      call(debuggingApi.resolve, { params: { execution_id: id }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.executions }),
  })
}

type BulkAction = BodyIn<typeof debuggingApi.bulk>["action"]
/** As many as one call takes. */
const atOnce = 200

export type BulkOutcome = { done: number; refused: { message: string; count: number }[] }

/** Cancels or deletes any number of executions, and tells what was refused and why. */
export function useBulk() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ action, ids }: { action: BulkAction; ids: readonly ExecutionId[] }) => bulk(action, ids),
    onError: (error) => toast.failed(error),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.executions }),
  })
}

async function bulk(action: BulkAction, ids: readonly ExecutionId[]): Promise<BulkOutcome> {
  let done = 0
  const refused = new Map<string, number>()
  for (let i = 0; i < ids.length; i += atOnce) {
    // One after the other: each call is two hundred acts already.
    // oxlint-disable-next-line no-await-in-loop
    const reply = await call(debuggingApi.bulk, {
      body: { action, execution_ids: ids.slice(i, i + atOnce) },
    })
    done += reply.done.length
    for (const { message } of reply.refused) refused.set(message, (refused.get(message) ?? 0) + 1)
  }
  return { done, refused: [...refused].map(([message, count]) => ({ message, count })) }
}
