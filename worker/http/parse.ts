import type * as z from "zod"
import { Failure, type FailureCode, type InputFault } from "#core/errors"

/** What a wrong id in a path means: the same as an unknown one. */
const missing: Record<string, FailureCode> = {
  flow_id: "flow.not_found",
  version: "flow.version_not_found",
  execution_id: "execution.not_found",
  step: "execution.artifact_not_found",
  file: "execution.artifact_not_found",
  approval_id: "approval.not_found",
  span_id: "span.not_found",
  provider_id: "provider.not_found",
  alias_id: "alias.not_found",
  credential_id: "credential.not_found",
  trigger_id: "trigger.not_found",
  delivery_id: "delivery.not_found",
  key_id: "key.not_found",
  user_id: "member.not_found",
  invitation_id: "invitation.not_found",
  tenant_id: "tenant.not_found",
  impersonation_id: "impersonation.not_found",
  budget_id: "budget.not_found",
  audit_id: "audit.not_found",
  session_id: "session.not_found",
  chat_id: "chat.not_found",
  message_id: "chat.message_not_found",
  agent_id: "agent.not_found",
  crew_id: "crew.not_found",
  tool_id: "tool.not_found",
  memory_id: "memory.not_found",
  hold_id: "privacy.hold_not_found",
  erasure_id: "privacy.erasure_not_found",
}

type Issue = z.core.$ZodIssue

const dotted = (path: PropertyKey[]): string => path.map(String).join(".")

function faultsOf(issue: Issue): InputFault[] {
  const path = dotted(issue.path)
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: dotted([...issue.path, key]),
      message: "There is no such field",
    }))
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ path, message: "This field is required" }]
  }
  return [{ path, message: issue.message.replace(/^Invalid input: e/, "E") }]
}

const mostFaults = 50

/** A part of the request by its schema; everything wrong with it is said at once. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(faultsOf).slice(0, mostFaults)
  throw new Failure("request.invalid", { errors })
}

/** The parameters of a path. */
export function parseParams<S extends z.ZodObject>(schema: S, values: Record<string, string>): z.output<S> {
  const result = schema.safeParse(values)
  if (result.success) return result.data
  const name = String(result.error.issues[0]?.path[0])
  throw new Failure(missing[name] ?? "route.not_found")
}

/** The query: each name once, and only names that the contract has. */
export function parseQuery<S extends z.ZodObject>(schema: S, search: URLSearchParams): z.output<S> {
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of search) {
    if (name in values)
      throw new Failure("request.invalid", { errors: [{ path: name, message: "This name stands twice" }] })
    values[name] = value
  }
  return parse(schema, { ...values })
}

/** The version that `If-Match` names; undefined when anything will do. A tag that is none of ours matches nothing. */
export function ifMatchOf(headers: Headers): number | undefined {
  const tag = headers.get("if-match")
  if (tag === null || tag.trim() === "*") return undefined
  const version = /^\s*"v(\d{1,15})"\s*$/.exec(tag)?.[1]
  if (version === undefined) throw new Failure("conflict.stale")
  return Number(version)
}
