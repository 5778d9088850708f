import * as z from "zod"
import { ExecutedId, ExecutionId } from "#core/ids"
import { Span, SpanKind, SpanStatus } from "#core/trace/span"
import { endpoint, listQuery, PageInfo } from "./endpoint.ts"

/** So many spans, the newest that an index finds, are looked through for what no index knows. */
export const searchWindow = 50_000

/** A span with the name of its flow; null while the index does not know its execution yet. */
export const FoundSpan = Span.extend({ flow_name: z.string().nullable() }).meta({ id: "FoundSpan" })
export type FoundSpan = z.infer<typeof FoundSpan>

/** One or more of a list of words, separated by commas. */
const oneOrMore = (words: readonly string[]) =>
  z
    .string()
    .regex(new RegExp(`^(${words.join("|")})(,(${words.join("|")}))*$`), {
      error: `Use one or more of ${words.join(", ")}, separated by commas`,
    })
    .optional()

/** 16 hex digits. */
const SpanId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, { error: "Expected 16 hexadecimal digits" })
  .meta({ example: "00f067aa0ba902b7" })

const time = z.iso.datetime({ offset: true }).optional()
const tag = "Traces"

export const tracesApi = {
  search: endpoint({
    method: "GET",
    path: "/traces/search",
    needs: "trace.read",
    tag,
    summary: "Search spans",
    description: `What has ended is found within two seconds. The newest ${searchWindow.toLocaleString("en")} spans of the flow, execution, model and time asked for are looked through; \`is_complete\` says whether these were all, and an earlier \`to\` looks further back. Names are OpenTelemetry's, see docs/traces.md.`,
    query: listQuery(["start_time", "duration_ms", "cost_micros"])
      .omit({ search: true, sort: true })
      .extend({
        sort: z
          .string()
          .regex(/^-?(start_time|duration_ms|cost_micros)$/, {
            error: "Sort by one of: start_time, duration_ms, cost_micros; a minus before it turns the order",
          })
          .default("-start_time"),
        flow_id: ExecutedId.optional(),
        execution_id: ExecutionId.optional(),
        node_id: z.string().max(64).optional(),
        /** One or more, separated by commas. */
        kind: oneOrMore(SpanKind.options),
        /** One or more, separated by commas. */
        status: oneOrMore(SpanStatus.exclude(["unset"]).options),
        /** When it began. */
        from: time,
        to: time,
        min_duration_ms: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
        model: z.string().max(200).optional(),
        /** In names, node ids and labels, models, errors, addresses, the beginnings of prompts and answers. */
        text: z.string().max(200).optional(),
      }),
    reply: z.object({
      spans: z.array(FoundSpan),
      total: z.int(),
      /** Whether everything was looked through, and `total` is all there are. */
      is_complete: z.boolean(),
      page_info: PageInfo,
    }),
  }),
  get: endpoint({
    method: "GET",
    path: "/spans/:span_id",
    needs: "trace.read",
    tag,
    summary: "One span",
    params: z.object({ span_id: SpanId }),
    reply: z.object({ span: FoundSpan }),
  }),
  ofExecution: endpoint({
    method: "GET",
    path: "/executions/:execution_id/spans",
    needs: "trace.read",
    tag,
    summary: "The spans of an execution, in the order in which they began",
    description:
      "Of an execution that is still open, those under way are among them, with the status `unset` and no end.",
    params: z.object({ execution_id: ExecutionId }),
    query: z.strictObject({
      /** `next` of the page before. */
      after: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z_[0-9a-f]{16}$/, { error: "Use the `next` of the page before" })
        .optional(),
      limit: z.coerce.number().int().min(1).max(10_000).default(2_000),
    }),
    reply: z.object({
      spans: z.array(Span),
      /** Where the next page begins; null after the last one. */
      next: z.string().nullable(),
    }),
  }),
} as const
