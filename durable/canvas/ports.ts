import type { Draft } from "#core/canvas/canvas"
import type { Outcome } from "#core/errors"
import type { ApiKeyId, FlowId, SessionId, TenantId } from "#core/ids"

/** Whose flow it is. */
export type FlowRef = { tenant: { id: TenantId; slot: string }; flow: FlowId }

/** By what somebody was let in, so that it can be asked whether they still may. */
export type Pass = { session: SessionId } | { key: ApiKeyId }

export type May = "edit" | "read" | "nothing"

/** A flow's draft as its row has it. */
export type Row = { version: number; draft: Draft }

export type Saving = {
  /** The version that the draft was made from; another one there now means that it is stale. */
  was: number
  draft: Draft
  /** Whose edits are in it: `user_…` or `key_…`. */
  by: string[]
  edits: number
}

/** What a canvas asks of the outside world. The Worker supplies it. */
export type CanvasPorts = {
  /** The draft's row; from then on it is the copy, and the canvas the original. */
  load(ref: FlowRef): Promise<Outcome<Row>>
  /** Writes the draft back; refused with `conflict.stale` when somebody else has, and with `flow.not_found` when it is gone. */
  save(ref: FlowRef, saving: Saving): Promise<Outcome<{ version: number }>>
  /** What those who were let in may do now, in their order. */
  standing(ref: FlowRef, passes: readonly Pass[]): Promise<May[]>
  now(): number
}

/** Somebody at the door, as the Worker has recognised them. */
export type Visitor = {
  ref: FlowRef
  /** The window's own name. */
  client: string
  /** The last edit that the window has; undefined when it has nothing. */
  since: number | undefined
  id: string
  name: string
  may_edit: boolean
  pass: Pass
}
