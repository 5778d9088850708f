import type { Deed, SealedEntry } from "#core/audit/entry"
import type { NoteKey } from "#core/audit/note"
import type { Chance, TenantId } from "#core/ids"

/** Which database an entry was written into. */
export type Place = "tenant" | "control"

/** An entry that has no number yet. */
export type Waiting = Deed & { place: Place }

/** An entry with its number, on its way to where it is kept. */
export type Sealed = SealedEntry & { place: Place }

/** What a tenant's log is sealed with at a point in time. `note` is a C2SP signed note. */
export type SignedCheckpoint = { size: number; at: string; note: string }

/** What became of a checkpoint that was sent out; `nobody` where none is wanted. */
export type PostEnd =
  | { is: "nobody" }
  | { is: "arrived" }
  | { is: "failed"; error: { code: string; message: string } }

/** What a sealer asks of the outside world. All may be asked again after a crash, with the same arguments. */
export type SealerPorts = {
  /** The entries of a tenant that wait, the oldest first; undefined when there is no such tenant. */
  waiting(tenant: TenantId, most: number): Promise<Waiting[] | undefined>
  /** Writes numbers and hashes down, and brings what waited in the control database into the tenant's log. Whole or not at all for each place. */
  keep(tenant: TenantId, entries: readonly Sealed[]): Promise<void>
  /** Signs a checkpoint's text. */
  sign(name: string, text: string): Promise<{ key: NoteKey; signature: Uint8Array }>
  /** Sends a checkpoint to whoever keeps them for the tenant outside. It may come more than once. */
  post(tenant: TenantId, checkpoint: SignedCheckpoint): Promise<PostEnd>
  chance: Chance
  now(): number
}
