import * as z from "zod"
import { ExecutionEvent } from "#core/execution/event"
import { Presence } from "./viewing.ts"

export { Presence, Up, window } from "./viewing.ts"

/** What the server says. `end` is the last message; the socket then closes with 1000. */
export const Down = z.discriminatedUnion("type", [
  z.object({ type: z.literal("events"), events: z.array(ExecutionEvent) }),
  Presence.extend({ type: z.literal("presence") }),
  z.object({ type: z.literal("end"), last_seq: z.int() }),
])
export type Down = z.infer<typeof Down>
