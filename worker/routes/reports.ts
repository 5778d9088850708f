import { reportsApi } from "#core/contract/reports"
import { answer, routes } from "#worker/http/answer"
import { makeReport, readable } from "#worker/services/reports/make"

export const reportRoutes = routes(
  answer(reportsApi.get, async ({ ctx, env, params, query }) => {
    const signed = await makeReport(env, ctx, params.report)
    if (query.format === "json") return signed
    const headers = { "content-type": "text/markdown; charset=utf-8", "cache-control": "no-store" }
    return new Response(readable(signed), { headers })
  }),
)
