import { checkSchema } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { McpToolConfig } from "./config.ts"
import { mirrorsOf } from "./mcp.ts"
import { McpTool, type Risk, type ToolDraft } from "./tool.ts"
import { toolFaults } from "./validate.ts"

type McpDraft = Extract<ToolDraft, { kind: "mcp" }>

/** What would become of one tool of a server. */
export type McpImport = {
  tool_name: string
  title: string
  draft: McpDraft | undefined
  problems: string[]
  notes: string[]
  /** What the server says of it, whether or not one believes it. */
  hints: { read_only: boolean; destructive: boolean; idempotent: boolean }
}

export type McpServerConfig = Pick<McpToolConfig, "url" | "headers" | "credential_id">

export type McpReading = {
  server: McpServerConfig
  credentials: McpDraft["credentials"]
  prefix: string
  /** The server is the tenant's own, or one that is believed: what it says of its tools decides how much harm they can do. */
  isTrusted: boolean
}

const mostSchema = 64 * 1024

/** Each tool that a server lists, judged by itself: a schema that is none, or is made to mislead, is not imported. */
export function mcpImports(listed: readonly JsonObject[], reading: McpReading): McpImport[] {
  const names = new Set<string>()
  const seen = new Set<string>()
  return listed.map((one) => {
    const made = imported(one, reading, names)
    if (seen.has(made.tool_name)) made.problems.push("The server lists another tool of this name.")
    seen.add(made.tool_name)
    return made.problems.length > 0 ? { ...made, draft: undefined } : made
  })
}

function imported(listed: JsonObject, reading: McpReading, names: Set<string>): McpImport {
  const tool_name = textOf(listed["name"])
  const said = isJsonObject(listed["annotations"]) ? listed["annotations"] : {}
  // The defaults are the protocol's: what is not said to be harmless is not.
  const hints = {
    read_only: said["readOnlyHint"] === true,
    destructive: said["readOnlyHint"] !== true && said["destructiveHint"] !== false,
    idempotent: said["readOnlyHint"] === true || said["idempotentHint"] === true,
  }
  const problems: string[] = []
  const notes: string[] = []
  const input_schema = schemaOf(listed["inputSchema"], "inputSchema", problems)
  const mirrors = mirrorsOf(input_schema)
  if (!mirrors.ok) problems.push(mirrors.message)
  const faults: string[] = []
  const output =
    listed["outputSchema"] === undefined
      ? undefined
      : schemaOf(listed["outputSchema"], "outputSchema", faults)
  // Without it answers are taken as they come.
  for (const fault of faults) notes.push(`${fault} Answers are not checked against it.`)
  const title = textOf(listed["title"]) || textOf(said["title"])
  const read = McpTool.safeParse({
    kind: "mcp",
    name: nameOf(tool_name, reading.prefix, names),
    description: (textOf(listed["description"]) || title || tool_name).slice(0, 2_000),
    input_schema,
    ...(output && faults.length === 0 ? { output_schema: output } : {}),
    risk: riskOf(hints, reading.isTrusted),
    needs_approval: !reading.isTrusted || hints.destructive,
    ...(reading.credentials === undefined ? {} : { credentials: reading.credentials }),
    execution_config: {
      ...reading.server,
      tool_name,
      ...(reading.isTrusted ? { may_repeat: hints.idempotent } : {}),
    },
  })
  if (read.success) problems.push(...toolFaults(read.data).map((fault) => `${fault.path}: ${fault.message}`))
  else problems.push(...read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`))
  return {
    tool_name: tool_name.slice(0, 200),
    title: title.slice(0, 200),
    draft: read.data,
    problems: problems.slice(0, 10),
    notes,
    hints,
  }
}

function schemaOf(schema: Json | undefined, field: string, problems: string[]): JsonObject {
  if (!isJsonObject(schema)) {
    problems.push(`Its ${field} is no object.`)
    return { type: "object" }
  }
  if (JSON.stringify(schema).length > mostSchema) problems.push(`Its ${field} takes more than 64 KiB.`)
  const { $schema: _, ...rest } = schema
  const [fault] = checkSchema(rest)
  if (fault) problems.push(`Its ${field} is not valid: ${fault.path}: ${fault.message}`)
  return rest
}

const riskOf = ({ read_only, destructive }: McpImport["hints"], isTrusted: boolean): Risk =>
  isTrusted && read_only ? "read" : isTrusted && !destructive ? "write" : "danger"

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value.trim() : "")

function nameOf(said: string, prefix: string, names: Set<string>): string {
  const words = `${prefix}${said}`
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|(?<!_)_+$/g, "")
  const plain = (/^[a-z]/.test(words) ? words : `call_${words}`).slice(0, 63).replace(/(?<!_)_+$/, "")
  let name = plain
  for (let i = 2; names.has(name); i++) name = `${plain.slice(0, 58)}_${i}`
  names.add(name)
  return name
}
