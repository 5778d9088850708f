import * as z from "zod"
import { AppliedPrice } from "#core/llm/price"

export const EventType = z.enum([
  "execution.queued",
  "execution.started",
  "execution.waiting",
  "execution.cancelling",
  "execution.succeeded",
  "execution.failed",
  "execution.cancelled",
  "execution.timed_out",
  "execution.needs_attention",
  "node.ready",
  "node.started",
  "node.delta",
  "node.log",
  "node.succeeded",
  "node.failed",
  "node.skipped",
  "node.retrying",
  "node.waiting",
  "node.interrupted",
  "scope.opened",
  "scope.closed",
  "model.started",
  "model.delta",
  "model.finished",
  "model.failed",
  "http.started",
  "http.finished",
  "http.failed",
  "agent.thought",
  "agent.delegated",
  "agent.finished",
  "tool.started",
  "tool.log",
  "tool.finished",
  "tool.failed",
  "approval.requested",
  "approval.answered",
  "approval.timed_out",
  "callback.received",
  "timer.set",
  "timer.fired",
])
export type EventType = z.infer<typeof EventType>

/** A failure inside an execution: a stable dotted code and a sentence. */
export const StepError = z
  .object({ code: z.string(), message: z.string(), node_id: z.string().optional() })
  .meta({ id: "StepError" })
export type StepError = z.infer<typeof StepError>

export const Usage = z
  .object({
    input_tokens: z.int(),
    output_tokens: z.int(),
    cache_read_tokens: z.int().optional(),
    cache_write_tokens: z.int().optional(),
    reasoning_tokens: z.int().optional(),
    /** Counted by us, because the vendor reported none. */
    estimated: z.boolean().optional(),
  })
  .meta({ id: "Usage" })
export type Usage = z.infer<typeof Usage>

/** Where a program printed something. */
const ProgramStream = z.enum(["stdout", "stderr"])

const at = { seq: z.int(), at: z.string() }
const node = { ...at, node_id: z.string(), scope: z.string().optional(), attempt: z.int().optional() }
const is = <const T extends EventType>(type: T) => z.literal(type)

/**
 * One entry of the journal. `seq` counts from 1 without a gap and is the stream's resume point; `at` is ISO 8601 UTC and
 * never orders anything.
 */
export const ExecutionEvent = z
  .discriminatedUnion("type", [
    z.object({
      ...at,
      type: is("execution.queued"),
      data: z.object({
        flow_id: z.string(),
        flow_name: z.string(),
        flow_version: z.int().nullable(),
        definition: z.string(),
        engine_version: z.int(),
        actor: z.string(),
        inputs: z.json(),
        timeout_ms: z.int(),
        pinned: z.record(z.string(), z.json()).optional(),
        /** The execution whose results it takes over, and why. */
        retry_of: z.string().optional(),
        fork_of: z.string().optional(),
        /** The execution whose recorded answers stand in for calls to the outside. */
        replay_of: z.string().optional(),
        /** Only this node is wanted, with what it needs: the execution ends with its output. */
        stop_after: z.string().optional(),
        /** The value that the flow's concurrency limit is counted for. */
        concurrency_key: z.string().optional(),
        /** Where the outside reaches this installation, for addresses of callbacks and approvals. */
        origin: z.string().optional(),
        /** How many flows called or started each other before this one. */
        depth: z.int().optional(),
        /** Somebody is told when it ends. */
        followed: z.boolean().optional(),
      }),
    }),
    z.object({ ...at, type: is("execution.started"), data: z.object({}) }),
    z.object({ ...at, type: is("execution.waiting"), data: z.object({}) }),
    z.object({ ...at, type: is("execution.cancelling"), data: z.object({ actor: z.string() }) }),
    z.object({ ...at, type: is("execution.succeeded"), data: z.object({ outputs: z.json() }) }),
    z.object({ ...at, type: is("execution.failed"), data: z.object({ error: StepError }) }),
    z.object({ ...at, type: is("execution.cancelled"), data: z.object({}) }),
    z.object({ ...at, type: is("execution.timed_out"), data: z.object({ error: StepError }) }),
    z.object({ ...at, type: is("execution.needs_attention"), data: z.object({ error: StepError }) }),
    z.object({ ...node, type: is("node.ready"), data: z.object({}) }),
    z.object({
      ...node,
      type: is("node.started"),
      data: z.object({
        input: z.json().optional(),
        deadline: z.string().optional(),
        /** The stored credentials that this attempt is made with. */
        credentials: z.array(z.string()).optional(),
        /** How many scopes its body will be executed under, where that is known. */
        total: z.int().optional(),
      }),
    }),
    z.object({ ...node, type: is("node.delta"), data: z.object({ text: z.string() }) }),
    z.object({
      ...node,
      type: is("node.log"),
      data: z.object({
        level: z.enum(["info", "warning", "error"]),
        message: z.string(),
        /** What a program printed there: a piece of it, as it came. */
        stream: ProgramStream.optional(),
      }),
    }),
    z.object({
      ...node,
      type: is("node.succeeded"),
      data: z.object({
        output: z.json(),
        handles: z.array(z.string()),
        pinned: z.boolean().optional(),
        /** Taken over from another execution, or given by a person: nothing was done for it here. */
        reused: z.boolean().optional(),
      }),
    }),
    z.object({
      ...node,
      type: is("node.failed"),
      data: z.object({
        error: StepError,
        /** Handles that carry on all the same (`error` route, or `out` with a value). */ handles: z.array(
          z.string(),
        ),
        output: z.json().optional(),
      }),
    }),
    z.object({ ...node, type: is("node.skipped"), data: z.object({}) }),
    z.object({ ...node, type: is("node.retrying"), data: z.object({ error: StepError, due: z.string() }) }),
    z.object({
      ...node,
      type: is("node.waiting"),
      data: z.object({ for: z.enum(["time", "callback", "approval"]), due: z.string().optional() }),
    }),
    z.object({ ...node, type: is("node.interrupted"), data: z.object({ error: StepError }) }),
    /** A body begins: an iteration of a map or loop, or the flow that a subflow calls. The node is the one that holds it. */
    z.object({
      ...node,
      type: is("scope.opened"),
      data: z.object({ path: z.string(), index: z.int().optional() }),
    }),
    z.object({
      ...node,
      type: is("scope.closed"),
      data: z.object({ path: z.string(), output: z.json().optional(), error: StepError.optional() }),
    }),
    z.object({
      ...node,
      type: is("model.started"),
      data: z.object({
        provider_type: z.string(),
        provider_id: z.string().optional(),
        model: z.string(),
        /** What its tokens are paid by; absent when nobody has said what they cost. */
        price: AppliedPrice.optional(),
      }),
    }),
    z.object({ ...node, type: is("model.delta"), data: z.object({ text: z.string() }) }),
    z.object({
      ...node,
      type: is("model.finished"),
      data: z.object({
        model: z.string(),
        finish_reason: z.string(),
        usage: Usage,
        cost_micros: z.int(),
        latency_ms: z.number(),
        first_token_ms: z.number().optional(),
      }),
    }),
    z.object({
      ...node,
      type: is("model.failed"),
      data: z.object({
        error: StepError,
        /** What it took all the same: an answer that breaks off or is of no use is paid for. Absent when it took nothing. */
        usage: Usage.optional(),
        cost_micros: z.int().optional(),
      }),
    }),
    z.object({
      ...node,
      type: is("http.started"),
      data: z.object({ method: z.string(), url: z.string(), idempotency_key: z.string() }),
    }),
    z.object({
      ...node,
      type: is("http.finished"),
      data: z.object({ status: z.int(), latency_ms: z.number(), bytes: z.int().optional() }),
    }),
    z.object({
      ...node,
      type: is("http.failed"),
      data: z.object({ error: StepError, latency_ms: z.number() }),
    }),
    /** What an agent said in one turn, and how many calls it asks for. */
    z.object({
      ...node,
      type: is("agent.thought"),
      data: z.object({ agent: z.string(), text: z.string(), calls: z.int() }),
    }),
    /** Work is handed to a colleague: the node is the check that let it pass, the colleague's own comes next. */
    z.object({
      ...node,
      type: is("agent.delegated"),
      data: z.object({ from: z.string(), to: z.string(), to_node: z.string(), task: z.string() }),
    }),
    /** The node is the agent's own. `ended` says why it was asked for its answer, if it would have gone on. */
    z.object({
      ...node,
      type: is("agent.finished"),
      data: z.object({
        agent: z.string(),
        turns: z.int(),
        ended: z.enum(["answered", "limit", "stuck", "time", "cost"]),
        cost_micros: z.int(),
      }),
    }),
    z.object({
      ...node,
      type: is("tool.started"),
      data: z.object({
        tool: z.string(),
        tool_id: z.string().optional(),
        kind: z.string(),
        /** The id that the model gave to the call. */
        call_id: z.string(),
        idempotency_key: z.string(),
      }),
    }),
    z.object({
      ...node,
      type: is("tool.log"),
      data: z.object({ message: z.string(), stream: ProgramStream.optional() }),
    }),
    z.object({
      ...node,
      type: is("tool.finished"),
      data: z.object({ latency_ms: z.number(), characters: z.int() }),
    }),
    z.object({
      ...node,
      type: is("tool.failed"),
      data: z.object({ error: StepError, latency_ms: z.number() }),
    }),
    z.object({
      ...node,
      type: is("approval.requested"),
      data: z.object({
        approval_id: z.string(),
        title: z.string(),
        message: z.string().optional(),
        form_schema: z.record(z.string(), z.json()).optional(),
        buttons: z.array(z.object({ id: z.string(), label: z.string() })),
        assignees: z.array(z.string()),
        by_others: z.boolean().optional(),
        due: z.string().optional(),
      }),
    }),
    z.object({
      ...node,
      type: is("approval.answered"),
      data: z.object({
        approval_id: z.string(),
        button: z.string(),
        form: z.record(z.string(), z.json()).optional(),
        actor: z.string(),
      }),
    }),
    z.object({ ...node, type: is("approval.timed_out"), data: z.object({ approval_id: z.string() }) }),
    z.object({ ...node, type: is("callback.received"), data: z.object({ body: z.json() }) }),
    z.object({
      ...at,
      type: is("timer.set"),
      node_id: z.string().optional(),
      scope: z.string().optional(),
      attempt: z.int().optional(),
      data: z.object({ name: z.string(), due: z.string() }),
    }),
    z.object({
      ...at,
      type: is("timer.fired"),
      node_id: z.string().optional(),
      scope: z.string().optional(),
      attempt: z.int().optional(),
      data: z.object({ name: z.string() }),
    }),
  ])
  .meta({ id: "ExecutionEvent" })
export type ExecutionEvent = z.infer<typeof ExecutionEvent>

/** An event before it has its place in the journal. */
export type NewEvent = ExecutionEvent extends infer E
  ? E extends ExecutionEvent
    ? Omit<E, "seq" | "at">
    : never
  : never

/**
 * Rises when `next` or `reduce` change what a journal may hold or means; executions keep the number they began with. 2: the time
 * limit does not count while an execution waits. 3: agents, crews and tools; what a model said before another target was asked is
 * void. 4: what a failed model call took is counted; agents out of time or money are asked for their answer before they fail; tools and
 * code are nodes, and what programs print is told. 5: a model call keeps what its tokens are paid by. 6: an attempt says with which
 * credentials it is made.
 */
export const engineVersion = 6

/** The node that an event is about; undefined for one that is about the execution. */
export const nodeIn = (event: ExecutionEvent): string | undefined =>
  "node_id" in event ? event.node_id : undefined
