import type { CanvasDown } from "#core/canvas/messages"
import type { Room } from "./room.ts"
import { splitText } from "./split.ts"

/** Under the megabyte that a message of a socket should have at most; a character may take three bytes. */
const partLength = 300_000
/** A newcomer reads so many edits after the document sooner than a new text of it is made. */
const mostBehind = 200

/** The whole document as newcomers are sent it: made once for all who come at about the same time. */
export class Whole {
  private seq = -1
  private of: Room | undefined
  private messages: readonly string[] = []

  /** The messages that tell it as it was at `seq`; the edits after that are in the log. */
  now(room: Room): { seq: number; messages: readonly string[] } {
    if (this.of !== room || room.seq - this.seq > mostBehind) {
      const parts = splitText(room.text(), partLength)
      this.messages = parts.map((text, part) =>
        JSON.stringify({ type: "state", part, parts: parts.length, text } satisfies CanvasDown),
      )
      this.seq = room.seq
      this.of = room
    }
    return { seq: this.seq, messages: this.messages }
  }
}
