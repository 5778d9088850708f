import * as z from "zod"
import { ChatEvent } from "#core/contract/chat"

export { Up } from "./viewing.ts"

/** What the server says of a chat. `end` is the last message, when the chat is deleted; the socket then closes with 1000. */
export const Down = z.discriminatedUnion("type", [
  z.object({ type: z.literal("events"), events: z.array(ChatEvent) }),
  z.object({ type: z.literal("end"), last_seq: z.int() }),
])
export type Down = z.infer<typeof Down>

/** Rises with each change of a message; `test/wire` pins every schema to it. */
export const chatProtocol = 1
