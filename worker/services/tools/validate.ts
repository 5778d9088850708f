import type { ReplyOf } from "#core/contract/endpoint"
import type { toolsApi } from "#core/contract/tools"
import { found } from "#core/errors"
import { credentialsSent } from "#core/execution/steps/credentials"
import type { ToolId } from "#core/ids"
import { differences } from "#core/json-diff"
import { mcpImports } from "#core/tool/mcp-import"
import { BadArgument, operationRequest } from "#core/tool/openapi/request"
import { sampleOf } from "#core/tool/sample"
import { partHeaders } from "#core/tool/secrets"
import { noSandbox } from "#core/tool/program"
import { credentialsOf, type ToolDraft } from "#core/tool/tool"
import { allow, type Ctx } from "#worker/context"
import * as credentials from "#worker/db/credentials"
import * as flows from "#worker/db/flows"
import { usableIn } from "#worker/db/shares"
import * as tools from "#worker/db/tools"
import { hostMatches } from "#worker/egress/check"
import type { Env } from "#worker/env"
import { waysOut } from "#worker/services/egress"
import { HttpFailure } from "#worker/services/http-step/failure"
import { tellUse } from "#worker/services/credentials/tell-use"
import { listTools } from "#worker/services/mcp/client"
import { McpFailure } from "#worker/services/mcp/failure"
import { mcpDeps } from "#worker/services/mcp/port"
import { canRun } from "./place.ts"
import { workFaults } from "./shape.ts"

type Reply = ReplyOf<typeof toolsApi.validate>
type Finding = Reply["findings"][number]

/** Whether a tool could be called now, and with what for example. Nothing is called but the list of an MCP server. */
export async function validateTool(env: Env, ctx: Ctx, id: ToolId, signal: AbortSignal): Promise<Reply> {
  allow(ctx.actor, "agent.read")
  const { definition } = found(await tools.byId(ctx.db, id), "tool.not_found")
  const faults = await workFaults(ctx, definition)
  const findings: Finding[] = [
    ...faults.map(({ path, message }): Finding => ({
      code: "tool.invalid",
      severity: "error",
      path,
      message,
    })),
    ...placeFindings(env, definition),
    ...(await credentialFindings(ctx, definition)),
    ...(await flowFindings(ctx, definition)),
    ...(await serverFindings(env, ctx, { id, draft: definition }, signal)),
  ]
  const sample = sampled(definition)
  return {
    valid: findings.every((one) => one.severity !== "error"),
    findings,
    ...(sample ? { sample } : {}),
  }
}

const reached = (draft: ToolDraft): string | undefined => {
  if (draft.kind === "openapi") return draft.execution_config.server_url
  if (draft.kind !== "http" && draft.kind !== "mcp") return undefined
  // An address that begins with an expression may lead anywhere; it is judged when it is called.
  return /^https?:\/\/[^/{]+(?:\/|$)/i.test(draft.execution_config.url)
    ? draft.execution_config.url
    : undefined
}

const placeFindings = (env: Env, { kind }: ToolDraft): Finding[] =>
  canRun(env, kind) ? [] : [{ code: "sandbox.unavailable", severity: "error", message: noSandbox }]

/** A credential that is turned off, or is not for the host that the tool calls. */
async function credentialFindings(ctx: Ctx, draft: ToolDraft): Promise<Finding[]> {
  const url = reached(draft)
  const host =
    url !== undefined && URL.canParse(url.split("{{", 1)[0]!) ? new URL(url.split("{{", 1)[0]!) : undefined
  const findings: Finding[] = []
  for (const id of credentialsOf(draft)) {
    const row = await credentials.byId(ctx.db, id)
    const finding = (message: string): Finding => ({ code: "tool.credential", severity: "error", message })
    if (row && !row.is_active) findings.push(finding(`The credential “${row.name}” is turned off.`))
    if (row && host && !hostMatches(host, row.allowed_hosts))
      findings.push(finding(`The credential “${row.name}” may not be sent to ${host.hostname}.`))
  }
  return findings
}

async function flowFindings(ctx: Ctx, draft: ToolDraft): Promise<Finding[]> {
  if (draft.kind !== "flow") return []
  const { flow_id, version } = draft.execution_config
  const row = await flows.byId(usableIn(ctx.db), flow_id)
  return row && version === undefined && row.published_version === null
    ? [{ code: "tool.flow", severity: "error", message: `The flow “${row.name}” is not published.` }]
    : []
}

const patienceMs = 20_000

/** Whether the tool is still there, and still takes and gives what it did. */
async function serverFindings(
  env: Env,
  ctx: Ctx,
  { id, draft }: { id: ToolId; draft: ToolDraft },
  signal: AbortSignal,
): Promise<Finding[]> {
  if (draft.kind !== "mcp") return []
  const { url, headers, credential_id, tool_name } = draft.execution_config
  const { open, sealed } = partHeaders(headers)
  const server = {
    url,
    headers: open,
    sealed: { headers: sealed, secrets: draft.credentials ?? {} },
    credential_id,
  }
  await tellUse(ctx, "agent.read", credentialsSent(server), { for: "tool.validate", tool_id: id })
  const limit = AbortSignal.timeout(patienceMs)
  try {
    const deps = mcpDeps(env, ctx.tenant, waysOut(env))
    const { tools: listed, isCut } = await listTools(deps, server, AbortSignal.any([signal, limit]))
    const reading = {
      server: { url, headers, credential_id },
      credentials: undefined,
      prefix: "",
      isTrusted: false,
    }
    const now = mcpImports(
      listed.filter((one) => one["name"] === tool_name),
      reading,
    )[0]
    if (!now)
      return isCut
        ? []
        : [
            {
              code: "mcp.unknown_tool",
              severity: "error",
              message: `The server has no tool ${tool_name} any more.`,
            },
          ]
    if (!now.draft)
      return [
        { code: "mcp.tool_invalid", severity: "error", message: now.problems[0] ?? "It cannot be used." },
      ]
    const [change] = differences(
      { input_schema: draft.input_schema, output_schema: draft.output_schema ?? null },
      { input_schema: now.draft.input_schema, output_schema: now.draft.output_schema ?? null },
    )
    return change
      ? [
          {
            code: "mcp.schema_changed",
            severity: "warning",
            path: change.path,
            message: "The server says otherwise by now: import it again.",
          },
        ]
      : []
  } catch (error) {
    const isOurs = error instanceof McpFailure || error instanceof HttpFailure
    if (!isOurs && !limit.aborted) throw error
    const message = isOurs ? error.message : "The server did not answer in time."
    return [{ code: isOurs ? error.code : "http.timeout", severity: "error", message }]
  }
}

function sampled(draft: ToolDraft): Reply["sample"] {
  const input = sampleOf(draft.input_schema)
  if (!input || draft.kind !== "openapi") return input && { input }
  try {
    const { method, url, body } = operationRequest(draft.execution_config, input)
    return { input, request: { method, url, ...(body === undefined ? {} : { body }) } }
  } catch (error) {
    if (error instanceof BadArgument) return { input }
    throw error
  }
}
