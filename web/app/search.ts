import * as z from "zod"
import { ExecutionStatus } from "#core/execution/status"
import { SpanKind, SpanStatus } from "#core/trace/span"
import { ApprovalId, ExecutionId, FlowId, NamedVersionId } from "#core/ids"

/** What each list keeps in the URL. A value that makes no sense is dropped, never an error page. */
const text = z.string().max(200).optional().catch(undefined)
const oneOf = <const T extends [string, ...string[]]>(values: T) => z.enum(values).optional().catch(undefined)
const statuses = z
  .union([
    z.array(ExecutionStatus),
    z
      .string()
      .transform((words) => words.split(","))
      .pipe(z.array(ExecutionStatus)),
  ])
  .optional()
  .catch(undefined)
const flag = z
  .union([z.literal(true), z.literal("true").transform(() => true as const)])
  .optional()
  .catch(undefined)
const sortBy = (...fields: string[]) =>
  z
    .string()
    .refine((sort) => fields.includes(sort.replace(/^-/, "")))
    .optional()
    .catch(undefined)

export const FlowsSearch = z.object({
  q: text,
  sort: sortBy("name", "updated_at", "created_at"),
  /** `review`: the draft waits for an answer. */
  status: oneOf(["published", "draft", "review"]),
  /** The dialog that creates a flow is open. */
  new: flag,
  /** The dialog that imports one is open. */
  import: flag,
})

/** `edit` opens the dialog of a provider, `alias` that of an alias; either is "new" for a new one. */
export const ProvidersSearch = z.object({
  tab: oneOf(["providers", "aliases", "health", "prices"]),
  edit: text,
  alias: text,
  q: text,
})

/** `show` opens a budget's view, `edit` its dialog; "new" for a new one. */
export const BudgetsSearch = z.object({ q: text, show: text, edit: text })

export const AgentsSearch = z.object({
  q: text,
  sort: sortBy("name", "updated_at", "created_at"),
  status: oneOf(["draft", "active", "archived"]),
  new: flag,
})
/** The task that the try-out begins with comes from an example. */
export const AgentSearch = z.object({ tab: text, task: z.string().max(10_000).optional().catch(undefined) })
/** `edit` is what older links name a tool by. */
export const ToolsSearch = z.object({
  q: text,
  sort: sortBy("name", "updated_at", "created_at"),
  kind: oneOf(["http", "openapi", "mcp", "isolate", "container", "flow"]),
  risk: oneOf(["read", "write", "danger"]),
  edit: text,
})
export const ToolSearch = z.object({ tab: text })
/** What a new tool is, and for a program what runs it. */
export const NewToolSearch = z.object({
  kind: z.enum(["http", "isolate", "container", "flow"]).catch("http"),
  runtime: oneOf(["python", "node", "bash"]),
})
/** Where what is imported is, as a link may say. */
export const ImportSearch = z.object({ url: z.string().max(4_000).optional().catch(undefined) })
export const CrewsSearch = z.object({
  q: text,
  sort: sortBy("name", "updated_at", "created_at"),
  new: oneOf(["crew", "import"]),
})
/** What is open in the builder: `member:writer` or `task:draft`; and the input that a run begins with. */
export const CrewSearch = z.object({
  tab: text,
  open: text,
  input: z.string().max(10_000).optional().catch(undefined),
})

export const CredentialsSearch = z.object({
  q: text,
  sort: sortBy("name", "kind", "created_at"),
  edit: text,
})

export const AdminTenantsSearch = z.object({
  q: text,
  sort: sortBy("name", "created_at"),
  status: oneOf(["active", "suspended", "deleted", "erasing"]),
})

export const AdminPeopleSearch = z.object({
  q: text,
  sort: sortBy("name", "email", "created_at"),
  admins: flag,
})

export const MembersSearch = z.object({
  tab: oneOf(["members", "invitations"]),
  q: text,
  sort: sortBy("name", "email", "role", "created_at", "last_seen_at", "expires_at"),
  role: oneOf(["admin", "editor", "viewer", "executor"]),
  /** The dialog that invites is open. */
  invite: flag,
})

export const KeysSearch = z.object({ q: text, sort: sortBy("name", "created_at", "used_at") })

const time = z.iso.datetime({ offset: true }).optional().catch(undefined)

export const ExecutionsSearch = z.object({
  q: text,
  sort: sortBy("created_at", "finished_at", "duration_ms", "cost_micros"),
  flow_id: text,
  status: statuses,
  from: time,
  to: time,
  actor: text,
})
export type ExecutionsSearch = z.infer<typeof ExecutionsSearch>

export const ChatSearch = z.object({
  q: text,
  /** The message that a link leads to. */
  message: text,
  /** The answer whose steps stand beside the thread; `last`: whichever is the newest. */
  trace: text,
})

export const ApprovalsSearch = z.object({
  view: oneOf(["mine", "open", "ended"]),
  /** How those that have ended did. */
  ended: oneOf(["answered", "timed_out", "withdrawn"]),
  flow_id: text,
  /** The question that is open, and whose it is. */
  approval: ApprovalId.optional().catch(undefined),
  execution: ExecutionId.optional().catch(undefined),
})

const triggerKind = oneOf(["webhook", "schedule", "form", "flow"])

export const TriggersSearch = z.object({
  q: text,
  sort: sortBy("created_at", "updated_at", "name", "last_fired_at", "next_fire_at"),
  kind: triggerKind,
  status: oneOf(["inactive", "ok", "failing", "dead", "never_fired"]),
  flow_id: FlowId.optional().catch(undefined),
  /** The dialog that makes one of a kind, or changes one of the list. */
  new: triggerKind,
  edit: text,
})

export const TriggerSearch = z.object({
  outcome: oneOf(["accepted", "duplicate", "refused", "failed", "captured", "missed"]),
  delivery: text,
  edit: flag,
})

/** Deep links: the node that is open, and the execution that is watched on the canvas. */
export const EditorSearch = z.object({ node: text, execution: text })
const path = z.string().max(1_000).optional().catch(undefined)
/** The iteration that is looked at, as its scope path, and the step in it. */
const listOf = (word: unknown): unknown => (typeof word === "string" ? word.split(",") : word)

export const TracesSearch = z.object({
  q: text,
  sort: sortBy("start_time", "duration_ms", "cost_micros"),
  flow_id: FlowId.optional().catch(undefined),
  node: text,
  kind: z.preprocess(listOf, z.array(SpanKind)).optional().catch(undefined),
  status: z.preprocess(listOf, z.array(SpanStatus)).optional().catch(undefined),
  from: time,
  to: time,
  longer: z.coerce.number().int().min(0).optional().catch(undefined),
  model: text,
  /** The call that is looked at. */
  span: text,
})

export const AuditSearch = z.object({
  q: text,
  actor: text,
  action: text,
  target: text,
  from: time,
  to: time,
  /** The entry that is looked at. */
  entry: text,
})

export const ExecutionSearch = z.object({ scope: path, node: path, tab: text })
/** A published version by its number, a named one by its id, or the draft. */
const side = z
  .union([z.literal("draft"), NamedVersionId, z.coerce.number().int().min(1)])
  .optional()
  .catch(undefined)
/** What is compared, and the change that is looked at; without sides the published version and the draft. */
export const CompareFlowSearch = z.object({ from: side, to: side, at: path })
/** The change that is looked at. */
export const ReviewSearch = z.object({ at: path })
/** Whether only differences are listed, and the step whose differences are shown. */
export const CompareSearch = z.object({ only: flag, step: path })

/** The operation of the reference that is open, and what was searched for. */
export const DocsSearch = z.object({
  operation: z.string().optional().catch(undefined),
  q: z.string().optional().catch(undefined),
})
