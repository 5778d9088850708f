import { queryOptions } from "@tanstack/react-query"
import { executionsApi } from "#core/contract/executions"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

const params = (id: string) => ({ flow_id: id })

type StartBody = Parameters<typeof call<typeof executionsApi.execute>>[1]["body"]

/** Each start has a key of its own, so that a request sent again after a broken line does not start a second execution. */
export const startExecution = (id: string, body: StartBody) =>
  call(executionsApi.execute, {
    params: params(id),
    body,
    headers: { "idempotency-key": crypto.randomUUID() },
  })

/** The flow's last execution; null when there is none. */
export const latestExecutionQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.executionList({ latest: id }),
    queryFn: async ({ signal }) => {
      const query = { flow_id: params(id).flow_id, limit: 1, sort: "-created_at" }
      const { executions } = await call(executionsApi.list, { query, signal })
      return executions[0]?.id ?? null
    },
    staleTime: 0,
  })

export const cancelExecution = (id: string) =>
  call(executionsApi.cancel, {
    params: {
      execution_id: id as Parameters<typeof call<typeof executionsApi.cancel>>[1]["params"]["execution_id"],
    },
  })
