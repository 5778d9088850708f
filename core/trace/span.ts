import * as z from "zod"
import { ExecutionId } from "#core/ids"

/** What a span measures. `execution` is the root; `scope` is one iteration or one called flow. */
export const SpanKind = z.enum([
  "execution",
  "step",
  "scope",
  "model",
  "http",
  "tool",
  "timer",
  "callback",
  "approval",
])
export type SpanKind = z.infer<typeof SpanKind>

/** OpenTelemetry's three, and `cancelled`, which to others is an error. `unset` is still under way. */
export const SpanStatus = z.enum(["unset", "ok", "error", "cancelled"])
export type SpanStatus = z.infer<typeof SpanStatus>

/** Values that OpenTelemetry takes. */
export const SpanAttributes = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
)
export type SpanAttributes = z.infer<typeof SpanAttributes>

/** The most characters of `text`, and of the excerpts that it is made of. */
export const mostText = 500

/**
 * What one piece of an execution took: derived from its journal, so that whoever has the journal has the spans. Ids come from
 * what was done, not from chance: a span that is delivered twice is the same one.
 */
export const Span = z
  .object({
    id: z.string().meta({ example: "00f067aa0ba902b7" }),
    /** The ULID of the execution's id, as 32 hex digits. */
    trace_id: z.string().meta({ example: "018f6ad2c1f07a3d9b0e4c5d6f708192" }),
    /** Null for the execution itself. */
    parent_id: z.string().nullable(),
    execution_id: ExecutionId,
    flow_id: z.string(),
    kind: SpanKind,
    name: z.string().meta({ example: "chat gpt-5.2" }),
    /** Null for the execution itself. */
    node_id: z.string().nullable(),
    /** The node's label, if it has one. */
    node_label: z.string().nullable(),
    /** The scope path that it stands under; a scope's own path for a `scope`. */
    scope: z.string(),
    attempt: z.int(),
    status: SpanStatus,
    start_time: z.string(),
    /** Null while it is under way, like `duration_ms`. */
    end_time: z.string().nullable(),
    duration_ms: z.number().nullable(),
    /** OpenTelemetry's names where there are any, ours under `edgecrew.`. */
    attributes: SpanAttributes,
    model: z.string().nullable(),
    /** Those of a model call; a step and the execution have the sum of theirs. */
    input_tokens: z.int(),
    output_tokens: z.int(),
    cost_micros: z.int(),
    first_token_ms: z.number().nullable(),
    /** What a search finds besides names: an error, the beginning of a prompt or an answer, an address. */
    text: z.string().nullable(),
  })
  .meta({ id: "Span" })
export type Span = z.infer<typeof Span>
