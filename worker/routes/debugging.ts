import { debuggingApi } from "#core/contract/debugging"
import { answer, routes } from "#worker/http/answer"
import { Reply } from "#worker/http/reply"
import { readArtifact } from "#worker/services/executions/artifacts"
import { changeMany } from "#worker/services/executions/bulk"
import { compareExecutions } from "#worker/services/executions/compare"
import { exportExecution, exportList } from "#worker/services/executions/export"
import { forkExecution } from "#worker/services/executions/fork"
import { replayExecution } from "#worker/services/executions/replay"
import { resolveStep } from "#worker/services/executions/resolve"

const asFile = (name: string) => ({ "content-disposition": `attachment; filename="${name}"` })

/** A file by a name that a program chose: in plain letters, and as it is for whoever reads RFC 8187. */
function asNamedFile(name: string): Record<string, string> {
  const plain = name.replace(/[^\w.-]/g, "_") || "file"
  const encoded = encodeURIComponent(name || "file").replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return { "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` }
}

const types = { csv: "text/csv; charset=utf-8; header=present", ndjson: "application/x-ndjson" }

export const debuggingRoutes = routes(
  answer(debuggingApi.fork, ({ ctx, env, params, body }) =>
    forkExecution(env, ctx, params.execution_id, body),
  ),
  answer(debuggingApi.replay, ({ ctx, env, params, body }) =>
    replayExecution(env, ctx, params.execution_id, body),
  ),
  answer(debuggingApi.resolve, ({ ctx, env, params, body }) =>
    resolveStep(env, ctx, params.execution_id, body),
  ),
  answer(debuggingApi.diff, ({ ctx, env, params, query }) =>
    compareExecutions(env, ctx, params.execution_id, query.with),
  ),
  answer(debuggingApi.export, async ({ ctx, env, params }) => {
    const file = await exportExecution(env, ctx, params.execution_id)
    return new Reply(file, { headers: asFile(`${params.execution_id}.json`) })
  }),
  answer(debuggingApi.artifact, async ({ ctx, env, params }) => {
    const { name, size, body } = await readArtifact(env.BLOBS, ctx, params.execution_id, params)
    const headers = { "content-type": "application/octet-stream", "content-length": String(size) }
    return new Response(body, {
      headers: { ...headers, "cache-control": "private, no-store", ...asNamedFile(name) },
    })
  }),
  answer(debuggingApi.bulk, ({ ctx, env, body }) => changeMany(env, ctx, body)),
  answer(debuggingApi.exportList, ({ ctx, query }) => {
    const headers = { "content-type": types[query.format], "cache-control": "no-store" }
    const file = new Response(exportList(ctx, query), {
      headers: { ...headers, ...asFile(`executions.${query.format}`) },
    })
    return Promise.resolve(file)
  }),
)
