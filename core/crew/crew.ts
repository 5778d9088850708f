import * as z from "zod"
import { AgentOverrides, Guardrail, type AgentDefinition } from "#core/agent/agent"
import { JsonSchema } from "#core/flow/graph"
import { AgentId, type CrewId } from "#core/ids"

/** How a crew works: one after another; by a manager who plans and delegates; all at once; in rounds that a judge ends. */
export const CollaborationPattern = z.enum(["sequential", "hierarchical", "parallel", "debate"])
export type CollaborationPattern = z.infer<typeof CollaborationPattern>

/** A member's or a task's name inside its crew: it becomes part of node ids and of tool names. */
export const PositionId = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, {
  error: "Use a small letter, then small letters, digits and _ (40 at most)",
})

export const CrewMember = z.strictObject({
  agent_id: AgentId,
  position: PositionId,
  overrides: AgentOverrides.optional(),
})
export type CrewMember = z.infer<typeof CrewMember>

export const CrewTask = z.strictObject({
  id: PositionId,
  /** May hold `{{ expressions }}` over `input`, what the crew is given, and `tasks`, what earlier tasks came to. */
  description: z.string().trim().min(1, { error: "Say what is to be done" }).max(20_000),
  expected_output: z.string().max(4_000).default(""),
  /** Who does it; absent in a hierarchical crew: whom the manager chooses. */
  position: PositionId.optional(),
  /** Earlier tasks whose results it is given; absent: the one before it. */
  context: z.array(PositionId).max(50).optional(),
  output_schema: JsonSchema.optional(),
  guardrails: z.array(Guardrail).max(20).default([]),
  /** A person accepts the result before the crew goes on, or sends it back with words. */
  needs_approval: z.boolean().default(false),
})
export type CrewTask = z.infer<typeof CrewTask>

/** One may hand work to another. */
export const DelegationEdge = z.strictObject({
  from: PositionId,
  to: PositionId,
  /** Micro-USD that one delegation along this edge may cost. */
  max_cost_micros: z.int().min(1).optional(),
})

export const CrewConfig = z.strictObject({
  /** Hierarchical: who plans, delegates and reviews. */
  manager: PositionId.optional(),
  /** Debate: who decides at the end. */
  judge: PositionId.optional(),
  /** Debate: how often everybody speaks. */
  rounds: z.int().min(1).max(10).default(2),
  /** Who may delegate to whom; absent: the manager to everybody, and nobody else. */
  delegation: z.array(DelegationEdge).max(400).optional(),
  /** Delegations inside delegations. */
  max_depth: z.int().min(1).max(5).default(2),
  /** Delegations that one task may make. */
  max_delegations: z.int().min(1).max(100).default(10),
  memory: z.boolean().default(false),
})
export type CrewConfig = z.infer<typeof CrewConfig>

export const crewDraft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  description: z.string().max(2_000).default(""),
  collaboration_pattern: CollaborationPattern,
  agents: z.array(CrewMember).max(20).default([]),
  tasks: z.array(CrewTask).max(50).default([]),
  input_schema: JsonSchema.optional(),
  config: CrewConfig.prefault({}),
}
export const CrewDraft = z.strictObject(crewDraft).meta({ id: "CrewDraft" })
export type CrewDraft = z.infer<typeof CrewDraft>

/** A crew as an execution is pinned to it: every member's agent, with overrides applied. */
export type CrewDefinition = Omit<CrewDraft, "agents"> & {
  crew_id: CrewId
  version: number
  members: { position: string; agent: AgentDefinition }[]
}
