import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { mostDocument, type toolImportsApi } from "#core/contract/tool-imports"
import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import { readOpenApi, type OpenApiDocument } from "#core/tool/openapi/document"
import { withCredentials } from "#core/tool/openapi/grant"
import { operationsOf, serversOf, type Operation } from "#core/tool/openapi/operations"
import { schemesOf, type WantedCredential } from "#core/tool/openapi/security"
import type { ToolDraft } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tools from "#worker/db/tools"
import type { Env } from "#worker/env"
import { fetchedText } from "./fetched.ts"
import { assertImportable, offered, settledDraft, takenNames } from "./imported.ts"
import { factsOf, newToolRow, toolOf, versionRow } from "./shape.ts"

type Body = BodyOf<typeof toolImportsApi.openapi>

/** What an OpenAPI document would become; with `operations`, the tools are made of them, all or none. */
export async function importOpenApi(
  env: Env,
  ctx: Ctx,
  body: Body,
): Promise<ReplyOf<typeof toolImportsApi.openapi>> {
  allow(ctx.actor, "agent.edit")
  const document = await documentOf(env, body)
  const operations = operationsOf(document, {
    source_url: body.url,
    server_url: body.server_url,
    prefix: body.prefix === undefined ? undefined : `${body.prefix}_`,
  })
  const schemes = schemesOf(document)
  const taken = await takenNames(ctx)
  const reply = { ...described(document, operations, schemes, taken), tools: [] }
  if (!body.operations) return reply
  const drafts = draftsOf(body, operations, schemes)
  await assertImportable(ctx, drafts, taken, "operations")
  const rows = drafts.map((draft) => newToolRow(ctx, draft))
  const [first, ...rest] = rows.flatMap((row) => [
    tools.insert(row),
    tools.insertVersion(versionRow(row, ctx)),
    audit(ctx, "tool.import", { target: row.id, after: factsOf(row) }),
  ])
  return commit(ctx, { ...reply, tools: rows.map(toolOf) }, first!, ...rest)
}

async function documentOf(env: Env, { document, url }: Body): Promise<OpenApiDocument> {
  const given = url === undefined ? document! : await fetchedText(env, url, mostDocument)
  const read = readOpenApi(given)
  if (!read.ok) throw new Failure("tool.unreadable", { errors: read.faults.slice(0, 50) })
  return read.document
}

function described(
  { root }: OpenApiDocument,
  operations: readonly Operation[],
  schemes: readonly WantedCredential[],
  taken: ReadonlySet<string>,
) {
  const info = (root["info"] ?? {}) as JsonObject
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 500) : "")
  return {
    title: text(info["title"]),
    version: text(info["version"]),
    openapi: text(root["openapi"]),
    servers: serversOf({ root, version: "3.1" }),
    credentials: schemes.map(({ scheme, kind, name, description }) => ({
      scheme,
      ...(kind === undefined ? {} : { kind }),
      ...(name === undefined ? {} : { name }),
      description,
    })),
    operations: operations.map(({ draft, ...rest }) => ({
      ...rest,
      tool: draft ? offered(draft, taken) : null,
    })),
  }
}

/** The tools that are asked for, with what was settled and the credentials that were given. */
function draftsOf(
  { operations: asked = [], credentials }: Body,
  operations: readonly Operation[],
  schemes: readonly WantedCredential[],
): ToolDraft[] {
  const known = new Map(operations.map((one) => [one.key, one]))
  return asked.map(({ key, ...settled }, i) => {
    const found = known.get(key)
    const wrong = found
      ? (found.problems[0]?.message ?? "It cannot be a tool.")
      : "The document has no such operation."
    if (!found?.draft)
      throw new Failure("request.invalid", { errors: [{ path: `operations.${i}.key`, message: wrong }] })
    return settledDraft(withCredentials(found.draft, found.security, schemes, credentials), settled)
  })
}
