import * as z from "zod"
import { ShareLevel } from "#core/access/level"
import { CrewDraft, crewDraft } from "#core/crew/crew"
import { ExecutionStatus } from "#core/execution/status"
import { Finding } from "#core/flow/graph"
import { AgentId, CrewId, ExecutionId } from "#core/ids"
import { DefinitionDiff, DefinitionVersion, Memory, versionQuery } from "./agents.ts"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const Crew = z
  .object({
    id: CrewId,
    ...crewDraft,
    /** Rises with every change; the ETag. Each is kept. */
    version: z.int(),
    created_by: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Crew" })
export type Crew = z.infer<typeof Crew>

export const CrewSummary = Crew.pick({
  id: true,
  name: true,
  description: true,
  collaboration_pattern: true,
  version: true,
  created_by: true,
  created_at: true,
  updated_at: true,
})
  .extend({ member_count: z.int(), task_count: z.int() })
  .meta({ id: "CrewSummary" })
export type CrewSummary = z.infer<typeof CrewSummary>

/** Files of CrewAI: what could not be taken over stands in `dropped` with the reason, and in the kept original. */
export const CrewImportReport = z
  .object({
    mapped: z.array(z.object({ path: z.string(), to: z.string() })),
    changed: z.array(z.object({ path: z.string(), to: z.string(), why: z.string() })),
    dropped: z.array(z.object({ path: z.string(), why: z.string() })),
  })
  .meta({ id: "CrewImportReport" })
export type CrewImportReport = z.infer<typeof CrewImportReport>

const params = z.object({ crew_id: CrewId })
const tag = "Crews"
/** What keeps a crew from working: `node_id` is a position or task. A crew with errors can be saved, but not executed. */
const reply = z.object({ crew: Crew, findings: z.array(Finding) })
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }

export const crewsApi = {
  list: endpoint({
    method: "GET",
    path: "/crews",
    needs: "agent.read",
    tag,
    summary: "List crews",
    query: listQuery(["created_at", "updated_at", "name"]),
    reply: z.object({ crews: z.array(CrewSummary), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/crews",
    needs: "agent.edit",
    tag,
    summary: "Create a crew",
    status: 201,
    body: CrewDraft,
    reply,
  }),
  examples: endpoint({
    method: "GET",
    path: "/crew-examples",
    needs: "agent.read",
    tag,
    summary: "Example crews to begin with",
    reply: z.object({
      examples: z.array(
        z.object({ id: z.string(), name: z.string(), description: z.string(), sample_input: z.json() }),
      ),
    }),
  }),
  useExample: endpoint({
    method: "POST",
    path: "/crew-examples/:example_id",
    needs: "agent.edit",
    tag,
    summary: "Create an example crew with its agents",
    status: 201,
    params: z.object({ example_id: z.string().max(100) }),
    reply,
  }),
  import: endpoint({
    method: "POST",
    path: "/crews/import",
    needs: "agent.edit",
    tag,
    summary: "Create a crew and its agents from CrewAI's agents.yaml and tasks.yaml",
    status: 201,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      agents_yaml: z.string().min(1).max(500_000),
      tasks_yaml: z.string().min(1).max(500_000),
      collaboration_pattern: z.enum(["sequential", "hierarchical"]).default("sequential"),
    }),
    reply: reply.extend({ report: CrewImportReport }),
  }),
  get: endpoint({
    method: "GET",
    path: "/crews/:crew_id",
    needs: "agent.read",
    tag,
    summary: "One crew, with the names of its agents",
    params,
    reply: reply.extend({
      /** How far the caller comes with it, by their role and its shares. */
      reach: ShareLevel,
      agents: z.array(z.object({ id: AgentId, name: z.string(), role: z.string(), is_deleted: z.boolean() })),
    }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/crews/:crew_id",
    needs: "agent.edit",
    tag,
    summary: "Change a crew: the next version",
    params,
    body: CrewDraft,
    reply,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/crews/:crew_id",
    needs: "agent.edit",
    tag,
    summary: "Delete a crew",
    status: 204,
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/crews/:crew_id/restore",
    needs: "agent.edit",
    tag,
    summary: "Bring back a deleted crew",
    params,
    reply,
  }),
  versions: endpoint({
    method: "GET",
    path: "/crews/:crew_id/versions",
    needs: "agent.read",
    tag,
    summary: "Every version, newest first",
    params,
    reply: z.object({ versions: z.array(DefinitionVersion) }),
  }),
  version: endpoint({
    method: "GET",
    path: "/crews/:crew_id/versions/:version",
    needs: "agent.read",
    tag,
    summary: "A crew as it was",
    params: params.extend({ version: z.coerce.number().int().min(1) }),
    reply: z.object({ version: DefinitionVersion.extend({ crew: CrewDraft }) }),
  }),
  diff: endpoint({
    method: "GET",
    path: "/crews/:crew_id/diff",
    needs: "agent.read",
    tag,
    summary: "What differs between two versions",
    params,
    query: versionQuery,
    reply: DefinitionDiff,
  }),
  rollback: endpoint({
    method: "POST",
    path: "/crews/:crew_id/rollback",
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
    path: "/crews/:crew_id/test",
    needs: "execution.start",
    tag,
    summary: "Let a crew work on an input",
    status: 202,
    params,
    body: z.strictObject({ input: z.json() }),
    reply: z.object({ execution_id: ExecutionId, status: ExecutionStatus }),
  }),
  export: endpoint({
    method: "GET",
    path: "/crews/:crew_id/export",
    needs: "agent.read",
    support: "withheld",
    tag,
    summary: "The crew as CrewAI's agents.yaml and tasks.yaml",
    params,
    reply: z.object({
      agents_yaml: z.string(),
      tasks_yaml: z.string(),
      /** What CrewAI has no place for. */
      dropped: z.array(z.object({ path: z.string(), why: z.string() })),
    }),
  }),
  memories: endpoint({
    method: "GET",
    path: "/crews/:crew_id/memories",
    needs: "agent.read",
    tag,
    summary: "What a crew remembers; with `search`, what fits best",
    params,
    query: listQuery(["created_at"]),
    reply: z.object({ memories: z.array(Memory), total: z.int(), page_info: PageInfo }),
  }),
  forget: endpoint({
    method: "DELETE",
    path: "/crews/:crew_id/memories/:memory_id",
    needs: "agent.edit",
    tag,
    summary: "Let a crew forget one thing",
    status: 204,
    params: params.extend({ memory_id: z.string().min(1).max(100) }),
  }),
  forgetAll: endpoint({
    method: "DELETE",
    path: "/crews/:crew_id/memories",
    needs: "agent.edit",
    tag,
    summary: "Let a crew forget everything",
    status: 204,
    params,
  }),
} as const
