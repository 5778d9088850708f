import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { ProviderId, type AgentId } from "#core/ids"
import { ToolRef, type ToolDefinition } from "#core/tool/tool"

/** What an answer must keep to. One that does not is shown to the agent, which tries again as often as `guardrail_retries` says. */
export const Guardrail = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("max_characters"), most: z.int().min(1).max(1_000_000) }),
  z.strictObject({
    type: z.literal("must_match"),
    /** A regular expression in RE2's syntax, so that none takes forever. */
    pattern: z.string().min(1).max(1_000),
    message: z.string().max(500).optional(),
  }),
  z.strictObject({
    type: z.literal("must_not_match"),
    pattern: z.string().min(1).max(1_000),
    message: z.string().max(500).optional(),
  }),
  z.strictObject({
    type: z.literal("expression"),
    /** A bare expression over `output`; what is not true is a violation. */
    when: z.string().min(1).max(4_000),
    message: z.string().min(1).max(500),
  }),
])
export type Guardrail = z.infer<typeof Guardrail>

export const AgentLimits = z.strictObject({
  /** Questions to the model in one task. */
  max_iterations: z.int().min(1).max(100).default(10),
  max_seconds: z.int().min(1).max(3_600).optional(),
  max_calls_per_minute: z.int().min(1).max(10_000).optional(),
  /** Micro-USD that one task may cost. */
  max_cost_micros: z.int().min(1).optional(),
})

export const AgentConfig = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
  limits: AgentLimits.default({ max_iterations: 10 }),
  output_schema: JsonSchema.optional(),
  guardrails: z.array(Guardrail).max(20).default([]),
  guardrail_retries: z.int().min(0).max(10).default(2),
  /** What it learns in one execution it knows in the next. */
  memory: z.boolean().default(false),
  /** In a crew it may hand work to those whom the crew lets it. */
  allow_delegation: z.boolean().default(true),
})
export type AgentConfig = z.infer<typeof AgentConfig>

export const AgentStatus = z.enum(["draft", "active", "archived"])

const text = (most: number) => z.string().max(most).default("")

export const agentDraft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  description: text(2_000),
  role: text(500),
  goal: text(4_000),
  backstory: text(10_000),
  /** Said before everything else; role, goal and backstory follow where there are any. */
  system_prompt: text(100_000),
  /** A model alias or a model of the provider; absent: the provider's default. */
  model: z.string().trim().min(1).max(200).optional(),
  llm_provider_id: ProviderId.optional(),
  tool_ids: z.array(ToolRef).max(50).default([]),
  config: AgentConfig.prefault({}),
  status: AgentStatus.default("active"),
}
export const AgentDraft = z.strictObject(agentDraft).meta({ id: "AgentDraft" })
export type AgentDraft = z.infer<typeof AgentDraft>

const {
  temperature,
  max_tokens,
  limits,
  output_schema,
  guardrails,
  guardrail_retries,
  memory,
  allow_delegation,
} = AgentConfig.shape

/**
 * What a crew or a node changes of an agent, for itself: what it does not name stays as the agent has it, so nothing here has a
 * default. Limits are changed together.
 */
export const AgentOverrides = z.strictObject({
  goal: agentDraft.goal.unwrap().optional(),
  system_prompt: agentDraft.system_prompt.unwrap().optional(),
  model: agentDraft.model,
  llm_provider_id: agentDraft.llm_provider_id,
  tool_ids: agentDraft.tool_ids.unwrap().optional(),
  config: z
    .strictObject({
      temperature,
      max_tokens,
      limits: limits.unwrap().optional(),
      output_schema,
      guardrails: guardrails.unwrap().optional(),
      guardrail_retries: guardrail_retries.unwrap().optional(),
      memory: memory.unwrap().optional(),
      allow_delegation: allow_delegation.unwrap().optional(),
    })
    .optional(),
})
export type AgentOverrides = z.infer<typeof AgentOverrides>

/** An agent as an execution is pinned to it: its version, with its tools. */
export type AgentDefinition = Omit<AgentDraft, "status" | "tool_ids"> & {
  agent_id: AgentId
  version: number
  tools: ToolDefinition[]
}
