import * as z from "zod"
import { ShareLevel } from "#core/access/level"
import { AgentDraft, agentDraft } from "#core/agent/agent"
import { AgentId, ExecutionId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"
import { ExecutionStatus } from "#core/execution/status"

export const Agent = z
  .object({
    id: AgentId,
    ...agentDraft,
    /** Rises with every change; the ETag. Each is kept. */
    version: z.int(),
    created_by: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Agent" })
export type Agent = z.infer<typeof Agent>

export const AgentSummary = Agent.pick({
  id: true,
  name: true,
  description: true,
  role: true,
  model: true,
  llm_provider_id: true,
  status: true,
  version: true,
  created_by: true,
  created_at: true,
  updated_at: true,
})
  .extend({ tool_count: z.int(), crew_count: z.int() })
  .meta({ id: "AgentSummary" })
export type AgentSummary = z.infer<typeof AgentSummary>

export const DefinitionVersion = z
  .object({ version: z.int(), created_by: z.string(), created_at: Time })
  .meta({ id: "DefinitionVersion" })
export type DefinitionVersion = z.infer<typeof DefinitionVersion>

/** Fields that differ, by dotted path. */
export const DefinitionDiff = z
  .object({
    changes: z.array(z.object({ path: z.string(), from: z.json().nullable(), to: z.json().nullable() })),
  })
  .meta({ id: "DefinitionDiff" })

/** What an agent or crew remembers. */
export const Memory = z
  .object({ id: z.string(), text: z.string(), created_at: Time, used_at: Time.nullable() })
  .meta({ id: "Memory" })
export type Memory = z.infer<typeof Memory>

const params = z.object({ agent_id: AgentId })
const tag = "Agents"
const reply = z.object({ agent: Agent })
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }
export const versionQuery = z.strictObject({
  from: z.coerce.number().int().min(1),
  to: z.coerce.number().int().min(1),
})

export const agentsApi = {
  list: endpoint({
    method: "GET",
    path: "/agents",
    needs: "agent.read",
    tag,
    summary: "List agents",
    query: listQuery(["created_at", "updated_at", "name"]).extend({
      status: z.enum(["draft", "active", "archived"]).optional(),
    }),
    reply: z.object({ agents: z.array(AgentSummary), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/agents",
    needs: "agent.edit",
    tag,
    summary: "Create an agent",
    status: 201,
    body: AgentDraft,
    reply,
  }),
  examples: endpoint({
    method: "GET",
    path: "/agent-examples",
    needs: "agent.read",
    tag,
    summary: "Example agents to begin with",
    reply: z.object({
      examples: z.array(z.object({ id: z.string(), agent: AgentDraft, sample_task: z.string() })),
    }),
  }),
  get: endpoint({
    method: "GET",
    path: "/agents/:agent_id",
    needs: "agent.read",
    tag,
    summary: "One agent",
    params,
    reply: reply.extend({
      crews: z.array(z.object({ id: z.string(), name: z.string() })),
      /** How far the caller comes with it, by their role and its shares. */
      reach: ShareLevel,
    }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/agents/:agent_id",
    needs: "agent.edit",
    tag,
    summary: "Change an agent: the next version",
    params,
    body: AgentDraft,
    reply,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/agents/:agent_id",
    needs: "agent.edit",
    tag,
    summary: "Delete an agent",
    status: 204,
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/agents/:agent_id/restore",
    needs: "agent.edit",
    tag,
    summary: "Bring back a deleted agent",
    params,
    reply,
  }),
  versions: endpoint({
    method: "GET",
    path: "/agents/:agent_id/versions",
    needs: "agent.read",
    tag,
    summary: "Every version, newest first",
    params,
    reply: z.object({ versions: z.array(DefinitionVersion) }),
  }),
  version: endpoint({
    method: "GET",
    path: "/agents/:agent_id/versions/:version",
    needs: "agent.read",
    tag,
    summary: "An agent as it was",
    params: params.extend({ version: z.coerce.number().int().min(1) }),
    reply: z.object({ version: DefinitionVersion.extend({ agent: AgentDraft }) }),
  }),
  diff: endpoint({
    method: "GET",
    path: "/agents/:agent_id/diff",
    needs: "agent.read",
    tag,
    summary: "What differs between two versions",
    params,
    query: versionQuery,
    reply: DefinitionDiff,
  }),
  rollback: endpoint({
    method: "POST",
    path: "/agents/:agent_id/rollback",
    needs: "agent.edit",
    tag,
    summary: "Make an earlier version the next one",
    params,
    body: z.strictObject({ version: z.int().min(1) }),
    reply,
    headers: ifMatch,
  }),
  test: endpoint({
    method: "POST",
    path: "/agents/:agent_id/test",
    needs: "execution.start",
    tag,
    summary: "Give an agent a task; with a draft, the agent as it would be",
    status: 202,
    params,
    body: z.strictObject({ task: z.string().trim().min(1).max(100_000), draft: AgentDraft.optional() }),
    reply: z.object({ execution_id: ExecutionId, status: ExecutionStatus }),
  }),
  memories: endpoint({
    method: "GET",
    path: "/agents/:agent_id/memories",
    needs: "agent.read",
    tag,
    summary: "What an agent remembers; with `search`, what fits best",
    params,
    query: listQuery(["created_at"]),
    reply: z.object({ memories: z.array(Memory), total: z.int(), page_info: PageInfo }),
  }),
  forget: endpoint({
    method: "DELETE",
    path: "/agents/:agent_id/memories/:memory_id",
    needs: "agent.edit",
    tag,
    summary: "Let an agent forget one thing",
    status: 204,
    params: params.extend({ memory_id: z.string().min(1).max(100) }),
  }),
  forgetAll: endpoint({
    method: "DELETE",
    path: "/agents/:agent_id/memories",
    needs: "agent.edit",
    tag,
    summary: "Let an agent forget everything",
    status: 204,
    params,
  }),
} as const
