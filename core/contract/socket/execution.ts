import * as z from "zod"
import { ExecutionEvent } from "#core/execution/event"

/** What a viewer of an execution may say. */
export const Up = z.discriminatedUnion("type", [
  /** Everything up to this event has been taken in; the server sends at most a window beyond it. */
  z.strictObject({ type: z.literal("ack"), seq: z.int().min(0) }),
])
export type Up = z.infer<typeof Up>

/** Who watches an execution now, in the order in which they came; told to those who asked with `?presence=1`. */
export const Presence = z.object({
  viewers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type Presence = z.infer<typeof Presence>

/** What the server says. `end` is the last message; the socket then closes with 1000. */
export const Down = z.discriminatedUnion("type", [
  z.object({ type: z.literal("events"), events: z.array(ExecutionEvent) }),
  Presence.extend({ type: z.literal("presence") }),
  z.object({ type: z.literal("end"), last_seq: z.int() }),
])
export type Down = z.infer<typeof Down>

/** A viewer that has not acknowledged this much is sent no more, and closed with 1013 when it stays so; it resumes by seq. */
export const window = { events: 256, bytes: 1_048_576, graceMs: 15_000 } as const
