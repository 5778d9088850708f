import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { toolImportsApi } from "#core/contract/tool-imports"
import { Failure } from "#core/errors"
import { credentialsSent } from "#core/execution/steps/credentials"
import { mcpImports, type McpImport } from "#core/tool/mcp-import"
import { partHeaders } from "#core/tool/secrets"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import type { Env } from "#worker/env"
import { tellUse } from "#worker/services/credentials/tell-use"
import { listTools } from "#worker/services/mcp/client"
import { McpFailure } from "#worker/services/mcp/failure"
import { mcpDeps } from "#worker/services/mcp/port"
import { waysOut } from "#worker/services/egress"
import { HttpFailure } from "#worker/services/http-step/failure"
import { assertImportable, offered, settledDraft, takenNames } from "./imported.ts"
import { factsOf, newToolRow, toolOf, versionRow } from "./shape.ts"

type Body = BodyOf<typeof toolImportsApi.mcp>

const patienceMs = 30_000

/** What the tools of an MCP server would become; with `tools`, they are made, all or none. */
export async function importMcp(
  env: Env,
  ctx: Ctx,
  body: Body,
  signal: AbortSignal,
): Promise<ReplyOf<typeof toolImportsApi.mcp>> {
  allow(ctx.actor, "agent.edit")
  const { tools: listed, isCut } = await listedBy(env, ctx, body, signal)
  const { url, headers, credential_id, credentials, prefix } = body
  const imports = mcpImports(listed, {
    server: { url, headers, ...(credential_id === undefined ? {} : { credential_id }) },
    credentials,
    prefix: prefix === undefined ? "" : `${prefix}_`,
    isTrusted: body.is_trusted,
  })
  const taken = await takenNames(ctx)
  const reply = {
    offered: imports.map(({ draft, ...rest }) => ({
      ...rest,
      tool: draft ? offered(draft, taken) : null,
      input_schema: draft?.input_schema ?? null,
    })),
    is_cut: isCut,
    tools: [],
  }
  if (!body.tools) return reply
  const drafts = draftsOf(body, imports)
  await assertImportable(ctx, drafts, taken, "tools")
  const rows = drafts.map((draft) => newToolRow(ctx, draft))
  const [first, ...rest] = rows.flatMap((row) => [
    tools.insert(row),
    tools.insertVersion(versionRow(row, ctx)),
    audit(ctx, "tool.import", { target: row.id, after: factsOf(row) }),
  ])
  return commit(ctx, { ...reply, tools: rows.map(toolOf) }, first!, ...rest)
}

/** What goes wrong is said of the field `url`, in the words of the failure. */
async function listedBy(env: Env, ctx: Ctx, body: Body, signal: AbortSignal) {
  const { open, sealed } = partHeaders(body.headers)
  const server = {
    url: body.url,
    headers: open,
    sealed: { headers: sealed, secrets: body.credentials ?? {} },
    credential_id: body.credential_id,
  }
  await tellUse(ctx, "agent.edit", credentialsSent(server), { for: "tool.import" })
  const limit = AbortSignal.timeout(patienceMs)
  try {
    return await listTools(mcpDeps(env, ctx.tenant, waysOut(env)), server, AbortSignal.any([signal, limit]))
  } catch (error) {
    const isOurs = error instanceof McpFailure || error instanceof HttpFailure
    if (!isOurs && !limit.aborted) throw error
    const message = isOurs ? error.message : "The server did not answer in time."
    throw new Failure("tool.unreachable", { errors: [{ path: "url", message }] })
  }
}

function draftsOf({ tools: asked = [] }: Body, imports: readonly McpImport[]): ToolDraft[] {
  const known = new Map(imports.map((one) => [one.tool_name, one]))
  return asked.map(({ tool_name, ...settled }, i) => {
    const found = known.get(tool_name)
    const wrong = found ? (found.problems[0] ?? "It cannot be used.") : "The server has no such tool."
    if (!found?.draft)
      throw new Failure("request.invalid", { errors: [{ path: `tools.${i}.tool_name`, message: wrong }] })
    return settledDraft(found.draft, settled)
  })
}
