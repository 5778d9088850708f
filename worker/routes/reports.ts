import { reportsApi } from "#core/contract/reports"
import { ReportKind } from "#core/evidence/report"
import { answer, routes } from "#worker/http/answer"
import { makeReport, readable } from "#worker/services/reports/make"

const routeOf = (kind: ReportKind) =>
  answer(reportsApi[kind], async ({ ctx, env, query }) => {
    const signed = await makeReport(env, ctx, kind)
    if (query.format === "json") return signed
    const headers = { "content-type": "text/markdown; charset=utf-8", "cache-control": "no-store" }
    return new Response(readable(signed), { headers })
  })

export const reportRoutes = routes(...ReportKind.options.map(routeOf))
