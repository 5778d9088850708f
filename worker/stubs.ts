import { unwrap, type Outcome } from "#core/errors"
import {
  laneOf,
  type ChatId,
  type ExecutionId,
  type FlowId,
  type Lane,
  type MessageId,
  type TenantId,
} from "#core/ids"
import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionSummary } from "#core/contract/executions"
import type { Approval } from "#core/contract/approvals"
import type { ChatMessage, ChatSession } from "#core/contract/chat"
import type { Json } from "#core/json"
import type {
  ApprovalAnswer,
  ExecutionPage,
  Recalled,
  Resolution,
  Started,
  StartRequest,
} from "#durable/execution/messages"
import type { Draft } from "#core/canvas/canvas"
import type { Comment, Thread } from "#core/canvas/comment"
import type { NewNamed } from "#durable/canvas/history"
import type { Remark } from "#durable/canvas/remarks"
import type { FlowRef } from "#durable/canvas/ports"
import type { Named } from "#durable/canvas/store"
import type { BranchPage, MessagePage, Range } from "#durable/chat/pages"
import type { NewMessage } from "#durable/chat/ports"
import type { TenantRef } from "#durable/clock/ports"
import type {
  Book,
  Entered,
  EntryAsk,
  History,
  Hold,
  LeaseAsk,
  LeaseGrant,
  LeftOver,
  QuotaUse,
  Standing,
  TokenHold,
} from "#durable/governor/messages"
import type { Inclusion, Lease, LogState, Post } from "#durable/sealer/messages"
import type { SignedCheckpoint } from "#durable/sealer/ports"
import type { Env } from "./env.ts"
import { within } from "./patience.ts"

/** What the erasure of a tenant asks of each of its objects. */
export interface Wipeable {
  wipe(): Promise<void>
  isBlank(): Promise<boolean>
}

/**
 * An Execution object as the Worker sees it. Written out, since the platform's derived stub type cannot express recursive JSON;
 * the object's own class is checked against it in worker/index.ts.
 */
export interface ExecutionLane extends Wipeable {
  start(request: StartRequest): Promise<Outcome<Started>>
  get(id: ExecutionId): Promise<Outcome<ExecutionPage>>
  events(
    id: ExecutionId,
    after: number,
    most: number,
  ): Promise<Outcome<{ events: ExecutionEvent[]; has_more: boolean }>>
  cancel(id: ExecutionId, actor: string): Promise<Outcome<ExecutionSummary>>
  frozen(id: ExecutionId): Promise<Outcome<string>>
  recall(id: ExecutionId): Promise<Outcome<Recalled>>
  approval(id: ExecutionId, approvalId: string): Promise<Outcome<Approval>>
  asked(id: ExecutionId, key: string): Promise<Outcome<Approval>>
  answerApproval(id: ExecutionId, approvalId: string, answer: ApprovalAnswer): Promise<Outcome<Approval>>
  callback(id: ExecutionId, key: string, body: Json): Promise<Outcome<ExecutionSummary>>
  resolve(id: ExecutionId, resolution: Resolution): Promise<Outcome<ExecutionSummary>>
  poke(id: ExecutionId): Promise<void>
  flush(): Promise<boolean>
  erase(id: ExecutionId): Promise<Outcome<boolean>>
  fetch(request: Request): Promise<Response>
}

/** With an object per execution, keyed starts still share a few objects. */
export const keyedLanes = 16

/** The object of one lane; the tenant is part of its name, so that no id reaches another tenant's executions. */
export function laneStub(env: Env, tenant: TenantId, lane: Lane, id: ExecutionId): ExecutionLane {
  const name = lane === "own" ? `${tenant}/${id}` : `${tenant}/${lane}`
  const stub: unknown = env.EXECUTION.get(env.EXECUTION.idFromName(name))
  return stub as ExecutionLane
}

/** The object of a lane that many executions share. */
export const sharedLane = (env: Env, tenant: TenantId, lane: number): ExecutionLane => {
  const stub: unknown = env.EXECUTION.get(env.EXECUTION.idFromName(`${tenant}/${lane}`))
  return stub as ExecutionLane
}

/** The object that coordinates an execution: its id says which. */
export const executionStub = (env: Env, tenant: TenantId, id: ExecutionId): ExecutionLane =>
  laneStub(env, tenant, laneOf(id), id)

/** A tenant's clock as the Worker sees it. */
export interface TenantClock {
  wake(tenant: TenantRef): Promise<void>
  sync(tenant: TenantRef): Promise<void>
}

export const clockStub = (env: Env, tenant: TenantId): TenantClock => {
  const stub: unknown = env.CLOCK.get(env.CLOCK.idFromName(tenant))
  return stub as TenantClock
}

/** A tenant's sealer as the Worker sees it. */
export interface TenantSealer extends Wipeable {
  lease(tenant: TenantId, isWritten: boolean): Promise<Outcome<Lease>>
  state(tenant: TenantId): Promise<LogState>
  inclusion(seq: number): Promise<Outcome<Inclusion>>
  consistency(first: number, second: number): Promise<Outcome<string[]>>
  checkpoints(below: number, most: number): Promise<SignedCheckpoint[]>
  checkpointsAfter(size: number, most: number): Promise<SignedCheckpoint[]>
  signNow(tenant: TenantId): Promise<Outcome<SignedCheckpoint>>
  postAnew(tenant: TenantId): Promise<void>
  post(): Promise<Post>
}

export const sealerStub = (env: Env, tenant: TenantId): TenantSealer => {
  const stub: unknown = env.SEALER.get(env.SEALER.idFromName(tenant))
  return stub as TenantSealer
}

/** A tenant's governor as the Worker sees it. */
export interface TenantGovernor extends Wipeable {
  govern(tenant: TenantRef, book: Book): Promise<void>
  reserve(tenant: TenantRef, book: Book, hold: Hold): Promise<Outcome<null>>
  settle(id: string, actual: number): Promise<Outcome<null>>
  lease(tenant: TenantRef, asks: readonly LeaseAsk[]): Promise<LeaseGrant[]>
  enter(tenant: TenantRef, ask: EntryAsk): Promise<Outcome<Entered>>
  leave(tenant: TenantRef, lane: string, left: LeftOver | undefined, open: number): Promise<void>
  reserveTokens(tenant: TenantRef, hold: TokenHold): Promise<Outcome<null>>
  quotaUse(): Promise<QuotaUse>
  standings(tenant: TenantRef, book: Book): Promise<Standing[]>
  history(id: string, most: number): Promise<History>
}

export const governorStub = (env: Env, tenant: TenantId): TenantGovernor => {
  const stub: unknown = env.GOVERNOR.get(env.GOVERNOR.idFromName(tenant))
  return inTime(stub as TenantGovernor)
}

/** One that never answers holds nobody up for longer than one that is gone: whoever asks has a rule for that. */
const inTime = (of: TenantGovernor): TenantGovernor => ({
  govern: (...asked) => within(of.govern(...asked), "governor"),
  reserve: (...asked) => within(of.reserve(...asked), "governor"),
  settle: (...asked) => within(of.settle(...asked), "governor"),
  lease: (...asked) => within(of.lease(...asked), "governor"),
  enter: (...asked) => within(of.enter(...asked), "governor"),
  leave: (...asked) => within(of.leave(...asked), "governor"),
  reserveTokens: (...asked) => within(of.reserveTokens(...asked), "governor"),
  quotaUse: () => within(of.quotaUse(), "governor"),
  standings: (...asked) => within(of.standings(...asked), "governor"),
  history: (...asked) => within(of.history(...asked), "governor"),
  wipe: () => of.wipe(),
  isBlank: () => of.isBlank(),
})

/** A Chat object as the Worker sees it. */
export interface ChatRoom extends Wipeable {
  open(tenant: TenantRef, session: ChatSession, isTitled: boolean): Promise<Outcome<ChatSession>>
  get(): Promise<Outcome<ChatSession>>
  update(change: {
    title?: string
    settings?: ChatSession["settings"]
    share_url?: string | null
  }): Promise<Outcome<ChatSession>>
  remove(): Promise<Outcome<null>>
  messages(range: Range, most: number): Promise<Outcome<MessagePage>>
  branch(before: MessageId | undefined, most: number): Promise<Outcome<BranchPage>>
  send(wanted: NewMessage): Promise<Outcome<{ message_id: MessageId }>>
  edit(
    id: MessageId,
    anew: Pick<NewMessage, "id" | "content" | "author">,
  ): Promise<Outcome<{ message_id: MessageId }>>
  retry(id: MessageId, author: string): Promise<Outcome<{ message_id: MessageId }>>
  feedback(id: MessageId, feedback: ChatMessage["feedback"]): Promise<Outcome<ChatMessage>>
  stop(): Promise<Outcome<ChatSession>>
  purge(): Promise<Outcome<boolean>>
  eraseWords(
    authors: string[],
  ): Promise<Outcome<{ erased: number; executions: ExecutionId[]; isAll: boolean }>>
  fetch(request: Request): Promise<Response>
}

export const chatStub = (env: Env, tenant: TenantId, id: ChatId): ChatRoom => {
  const stub: unknown = env.CHAT.get(env.CHAT.idFromName(`${tenant}/${id}`))
  return stub as ChatRoom
}

/** One of a tenant's machines for programs; undefined where this installation has none. */
export const sandboxStub = ({ SANDBOX }: Env, tenant: TenantId, machine: number): Wipeable | undefined => {
  const stub: unknown = SANDBOX?.get(SANDBOX.idFromName(machineName(tenant, machine)))
  return stub as Wipeable | undefined
}

export const machineName = (tenant: string, machine: number): string => `${tenant}/${machine}`

/** A Canvas object as the Worker sees it. */
export interface CanvasRoom extends Wipeable {
  settle(): Promise<Outcome<null>>
  pull(): Promise<Outcome<null>>
  threads(): Promise<Outcome<Thread[]>>
  remark(ref: FlowRef, remark: Remark, by: string): Promise<Outcome<Thread>>
  unsay(
    ref: FlowRef,
    thread: string,
    id: string,
    by: string | undefined,
  ): Promise<Outcome<{ comment: Comment }>>
  namedVersions(): Promise<Outcome<Named[]>>
  namedVersion(id: string): Promise<Outcome<{ named: Named; draft: Draft }>>
  nameVersion(ref: FlowRef, wanted: NewNamed): Promise<Outcome<Named>>
  restoreVersion(ref: FlowRef, id: string): Promise<Outcome<Named>>
  forgetVersion(id: string): Promise<Outcome<null>>
  eraseWords(authors: string[]): Promise<Outcome<number>>
  remove(isForGood?: boolean): Promise<Outcome<null>>
  fetch(request: Request): Promise<Response>
}

export const canvasStub = (env: Env, tenant: TenantId, id: FlowId): CanvasRoom => {
  const stub: unknown = env.CANVAS.get(env.CANVAS.idFromName(`${tenant}/${id}`))
  return stub as CanvasRoom
}

/** A call to an object, with its outcome turned back into a value or a thrown Failure. */
export async function ask<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  return unwrap(await outcome)
}
