import type { Operation } from "./operation.ts"

/** What an operation did: how it is undone as an edit of its own, and how this very document is put back. */
export type Applied = {
  /** Takes it back as a new operation; undefined where a person cannot, as with what was said. */
  inverse: Operation | undefined
  /** Puts the document back as it was, to the identity of what is in it. Only the last operation may be taken back. */
  revert: () => void
}
