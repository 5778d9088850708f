import * as z from "zod"

/** What a viewer of a stream may say. */
export const Up = z.discriminatedUnion("type", [
  /** Everything up to this event has been taken in; the server sends at most a window beyond it. */
  z.strictObject({ type: z.literal("ack"), seq: z.int().min(0) }),
])
export type Up = z.infer<typeof Up>

/** Who watches now, in the order in which they came; told to those who asked with `?presence=1`. */
export const Presence = z.object({
  viewers: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type Presence = z.infer<typeof Presence>

/** A viewer that has not acknowledged this much is sent no more, and closed with 1013 when it stays so; it resumes by seq. */
export const window = { events: 256, bytes: 1_048_576, graceMs: 15_000 } as const
