import * as z from "zod"
import type { CrashPoint } from "#durable/kit/crashpoint"

/** Every crash point, once: a new one does not compile until it stands here, and then has its cells. */
const points = {
  "after-queued": true,
  "before-journal": true,
  "after-journal": true,
  "before-effect": true,
  "after-effect": true,
  "before-result": true,
  "after-result": true,
  "before-outbox": true,
  "after-outbox": true,
  "before-alarm": true,
  "after-alarm": true,
  "in-alarm": true,
  "before-cancelled": true,
  "after-timer-fired": true,
  "approval-answered": true,
  "callback-received": true,
  "scope-opened": true,
  "scope-closed": true,
} satisfies Record<CrashPoint, true>

export const crashPoints = Object.keys(points) as CrashPoint[]

/** Where the server is to die, once, while it executes something. */
export const Order = z.strictObject({
  /** Names the order in the server's output, and in the list of those that are carried out. */
  name: z.string(),
  /** The order that must be carried out before this one counts. */
  after: z.string().optional(),
  point: z.enum(crashPoints),
  /** The appointment that passes it: of the object that coordinates the execution, or the execution's own. */
  by: z.enum(["outbox", "watch", "execution"]).optional(),
  /** The node that it is about; without it any. */
  node: z.string().optional(),
  /** The time that it is passed, counted from 1. */
  nth: z.int().min(1),
  /** In the middle of the turn, whose writes are lost with it; when they are durable; or not at all: it throws, so many times. */
  way: z.union([z.literal("at_once"), z.literal("kept"), z.strictObject({ throw: z.int().min(1) })]),
})
export type Order = z.infer<typeof Order>

/** An execution's inputs carry its orders as `crash`. */
export const Orders = z.array(Order)

/** What an object asks the harness when it wakes: orders by execution, and what has been carried out. */
export const Standing = z.strictObject({
  orders: z.record(z.string(), Orders),
  done: z.array(z.string()),
})
export type Standing = z.infer<typeof Standing>
