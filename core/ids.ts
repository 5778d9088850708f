import * as z from "zod"

/**
 * Ids are prefixed ULIDs (`flow_01J…`): sortable by birth, recognisable by eye, 80 random bits.
 * Crockford base 32, see https://github.com/ulid/spec.
 */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const ulidPattern = "[0-7][0-9A-HJKMNP-TV-Z]{25}"

export type Chance = (bytes: number) => Uint8Array

/** A ULID of the given time (ms since 1970) and 80 bits of chance. */
export function ulid(now: number, chance: Chance): string {
  let time = ""
  for (let rest = now, i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  let random = ""
  for (const byte of chance(16)) random += alphabet[byte & 31]
  return time + random
}

const idOf = <P extends string>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${ulidPattern}$`), { error: `Expected an id that starts with ${prefix}_` })
    .brand<P>()
    .meta({ example: `${prefix}_01JD0000000000000000000000` })

export const TenantId = idOf("tenant")
export type TenantId = z.infer<typeof TenantId>
export const UserId = idOf("user")
export type UserId = z.infer<typeof UserId>
export const SessionId = idOf("session")
export type SessionId = z.infer<typeof SessionId>
export const ImpersonationId = idOf("imp")
export type ImpersonationId = z.infer<typeof ImpersonationId>
export const InvitationId = idOf("invite")
export type InvitationId = z.infer<typeof InvitationId>
export const ApiKeyId = idOf("key")
export type ApiKeyId = z.infer<typeof ApiKeyId>
export const FlowId = idOf("flow")
export type FlowId = z.infer<typeof FlowId>
export const ApprovalId = idOf("appr")
export type ApprovalId = z.infer<typeof ApprovalId>
export const ProviderId = idOf("provider")
export type ProviderId = z.infer<typeof ProviderId>
export const CredentialId = idOf("cred")
export type CredentialId = z.infer<typeof CredentialId>
export const TriggerId = idOf("trig")
export type TriggerId = z.infer<typeof TriggerId>
export const DeliveryId = idOf("dlv")
export type DeliveryId = z.infer<typeof DeliveryId>

export const AgentId = idOf("agent")
export type AgentId = z.infer<typeof AgentId>
export const CrewId = idOf("crew")
export type CrewId = z.infer<typeof CrewId>
export const ToolId = idOf("tool")
export type ToolId = z.infer<typeof ToolId>
export const AliasId = idOf("alias")
export type AliasId = z.infer<typeof AliasId>
export const ChatId = idOf("chat")
export type ChatId = z.infer<typeof ChatId>
export const MessageId = idOf("msg")
export type MessageId = z.infer<typeof MessageId>

export const AuditId = idOf("audit")
export type AuditId = z.infer<typeof AuditId>
export const BudgetId = idOf("budget")
export type BudgetId = z.infer<typeof BudgetId>

export const ReviewId = idOf("review")
export type ReviewId = z.infer<typeof ReviewId>
export const NamedVersionId = idOf("named")
export type NamedVersionId = z.infer<typeof NamedVersionId>

export const HoldId = idOf("hold")
export type HoldId = z.infer<typeof HoldId>
export const ErasureId = idOf("erasure")
export type ErasureId = z.infer<typeof ErasureId>

/** What an execution may be of: a flow, or an agent, a crew or a tool by itself. */
export const ExecutedId = z.union([FlowId, AgentId, CrewId, ToolId])
export type ExecutedId = z.infer<typeof ExecutedId>

/** An execution's id carries its lane: two base-32 digits before the ULID. `ZZ` means an object of its own. */
export const ExecutionId = z
  .string()
  .regex(new RegExp(`^exec_[0-9A-HJKMNP-TV-Z]{2}${ulidPattern}$`), {
    error: "Expected an id that starts with exec_",
  })
  .brand<"exec">()
  .meta({ example: "exec_0001JD0000000000000000000000" })
export type ExecutionId = z.infer<typeof ExecutionId>

export type Lane = number | "own"

const ownLane = "ZZ"
/** So begins the id of an execution that has an object of its own. */
export const ownExecution = `exec_${ownLane}`
/** The most lanes that two base-32 digits name, less the one that means "own". */
export const mostLanes = 32 * 32 - 1

export function executionId(lane: Lane, now: number, chance: Chance): ExecutionId {
  const digits = lane === "own" ? ownLane : alphabet[Math.floor(lane / 32)]! + alphabet[lane % 32]!
  return `exec_${digits}${ulid(now, chance)}` as ExecutionId
}

export function laneOf(id: ExecutionId): Lane {
  const digits = id.slice(5, 7)
  if (digits === ownLane) return "own"
  return alphabet.indexOf(digits[0]!) * 32 + alphabet.indexOf(digits[1]!)
}

export type Prefix =
  | "tenant"
  | "user"
  | "session"
  | "imp"
  | "key"
  | "invite"
  | "flow"
  | "provider"
  | "cred"
  | "trig"
  | "dlv"
  | "audit"
  | "req"
  | "family"
  | "appr"
  | "agent"
  | "crew"
  | "tool"
  | "alias"
  | "chat"
  | "msg"
  | "mem"
  | "named"
  | "review"
  | "budget"
  | "alert"
  | "thread"
  | "comment"
  | "hold"
  | "erasure"

export function newId<T extends string>(prefix: Prefix, now: number, chance: Chance): T {
  return `${prefix}_${ulid(now, chance)}` as T
}
