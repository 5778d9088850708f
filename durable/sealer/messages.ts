import type { Head } from "#core/audit/entry"
import type { SignedCheckpoint } from "./ports.ts"

/** Says until when entries may be written (ms since 1970), and how long that is. */
export type Lease = { until: number; forMs: number }
export type LogState = Head & { root: string; checkpoint: SignedCheckpoint | null }
/** That an entry is in the log, with the checkpoint whose root the proof leads to. Hashes in hexadecimal. */
export type Inclusion = { index: number; hashes: string[]; checkpoint: SignedCheckpoint }
/** What became of the checkpoint that was sent out last, or is being tried. Times are ISO 8601. */
export type Posted = {
  state: "arrived" | "failed"
  size: number
  at: string
  attempts: number
  error: { code: string; message: string } | null
  next_at: string | null
}
/** `waiting`: checkpoints that are still to be sent. */
export type Post = { last: Posted | null; waiting: number }
