import * as z from "zod"

/** Rises with each change of what is said over a canvas's socket, the binary frames (frame.ts) included. */
export const canvasProtocol = 1

/** What a window calls itself: chosen by it, kept with its edits, and never another person's. */
export const ClientId = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/)

/** Somebody who has the canvas open, in one window. */
export const Person = z.object({
  /** The window's number, by which edits and presence name it. */
  client: z.int(),
  /** `user_…` or `key_…`. */
  id: z.string(),
  name: z.string(),
  may_edit: z.boolean(),
})
export type Person = z.infer<typeof Person>

/** What a window asks in words; edits, presence and acknowledgements are binary frames. */
export const CanvasUp = z.discriminatedUnion("type", [
  /** Wants to write in a long text together with others. */
  z.strictObject({ type: z.literal("open"), node: z.string().max(64), field: z.string().max(100) }),
])
export type CanvasUp = z.infer<typeof CanvasUp>

/** What the server says in words. */
export const CanvasDown = z.discriminatedUnion("type", [
  /** First of all. Either the edits after those that the window has come next, or the whole document in parts. */
  z.object({
    type: z.literal("welcome"),
    protocol: z.int(),
    client: z.int(),
    may_edit: z.boolean(),
    /** The last of this window's edits that the server knows. */
    seen: z.int(),
    /** Those of them that it refused: the last, which the window may not have heard of. */
    refused: z.array(z.int()),
    is_resumed: z.boolean(),
  }),
  /** A part of the document's text; whole it is the JSON of a `Snapshot`. */
  z.object({ type: z.literal("state"), part: z.int(), parts: z.int(), text: z.string() }),
  /** Everything up to here has been said. */
  z.object({ type: z.literal("caught_up"), seq: z.int() }),
  z.object({ type: z.literal("people"), came: z.array(Person), left: z.array(z.int()) }),
  /** What this window may do has changed. */
  z.object({ type: z.literal("may"), may_edit: z.boolean() }),
  /** An edit, or a whole frame when there is no number, was not taken. */
  z.object({
    type: z.literal("refused"),
    counter: z.int().optional(),
    code: z.string(),
    message: z.string(),
  }),
  /** A text to be written in together: a Yjs state as base64. */
  z.object({
    type: z.literal("text"),
    node: z.string(),
    field: z.string(),
    epoch: z.int(),
    state: z.string(),
  }),
])
export type CanvasDown = z.infer<typeof CanvasDown>

/** The codes by which the server closes a canvas's socket for good; after any other the window comes back by itself. */
export const closeCodes = { superseded: 4409, revoked: 4403, gone: 4404 } as const

/** What has been sent and not acknowledged: more than this, and the socket is closed with 1013. A window acknowledges every part of it. */
export const window = { bytes: 1_048_576, ackEvery: 65_536 } as const
