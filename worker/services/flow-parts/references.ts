import { validateCrew } from "#core/crew/validate"
import { error, warning } from "#core/flow/finding"
import type { Finding, FlowGraph } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import type { FlowId } from "#core/ids"
import type { Json, JsonObject } from "#core/json"
import { builtinTool } from "#core/tool/builtin/all"
import { toolInputFaults } from "#core/tool/inputs"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as credentials from "#worker/db/credentials"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import * as providers from "#worker/db/llm-providers"
import * as tools from "#worker/db/tools"

/** Everything that is wrong with a flow, with what only the tenant's database knows: whether what it names is there. */
export async function findingsOf(ctx: Ctx, id: FlowId, graph: FlowGraph): Promise<Finding[]> {
  const found = validateFlow(graph)
  const asked = new Map<string, Promise<Finding | undefined>>()
  const schemas: Schemas = new Map()
  const once = (key: string, ask: () => Promise<Finding | undefined>) => {
    const answer = asked.get(key) ?? ask()
    asked.set(key, answer)
    return answer
  }
  for (const { id: node_id, type, data } of graph.nodes) {
    const name = (field: string): string => (typeof data[field] === "string" ? data[field] : "")
    const at = (finding: Finding | undefined, path: string) => {
      if (finding) found.push({ ...finding, node_id, path })
    }
    if (type === "subflow" && name("flow_id")) {
      const flow = name("flow_id")
      at(await once(flow, () => calledFlow(ctx, id, flow, data["version"])), "flow_id")
    }
    if (type === "agent" && name("agent_id"))
      at(await once(name("agent_id"), () => agent(ctx, name("agent_id"))), "agent_id")
    if (type === "crew" && name("crew_id"))
      at(await once(name("crew_id"), () => crew(ctx, name("crew_id"))), "crew_id")
    if (type === "tool" && name("tool_id")) {
      at(await once(name("tool_id"), () => tool(ctx, name("tool_id"))), "tool_id")
      for (const fault of await argumentFaults(ctx, schemas, name("tool_id"), data["inputs"]))
        at(error("tool.inputs_invalid", fault.message), ["inputs", fault.path].filter(Boolean).join("."))
    }
    if (type === "http" && name("credentials"))
      at(await once(name("credentials"), () => credential(ctx, name("credentials"))), "credentials")
    if ((type === "llm" || type === "classify") && name("llm_provider_id"))
      at(await once(name("llm_provider_id"), () => provider(ctx, name("llm_provider_id"))), "llm_provider_id")
  }
  const { error_flow_id } = graph.settings
  if (error_flow_id !== undefined && !(await flows.byId(ctx.db, error_flow_id))) {
    const message = "The flow for errors does not exist. Choose another in the flow's settings."
    found.push(error("reference.unknown_flow", message, { path: "settings.error_flow_id" }))
  }
  return found
}

async function calledFlow(
  ctx: Ctx,
  id: FlowId,
  called: string,
  version: unknown,
): Promise<Finding | undefined> {
  if (called === id) return error("subflow.recursive", "A flow cannot call itself. Use a loop.")
  const flow = await flows.byId(ctx.db, called)
  if (!flow) return error("reference.unknown_flow", "The flow that it calls does not exist. Choose another.")
  if (typeof version === "number") {
    if (await flows.versionOf(ctx.db, flow.id, version)) return undefined
    return error("reference.unknown_version", `${flow.name} has no version ${version}. Choose another.`)
  }
  if (flow.published_version !== null) return undefined
  return warning(
    "reference.not_published",
    `${flow.name} has no published version yet, so it cannot be called.`,
  )
}

async function agent(ctx: Ctx, id: string): Promise<Finding | undefined> {
  const known = await agents.byId(ctx.db, id)
  if (!known) return error("reference.unknown_agent", "This agent does not exist. Choose another.")
  if (known.status !== "archived") return undefined
  return error("reference.archived_agent", `The agent ${known.name} is archived. Choose another.`)
}

async function crew(ctx: Ctx, id: string): Promise<Finding | undefined> {
  const known = await crews.byId(ctx.db, id)
  if (!known) return error("reference.unknown_crew", "This crew does not exist. Choose another.")
  const [fault] = validateCrew(known.definition).filter((one) => one.severity === "error")
  if (!fault) return undefined
  return error("reference.crew_not_ready", `The crew ${known.name} cannot work yet: ${fault.message}`)
}

/** Builtin tools are everywhere, but only agents have something to remember by. */
async function tool(ctx: Ctx, id: string): Promise<Finding | undefined> {
  if (id === "builtin:remember" || id === "builtin:recall")
    return error("reference.agents_only", "Only agents remember. Give this tool to an agent.")
  if (builtinTool(id) || (await tools.byId(ctx.db, id))) return undefined
  return error("reference.unknown_tool", "This tool does not exist. Choose another.")
}

type Schemas = Map<string, Promise<JsonObject | undefined>>

/** What is wrong with the arguments for a tool as it is now; of a tool that is gone there is nothing to say. */
async function argumentFaults(ctx: Ctx, known: Schemas, id: string, inputs: Json | undefined) {
  const asked = known.get(id) ?? inputSchemaOf(ctx, id)
  known.set(id, asked)
  const schema = await asked
  return schema ? toolInputFaults(schema, inputs) : []
}

const inputSchemaOf = async (ctx: Ctx, id: string): Promise<JsonObject | undefined> =>
  (builtinTool(id)?.definition ?? (await tools.byId(ctx.db, id))?.definition)?.input_schema

async function credential(ctx: Ctx, id: string): Promise<Finding | undefined> {
  const known = await credentials.byId(ctx.db, id)
  if (!known) return error("reference.unknown_credential", "These credentials do not exist. Choose others.")
  if (known.is_active) return undefined
  return warning("reference.inactive_credential", `The credentials ${known.name} are switched off.`)
}

async function provider(ctx: Ctx, id: string): Promise<Finding | undefined> {
  const known = await providers.byId(ctx.db, id)
  return known
    ? undefined
    : error("reference.unknown_provider", "This model provider does not exist. Choose another.")
}
