import { FlowDraft, FlowFile, type flowsApi } from "#core/contract/flows"
import type { ImportBody } from "#core/contract/flow-exchange"
import type { ReplyOf } from "#core/contract/endpoint"
import type { CrewMember } from "#core/crew/crew"
import { Failure, type InputFault } from "#core/errors"
import type { ExchangeFormat } from "#core/exchange/format"
import { importDocument, type Imported } from "#core/exchange/import"
import { formatOf, readDocument, type Document } from "#core/exchange/read"
import { reportOf, type ImportReport } from "#core/exchange/report"
import { withoutSecrets } from "#core/exchange/secrets"
import type { FlowNode } from "#core/flow/graph"
import { drawnKind } from "#core/flow/kinds"
import { validateFlow } from "#core/flow/validate"
import { newId, type CrewId, type ToolId } from "#core/ids"
import { can } from "#core/access/roles"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import type { Statement } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import * as tools from "#worker/db/tools"
import type { Env } from "#worker/env"
import { creation as agentCreation, newAgentRow } from "#worker/services/agents/shape"
import { surroundings } from "#worker/services/crews/import"
import { factsOf, newCrewRow, versionRow } from "#worker/services/crews/shape"
import {
  assertWorkable,
  factsOf as toolFacts,
  newToolRow,
  versionRow as toolVersion,
} from "#worker/services/tools/shape"
import { creation } from "./create.ts"
import { assertSize, graphOf } from "./shape.ts"

/** A row holds two million bytes. */
const mostOriginal = 1_800_000

type Read = {
  draft: FlowDraft
  report: ImportReport
  origin?: Omit<flows.OriginRow, "flow_id" | "created_at">
  crew?: NonNullable<Imported["crew"]>
  crew_id?: CrewId
  tools?: NonNullable<Imported["tools"]>
}

/** What an import would make: the flow as it would be, what is wrong with it, and a word on every part of the file. */
export async function previewImport(ctx: Ctx, body: ImportBody): Promise<ReplyOf<typeof flowsApi.preview>> {
  allow(ctx.actor, "flow.edit")
  const { draft, report } = await read(ctx, body)
  return { draft, report, findings: validateFlow(graphOf(draft)) }
}

/** Creates a flow from a file, with the original beside it and the crew or the tools that it speaks of: all of it or nothing. */
export async function importFlow(
  env: Env,
  ctx: Ctx,
  body: ImportBody,
): Promise<ReplyOf<typeof flowsApi.import>> {
  allow(ctx.actor, "flow.edit")
  const { draft, report, origin, crew, crew_id, tools: made = [] } = await read(ctx, body)
  if (crew || made.length > 0) allow(ctx.actor, "agent.edit")
  for (const tool of made) await assertWorkable(ctx, tool.draft)
  return creation(
    env,
    ctx,
    draft,
    (made) => ({ ...made, report }),
    (flow_id) => [
      ...(origin ? [flows.insertOrigin({ ...origin, flow_id, created_at: isoTime(ctx.now) })] : []),
      ...(crew && crew_id ? crewStatements(ctx, crew, crew_id) : []),
      ...made.flatMap((tool) => toolStatements(ctx, tool)),
    ],
  )
}

async function read(ctx: Ctx, body: ImportBody): Promise<Read> {
  const document = documentOf(body.content)
  const asked = body.format === undefined || body.format === "auto" ? undefined : body.format
  const format = asked ?? formatOf(document.value)
  if (format === undefined) {
    throw unreadable(
      [{ path: "content", message: "It has the marks of none of them." }],
      "This is neither a flow of Edgecrew nor a file of n8n, Dify, Flowise, CrewAI or OpenAPI that is known here.",
    )
  }
  const made = format === "edgecrew.flow" ? own(document) : await foreign(ctx, document, format)
  return body.name === undefined ? made : { ...made, draft: { ...made.draft, name: body.name } }
}

const unreadable = (errors: InputFault[], detail: string): Failure =>
  new Failure("flow.unreadable", { detail, errors: errors.slice(0, 50) })

const names: Record<ExchangeFormat, string> = {
  "edgecrew.flow": "an exported Edgecrew flow (edgecrew.flow, version 1)",
  n8n: "a workflow of n8n",
  dify: "an app of Dify",
  flowise: "an agentflow of Flowise",
  crewai: "a crew of CrewAI",
  openapi: "a document of OpenAPI",
}

/** Read as strictly as a request's own body: a file is the same data by another way. */
function documentOf(content: ImportBody["content"]): Document {
  const document = readDocument(content)
  if (document.ok) return document.document
  throw unreadable(document.faults, document.faults[0]?.message ?? "The file cannot be read.")
}

/** A flow of ours. Nodes of kinds that are unknown here are kept as they are, and reported as opaque. */
function own(document: Document): Read {
  const file = FlowFile.safeParse(document.value)
  if (!file.success) {
    const errors = file.error.issues.map((issue) => ({
      path: ["content", ...issue.path].join("."),
      message: issue.message,
    }))
    throw unreadable(errors, `This is not ${names["edgecrew.flow"]}.`)
  }
  const { flow: draft, origin } = file.data
  const kept = origin && keptOrigin(origin)
  return {
    draft,
    report: reportOf({
      format: "edgecrew.flow",
      format_version: "1",
      nodes: draft.nodes.map(toldOf),
      notes:
        origin && !kept
          ? ["The original that it was once imported from cannot be read, and was left out."]
          : [],
      missing_credentials: [],
      secrets_removed: 0,
    }),
    ...(kept ? { origin: kept } : {}),
  }
}

const toldOf = ({ id, type, label }: FlowNode): ImportReport["nodes"][number] => {
  const isKnown = drawnKind(type) !== undefined && type !== "foreign"
  const why =
    type === "foreign"
      ? "It came from another product, and cannot run here."
      : `This installation has no node kind ${type}.`
  return {
    id,
    name: label ?? id,
    kind: type,
    becomes: type,
    fidelity: isKnown ? "exact" : "opaque",
    notes: isKnown ? [] : [why],
  }
}

/** An original that comes inside a file of ours is trusted no more than any other. */
function keptOrigin({ format, content }: NonNullable<FlowFile["origin"]>): Read["origin"] | undefined {
  const read = readDocument(content)
  if (!read.ok || Buffer.byteLength(content) > mostOriginal) return undefined
  const document = withoutSecrets(read.document)?.document
  return document && { format, language: document.language, content: document.text }
}

async function foreign(
  ctx: Ctx,
  document: Document,
  format: Exclude<ExchangeFormat, "edgecrew.flow">,
): Promise<Read> {
  const crew_id = newId<CrewId>("crew", ctx.now, ctx.chance)
  const here =
    format === "crewai" || format === "dify"
      ? await surroundings(ctx)
      : { tool: () => undefined, model: () => undefined }
  const made = importDocument(document, format, {
    here,
    crew_id,
    // Whoever may make no tools gets placeholders in their place.
    ...(can(ctx.actor, "agent.edit") ? { tool_id: () => newId<ToolId>("tool", ctx.now, ctx.chance) } : {}),
  })
  if (!made.ok) throw unreadable(made.faults, `This is not ${names[format]} that can be imported.`)
  const {
    name,
    description,
    nodes,
    edges,
    input_schema,
    report,
    original,
    crew,
    tools: wanted,
  } = made.imported
  if (Buffer.byteLength(original) > mostOriginal)
    throw new Failure("flow.too_large", {
      detail: `The original is kept beside the flow, and may hold ${mostOriginal} bytes at most.`,
    })
  const draft = FlowDraft.safeParse({
    name: name.trim() || "Imported flow",
    description,
    nodes,
    edges,
    ...(input_schema ? { input_schema } : {}),
  })
  if (!draft.success) {
    const errors = draft.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }))
    throw unreadable(errors, "What the file says cannot be drawn.")
  }
  assertSize(draft.data)
  return {
    draft: draft.data,
    report,
    origin: { format, language: document.language, content: original },
    ...(crew ? { crew, crew_id } : {}),
    ...(wanted ? { tools: wanted } : {}),
  }
}

/** The crew and its agents, as their own import makes them. */
function crewStatements(ctx: Ctx, crew: NonNullable<Read["crew"]>, id: CrewId): Statement[] {
  const rows = crew.agents.map(({ position, agent }) => ({ position, row: newAgentRow(ctx, agent) }))
  const ids = new Map(rows.map(({ position, row }): [string, CrewMember["agent_id"]] => [position, row.id]))
  const row = { ...newCrewRow(ctx, crew.crew(ids)), id }
  return [
    ...rows.flatMap((one) => agentCreation(ctx, one.row)),
    crews.insert(row),
    crews.insertVersion(versionRow(row, ctx)),
    audit(ctx, "crew.import", { target: row.id, after: factsOf(row) }),
  ]
}

/** A tool that a step of the flow calls. */
function toolStatements(ctx: Ctx, { id, draft }: NonNullable<Read["tools"]>[number]): Statement[] {
  const row = { ...newToolRow(ctx, draft), id }
  return [
    tools.insert(row),
    tools.insertVersion(toolVersion(row, ctx)),
    audit(ctx, "tool.create", { target: row.id, after: toolFacts(row) }),
  ]
}
