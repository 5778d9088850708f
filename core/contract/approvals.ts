import * as z from "zod"
import { ExecutionStatus } from "#core/execution/status"
import { JsonSchema } from "#core/flow/graph"
import { ApprovalId, ExecutedId, ExecutionId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const ApprovalStatus = z.enum(["open", "answered", "timed_out", "withdrawn"])
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

/** A question that an execution asks of a person. */
export const Approval = z
  .object({
    id: ApprovalId,
    execution_id: ExecutionId,
    flow_id: ExecutedId,
    flow_name: z.string(),
    node_id: z.string(),
    scope: z.string(),
    status: ApprovalStatus,
    title: z.string(),
    message: z.string().nullable(),
    form_schema: JsonSchema.nullable(),
    buttons: z.array(z.object({ id: z.string(), label: z.string() })),
    /** Email addresses or user ids; empty: everybody who may start executions. */
    assignees: z.array(z.string()),
    /** Whoever started the execution may not answer, unless nobody else can; nobody answers by a link. */
    by_others: z.literal(true).optional(),
    requested_at: Time,
    /** When the timeout route is taken. */
    due: Time.nullable(),
    answered_at: Time.nullable(),
    /** Who answered: an actor's id, or `link` for somebody with a signed link. */
    answered_by: z.string().nullable(),
    button: z.string().nullable(),
    form: z.record(z.string(), z.json()).nullable(),
  })
  .meta({ id: "Approval" })
export type Approval = z.infer<typeof Approval>

const Answer = z.strictObject({
  button: z.string().min(1).max(64),
  form: z.record(z.string(), z.json()).optional(),
})

/** What somebody with a signed link sees: the question, and nothing else of the tenant. */
export const AskedByLink = Approval.pick({
  status: true,
  title: true,
  message: true,
  form_schema: true,
  buttons: true,
  due: true,
  answered_at: true,
  button: true,
})
  .extend({ flow_name: z.string(), tenant_name: z.string() })
  .meta({ id: "AskedByLink" })
export type AskedByLink = z.infer<typeof AskedByLink>

const tag = "Approvals"
const params = z.object({ execution_id: ExecutionId, approval_id: ApprovalId })
/** It names a step of an execution, so that a step deep inside has a long one. */
const Token = z.string().min(1).max(2_000)
const token = z.object({ token: Token })

export const approvalsApi = {
  list: endpoint({
    method: "GET",
    path: "/approvals",
    needs: "execution.read",
    tag,
    summary: "The inbox: what executions ask of people",
    query: listQuery(["requested_at", "due"]).extend({
      sort: z
        .string()
        .regex(/^-?(requested_at|due)$/, {
          error: "Sort by one of: requested_at, due; a minus before it turns the order",
        })
        .default("-requested_at"),
      status: ApprovalStatus.optional(),
      flow_id: ExecutedId.optional(),
      execution_id: ExecutionId.optional(),
      /** Only those that the caller may answer. */
      mine: z.enum(["true", "false"]).optional(),
    }),
    reply: z.object({ approvals: z.array(Approval), total: z.int(), page_info: PageInfo }),
  }),
  get: endpoint({
    method: "GET",
    path: "/executions/:execution_id/approvals/:approval_id",
    needs: "execution.read",
    tag,
    summary: "One question, with its answer when there is one",
    params,
    reply: z.object({ approval: Approval }),
  }),
  answer: endpoint({
    method: "POST",
    path: "/executions/:execution_id/approvals/:approval_id",
    needs: "approval.answer",
    tag,
    summary: "Answer: the button's route is taken",
    params,
    body: Answer,
    reply: z.object({ approval: Approval }),
  }),
  link: endpoint({
    method: "POST",
    path: "/executions/:execution_id/approvals/:approval_id/link",
    needs: "approval.answer",
    tag,
    status: 201,
    summary: "Make a signed link by which anybody who has it may answer once",
    params,
    body: z
      .strictObject({ expires_in_seconds: z.int().min(60).max(2_592_000).default(604_800) })
      .prefault({}),
    reply: z.object({ url: z.string(), expires_at: Time }),
  }),
  byLink: endpoint({
    method: "GET",
    path: "/approvals/by-link/:token",
    needs: "public",
    tag,
    summary: "The question behind a signed link",
    params: token,
    reply: z.object({ approval: AskedByLink }),
  }),
  answerByLink: endpoint({
    method: "POST",
    path: "/approvals/by-link/:token",
    needs: "public",
    tag,
    summary: "Answer by a signed link",
    params: token,
    body: Answer,
    reply: z.object({ approval: AskedByLink }),
  }),
  callbackAddress: endpoint({
    method: "GET",
    path: "/executions/:execution_id/callback-address",
    needs: "execution.start",
    tag,
    summary: "The address that a step waits to be called at",
    description:
      "Whoever has it may call once without signing in, so only those are told who may start executions.",
    params: z.object({ execution_id: ExecutionId }),
    query: z.strictObject({ step: z.string().min(1).max(1_000) }),
    reply: z.object({ url: z.string() }),
  }),
  callback: endpoint({
    method: "POST",
    path: "/executions/:execution_id/callbacks/:token",
    needs: "public",
    tag,
    status: 202,
    summary: "Call back: a waiting step goes on with the body as its output",
    description:
      "The address is `execution.callbacks.<node id>` in expressions. A call that comes before the step waits is kept for it; a second one is refused with 409.",
    params: z.object({ execution_id: ExecutionId, token: Token }),
    body: z.json().default(null),
    mostBytes: 524_288,
    reply: z.object({ execution_id: ExecutionId, status: ExecutionStatus }),
  }),
} as const
