import { tracesApi } from "#core/contract/traces"
import { answer, routes } from "#worker/http/answer"
import { getSpan, listSpans, searchTraces } from "#worker/services/traces/read"

export const traceRoutes = routes(
  answer(tracesApi.search, ({ ctx, query }) => searchTraces(ctx, query)),
  answer(tracesApi.get, ({ ctx, params }) => getSpan(ctx, params.span_id)),
  answer(tracesApi.ofExecution, ({ ctx, env, params, query }) =>
    listSpans(env, ctx, params.execution_id, query),
  ),
)
