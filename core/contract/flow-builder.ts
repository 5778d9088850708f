import * as z from "zod"
import { Proposed, ProposedOperation, mostOperations } from "#core/builder/operation"
import { FlowId, ProviderId } from "#core/ids"
import { endpoint } from "./endpoint.ts"

export const mostTurns = 12

/** What was asked before, what was proposed, and which of it the person has accepted (by its place in the list). */
const Turn = z.strictObject({
  message: z.string().max(4_000),
  reply: z.string().max(4_000),
  operations: z.array(ProposedOperation).max(mostOperations),
  accepted: z.array(z.int().min(0).max(mostOperations)).max(mostOperations),
})

const Items = z.array(
  z.object({
    /** By their places in the list: the changes without which this one cannot be made. */
    needs: z.array(z.int()),
    /** Why it cannot be accepted. */
    faults: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
)

export const Proposal = z
  .object({
    /** What the model says about it. */
    reply: z.string(),
    /** The model that answered, and its alias where it has one. */
    model: z.string(),
    /** The version of the draft that it was made for. */
    version: z.int(),
    operations: z.array(Proposed),
    items: Items,
    /** How often the model was asked: once, and again for each repair. */
    rounds: z.int(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    cost_micros: z.int(),
  })
  .meta({ id: "FlowProposal" })
export type Proposal = z.infer<typeof Proposal>

/** Where a proposal stands while the model is at work. */
export const Progress = z.object({
  is: z.enum(["asking", "answering", "repairing"]),
  /** From 1; above it, the model is shown what was wrong with its answer before. */
  round: z.int(),
  /** What it has said so far, and how many changes it has begun. */
  reply: z.string(),
  operations: z.int(),
})
export type Progress = z.infer<typeof Progress>

export const builderApi = {
  propose: endpoint({
    method: "POST",
    path: "/flows/:flow_id/propose",
    needs: "flow.edit",
    tag: "Flows",
    summary: "Ask a model for changes of the draft, in words",
    description:
      "Nothing is changed: the proposal is a list of operations, each with what it needs and why it cannot be accepted, if so. The model is the tenant's default unless one is named; it never sees secrets. What does not fit is shown to it again, twice at most. With `Accept: text/event-stream` its progress comes as events `progress`, then one `proposal` or `error`. Hanging up stops the model.",
    mostBytes: 524_288,
    params: z.object({ flow_id: FlowId }),
    body: z.strictObject({
      message: z.string().trim().min(1, { error: "Say what is to be changed" }).max(4_000),
      /** Nodes that are meant by words such as "this". */
      selection: z.array(z.string().min(1).max(64)).max(200).default([]),
      history: z.array(Turn).max(mostTurns).default([]),
      model: z.string().trim().min(1).max(200).optional(),
      llm_provider_id: ProviderId.optional(),
    }),
    reply: Proposal,
    also: {
      200: {
        description: "The proposal, or its making as server-sent events",
        schema: Proposal,
        type: "text/event-stream",
      },
    },
    raw: true,
  }),
} as const
