import { peopleFailures } from "#core/errors/people"
import { governanceFailures } from "./errors/governance.ts"
import { quotaFailures } from "./errors/quota.ts"

/**
 * The failure table: every way in which the product says no, defined once. `status` is the HTTP status,
 * `retry` whether the same request may succeed later, `say` the sentence a person reads.
 */
export const failures = {
  ...governanceFailures,
  ...quotaFailures,
  "request.malformed": { status: 400, retry: false, say: "The request body is not valid JSON." },
  "request.invalid": {
    status: 400,
    retry: false,
    say: "The request has fields that are missing, unknown or wrong.",
  },
  "request.too_large": { status: 413, retry: false, say: "The request body is too large." },
  "request.timeout": { status: 408, retry: true, say: "The request body took too long to arrive." },
  "request.unsupported_type": { status: 415, retry: false, say: "Send the body as application/json." },
  "request.not_acceptable": { status: 406, retry: false, say: "This resource has no such representation." },
  "request.foreign_origin": {
    status: 403,
    retry: false,
    say: "This request came from a page of another origin.",
  },
  "route.not_found": {
    status: 404,
    retry: false,
    say: "There is no such address. See /api/v1/openapi.json.",
  },
  "route.method": { status: 405, retry: false, say: "This address does not take that method." },

  "auth.required": { status: 401, retry: false, say: "Sign in, or send an API key as a bearer token." },
  "auth.invalid": { status: 401, retry: false, say: "The token or key is invalid, expired or revoked." },
  "auth.bad_credentials": { status: 401, retry: false, say: "The email address or the password is wrong." },
  "auth.refresh_reused": {
    status: 401,
    retry: false,
    say: "This refresh token was used before; the session has ended. Sign in again.",
  },
  "auth.weak_password": { status: 400, retry: false, say: "Choose a longer or less common password." },
  "auth.too_many_attempts": {
    status: 429,
    retry: true,
    say: "Too many attempts. Wait a little and try again.",
  },
  ...peopleFailures,
  "access.denied": { status: 403, retry: false, say: "Your role does not allow this." },

  "tenant.not_found": {
    status: 404,
    retry: false,
    say: "This tenant does not exist, or you are not its member.",
  },
  "tenant.slug_taken": { status: 409, retry: false, say: "This workspace address is taken. Choose another." },
  "tenant.no_database": {
    status: 503,
    retry: true,
    say: "No tenant database is free. Ask the operator to add some (npm run tenants:add).",
  },
  "tenant.suspended": { status: 403, retry: false, say: "This tenant is suspended." },
  "tenant.no_support": {
    status: 403,
    retry: false,
    say: "This workspace does not let support in. One of its admins can change that in its settings.",
  },
  "session.not_found": { status: 404, retry: false, say: "This session does not exist." },
  "ticket.invalid": {
    status: 401,
    retry: false,
    say: "The ticket is unknown, used or expired. Ask for a new one.",
  },
  "key.not_found": { status: 404, retry: false, say: "This API key does not exist." },
  "key.scope": {
    status: 400,
    retry: false,
    say: "A key cannot hold a scope that its creator does not have.",
  },

  "flow.not_found": { status: 404, retry: false, say: "This flow does not exist." },
  "flow.version_not_found": { status: 404, retry: false, say: "This flow has no such version." },
  "canvas.no_upgrade": { status: 426, retry: false, say: "A canvas is opened with a WebSocket." },
  "canvas.not_taken": { status: 422, retry: false, say: "This cannot be done to the flow as it is." },
  "flow.named_version_not_found": { status: 404, retry: false, say: "This flow has no such named version." },
  "flow.comment_not_found": { status: 404, retry: false, say: "There is no such comment here." },
  "flow.thread_not_found": { status: 404, retry: false, say: "There is no such thread of comments here." },
  "canvas.client_taken": {
    status: 409,
    retry: false,
    say: "This window's name belongs to somebody else. Choose another.",
  },
  "flow.in_use": { status: 409, retry: false, say: "Tools call this flow. Delete them first." },
  "flow.invalid": { status: 422, retry: false, say: "The flow has errors that must be mended first." },
  "flow.too_dear": {
    status: 422,
    retry: false,
    say: "An execution of this flow costs more than a budget allows.",
  },
  "flow.not_published": {
    status: 409,
    retry: false,
    say: "This flow has no published version. Publish it, or execute its draft.",
  },
  "review.required": {
    status: 409,
    retry: false,
    say: "This flow is reviewed before it is published. Ask for a review first.",
  },
  "review.own": {
    status: 403,
    retry: false,
    say: "You asked for this review yourself. Somebody else must answer it.",
  },
  "review.open": { status: 409, retry: false, say: "This draft waits for a review already." },
  "review.closed": { status: 409, retry: false, say: "This review has been answered or withdrawn." },
  "review.stale": {
    status: 409,
    retry: false,
    say: "The draft has changed since the review was asked for. Ask for it again.",
  },
  "review.nothing_new": {
    status: 409,
    retry: false,
    say: "The draft is what is published already; there is nothing to review.",
  },
  "review.not_found": { status: 404, retry: false, say: "This review does not exist." },
  "flow.too_large": { status: 413, retry: false, say: "A flow holds at most 5,000 nodes and 8,000 edges." },
  "flow.unreadable": { status: 422, retry: false, say: "This file cannot be read as a flow." },
  "flow.no_original": {
    status: 404,
    retry: false,
    say: "This flow was not imported from a file of that format.",
  },

  "builder.model_failed": { status: 502, retry: true, say: "The model could not be asked for changes." },
  "builder.unusable": {
    status: 502,
    retry: true,
    say: "The model's answer could not be used. Ask for less at once, or choose another model.",
  },
  "builder.too_slow": {
    status: 504,
    retry: true,
    say: "The model took too long. Ask for less at once, or choose a quicker model.",
  },

  "provider.not_found": { status: 404, retry: false, say: "This model provider does not exist." },
  "provider.in_use": {
    status: 409,
    retry: false,
    say: "This provider is the default. Choose another default first.",
  },
  "provider.no_credentials": { status: 422, retry: false, say: "This provider needs an API key." },

  "alias.not_found": { status: 404, retry: false, say: "This model alias does not exist." },
  "alias.name_taken": { status: 409, retry: false, say: "There is an alias of this name. Choose another." },

  "credential.not_found": { status: 404, retry: false, say: "This credential does not exist." },
  "credential.in_use": {
    status: 409,
    retry: false,
    say: "Flows or tools name this credential. Take it out of them first, or turn it off.",
  },

  "secrets.rotated_too_often": {
    status: 409,
    retry: true,
    say: "The key was changed many times in the last hour. Old keys go after an hour; try again then.",
  },

  "agent.not_found": { status: 404, retry: false, say: "This agent does not exist." },
  "agent.version_not_found": { status: 404, retry: false, say: "This agent has no such version." },
  "crew.not_found": { status: 404, retry: false, say: "This crew does not exist." },
  "crew.version_not_found": { status: 404, retry: false, say: "This crew has no such version." },
  "agent.not_ready": { status: 422, retry: false, say: "This agent cannot work as it is." },
  "crew.not_ready": { status: 422, retry: false, say: "This crew cannot work as it is." },
  "crew.unreadable": { status: 422, retry: false, say: "These are not CrewAI's agents.yaml and tasks.yaml." },
  "tool.not_found": { status: 404, retry: false, say: "This tool does not exist." },
  "tool.version_not_found": { status: 404, retry: false, say: "This tool has no such version." },
  "tool.unreadable": { status: 422, retry: false, say: "This document cannot be imported." },
  "tool.unreachable": { status: 422, retry: false, say: "Nothing can be read at this address." },
  "tool.in_use": {
    status: 409,
    retry: false,
    say: "Agents, crews or flows have this tool. Take it away from them first.",
  },
  "tool.not_ready": { status: 422, retry: false, say: "This tool cannot be called as it is." },
  "memory.not_found": { status: 404, retry: false, say: "Nobody remembers this any more." },

  "chat.not_found": { status: 404, retry: false, say: "This chat does not exist." },
  "chat.message_not_found": { status: 404, retry: false, say: "This chat has no such message." },
  "chat.no_partner": { status: 400, retry: false, say: "Choose one agent, crew or flow to talk with." },
  "chat.not_a_member": {
    status: 400,
    retry: false,
    say: "This agent is neither whom the chat is with nor a member of that crew.",
  },
  "chat.busy": { status: 409, retry: true, say: "An answer is under way. Wait for it, or stop it." },
  "chat.not_shared": { status: 404, retry: false, say: "This chat is not shared, or no longer." },
  "chat.partner_unfit": { status: 422, retry: false, say: "Whom this chat is with cannot work as it is." },
  "chat.too_many": { status: 429, retry: true, say: "Too many chats were begun from here. Wait a little." },
  "chat.wrong_message": { status: 409, retry: false, say: "That cannot be done to this message." },

  "trigger.not_found": { status: 404, retry: false, say: "This trigger does not exist." },
  "trigger.not_listenable": { status: 409, retry: false, say: "Only an active webhook can be listened to." },
  "trigger.inputs_failed": {
    status: 422,
    retry: false,
    say: "The flow's inputs could not be made of what fired the trigger.",
  },
  "delivery.not_found": { status: 404, retry: false, say: "This delivery does not exist." },
  "delivery.not_kept": {
    status: 409,
    retry: false,
    say: "The body of this delivery was not kept, so it cannot be delivered again.",
  },
  "hook.not_found": { status: 404, retry: false, say: "There is no webhook at this address." },
  "hook.bad_signature": { status: 401, retry: false, say: "The signature is missing or wrong." },
  "hook.no_outputs_yet": {
    status: 504,
    retry: false,
    say: "The execution has begun, but did not end in time.",
  },
  "form.not_found": { status: 404, retry: false, say: "There is no form at this address." },
  "form.closed": {
    status: 409,
    retry: false,
    say: "This form cannot be sent in at the moment. Whoever gave you the link can see why.",
  },
  "form.too_many": {
    status: 429,
    retry: true,
    say: "This form was sent in too often from here. Wait a little and try again.",
  },

  "execution.not_found": { status: 404, retry: false, say: "This execution does not exist." },
  "execution.inputs_invalid": {
    status: 422,
    retry: false,
    say: "The inputs do not match the flow's input schema.",
  },
  "execution.overloaded": {
    status: 503,
    retry: true,
    say: "The execution lanes are full. Try again shortly.",
  },
  "execution.settled": { status: 409, retry: false, say: "This execution has ended." },
  "execution.not_retryable": {
    status: 409,
    retry: false,
    say: "Only an execution that failed, timed out or was cancelled can be retried.",
  },

  "execution.artifact_not_found": { status: 404, retry: false, say: "This execution has no such file." },
  "execution.step_not_found": { status: 404, retry: false, say: "This execution has no such step." },
  "execution.not_interrupted": {
    status: 409,
    retry: false,
    say: "This step does not wait for anybody's word: it was not cut off, or somebody has decided already.",
  },
  "execution.missing_data": {
    status: 422,
    retry: false,
    say: "Steps before this one have no results yet. Pin them, or execute the flow once.",
  },
  "execution.too_large": {
    status: 413,
    retry: false,
    say: "This execution is too large for that. Read its events page by page.",
  },
  "execution.not_settled": { status: 409, retry: false, say: "This execution has not ended yet." },
  "approval.not_found": { status: 404, retry: false, say: "This question does not exist." },
  "approval.answered": { status: 409, retry: false, say: "Somebody has answered this already." },
  "approval.not_asked": {
    status: 409,
    retry: true,
    say: "This is not asked yet. Come back when the execution has got that far.",
  },
  "approval.closed": { status: 409, retry: false, say: "This is no longer asked." },
  "approval.not_assigned": {
    status: 403,
    retry: false,
    say: "Others are asked this. Only those it is assigned to may answer.",
  },
  "approval.by_others": {
    status: 403,
    retry: false,
    say: "This must be answered by somebody else than who started it, and not by a link.",
  },
  "approval.form_invalid": { status: 422, retry: false, say: "Some answers are missing or wrong." },
  "approval.link_invalid": {
    status: 404,
    retry: false,
    say: "This link is not valid, or has expired. Ask for a new one.",
  },
  "callback.invalid": { status: 404, retry: false, say: "This callback address is not valid." },
  "callback.used": { status: 409, retry: false, say: "This callback address has been used already." },

  "span.not_found": { status: 404, retry: false, say: "This span does not exist." },

  "idempotency.in_flight": {
    status: 409,
    retry: true,
    say: "A request with this Idempotency-Key is still being handled.",
  },
  "idempotency.mismatch": {
    status: 422,
    retry: false,
    say: "This Idempotency-Key was used with another body.",
  },
  "conflict.stale": {
    status: 412,
    retry: false,
    say: "This has changed since you read it. Reload and try again.",
  },
  "conflict.duplicate": { status: 409, retry: false, say: "Something with this name exists." },

  "governor.unavailable": {
    status: 503,
    retry: true,
    say: "Budgets and limits cannot be asked for the moment, so nothing is spent or changed. Try again.",
  },

  "sandbox.unavailable": {
    status: 503,
    retry: true,
    say: "No sandbox is set up here, so programs are not run.",
  },
  "storage.busy": { status: 503, retry: true, say: "The database is busy. Try again." },
  internal: {
    status: 500,
    retry: true,
    say: "Something went wrong on our side. It has been noted under this request id.",
  },
} as const satisfies Record<string, FailureKind>

type FailureKind = { status: number; retry: boolean; say: string }
export type FailureCode = keyof typeof failures

/** One fault in the input: where (a dotted path) and what to do about it. */
export type InputFault = { path: string; message: string }

export type FailureDetail = {
  /** Says more than the table's sentence: names the thing, the limit, what to do. */
  detail?: string | undefined
  errors?: InputFault[] | undefined
  retryAfterSeconds?: number | undefined
  requestId?: string | undefined
  /** Further headers of the answer, such as what is left of a limit. */
  headers?: Record<string, string> | undefined
  /** Further members of the problem document, such as a quota's name and limit. */
  more?: Record<string, unknown> | undefined
}

/** The one error class that is meant to be seen: a code of the table, and what is particular to this case. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly more: FailureDetail

  constructor(code: FailureCode, more: FailureDetail = {}) {
    super(more.detail ?? failures[code].say)
    this.name = "Failure"
    this.code = code
    this.more = more
  }

  get status(): number {
    return failures[this.code].status
  }

  /** Whether the same may succeed later: what a step's retry policy goes by. */
  get retry(): boolean {
    return failures[this.code].retry
  }
}

/** What crosses from one isolate to another instead of a thrown error, whose own fields would be lost. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; code: FailureCode; more: FailureDetail }

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const refused = (code: FailureCode, more: FailureDetail = {}): Outcome<never> => ({
  ok: false,
  code,
  more,
})

/** Turns an outcome back into a value or a thrown Failure. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Failure(outcome.code, outcome.more)
}

/** The value, or the failure when there is none: `found(await flows.byId(db, id), "flow.not_found")`. */
export function found<T>(value: T | null | undefined, code: FailureCode): T {
  if (value === null || value === undefined) throw new Failure(code)
  return value
}
