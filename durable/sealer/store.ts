import type { TenantId } from "#core/ids"
import { noHash, type Head } from "#core/audit/entry"
import { fromHex } from "#core/audit/bytes"
import { append, type TileStore } from "#core/audit/tiles"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { Post, Posted } from "./messages.ts"
import type { Sealed, SignedCheckpoint } from "./ports.ts"

const migrations: readonly Migration[] = [
  {
    id: "000_chain",
    sql: `
      CREATE TABLE chain (only INTEGER PRIMARY KEY CHECK (only = 1), tenant TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL);
      CREATE TABLE tiles (level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, place)) WITHOUT ROWID;
      CREATE TABLE assigned (seq INTEGER PRIMARY KEY, entry TEXT NOT NULL);
      CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, at TEXT NOT NULL, note TEXT NOT NULL);
      ${appointmentsTable};`,
  },
  {
    // Up to which size checkpoints have been sent out, and what became of the last. Those that there are already stay at home.
    id: "001_posts",
    sql: `
      CREATE TABLE posts (only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, last TEXT);
      INSERT INTO posts (only, size, last) SELECT 1, coalesce(max(size), 0), NULL FROM checkpoints;`,
  },
]

/** The only one that speaks SQL for a sealer. */
export class SealerStore implements TileStore {
  private readonly storage: DurableObjectStorage
  private ready: boolean

  constructor(storage: DurableObjectStorage) {
    this.storage = storage
    this.ready = isMigrated(storage.sql)
    if (this.ready) migrate(storage.sql, migrations)
  }

  get isOpen(): boolean {
    return this.ready
  }

  open(tenant: TenantId): void {
    if (this.ready) return
    migrate(this.storage.sql, migrations)
    this.storage.sql.exec("INSERT INTO chain (only, tenant, seq, hash) VALUES (1, ?, 0, ?)", tenant, noHash)
    this.ready = true
  }

  /** Leaves nothing behind, as if nobody had ever asked. */
  async forget(): Promise<void> {
    this.ready = false
    await this.storage.deleteAlarm()
    await this.storage.deleteAll()
  }

  tenant(): TenantId {
    return this.storage.sql.exec<{ tenant: TenantId }>("SELECT tenant FROM chain").one().tenant
  }

  head(): Head {
    return this.storage.sql.exec<Head>("SELECT seq, hash FROM chain").one()
  }

  /**
   * Gives entries their numbers: the chain, the tree and what is still to be written elsewhere move on in one step. Whoever comes
   * back after a crash finds the numbers given, and gives none of them again.
   */
  assign(entries: readonly Sealed[]): void {
    const last = entries.at(-1)
    if (!last) return
    this.storage.transactionSync(() => {
      append(
        this,
        this.head().seq,
        entries.map(({ hash }) => fromHex(hash)!),
      )
      for (const one of entries) {
        this.storage.sql.exec(
          "INSERT INTO assigned (seq, entry) VALUES (?, ?)",
          one.entry.seq,
          JSON.stringify(one),
        )
      }
      this.storage.sql.exec("UPDATE chain SET seq = ?, hash = ?", last.entry.seq, last.hash)
    })
  }

  /** Entries that have their numbers here, and perhaps not yet where they are kept. */
  assigned(): Sealed[] {
    return this.storage.sql
      .exec<{ entry: string }>("SELECT entry FROM assigned ORDER BY seq")
      .toArray()
      .map(({ entry }) => JSON.parse(entry) as Sealed)
  }

  /** They are kept: of their details nothing stays here. */
  kept(upTo: number): void {
    this.storage.sql.exec("DELETE FROM assigned WHERE seq <= ?", upTo)
  }

  read(level: number, place: number): Uint8Array {
    const [row] = this.storage.sql
      .exec<{ hashes: ArrayBuffer }>("SELECT hashes FROM tiles WHERE level = ? AND place = ?", level, place)
      .toArray()
    return row ? new Uint8Array(row.hashes) : new Uint8Array()
  }

  write(level: number, place: number, hashes: Uint8Array): void {
    this.storage.sql.exec(
      "INSERT INTO tiles (level, place, hashes) VALUES (?, ?, ?) ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes",
      level,
      place,
      hashes,
    )
  }

  addCheckpoint({ size, at, note }: SignedCheckpoint): void {
    this.storage.sql.exec(
      "INSERT INTO checkpoints (size, at, note) VALUES (?, ?, ?) ON CONFLICT (size) DO NOTHING",
      size,
      at,
      note,
    )
  }

  /** The newest checkpoints whose size is below a bound, the newest first. */
  checkpoints(below: number, most: number): SignedCheckpoint[] {
    return this.storage.sql
      .exec<SignedCheckpoint>(
        "SELECT size, at, note FROM checkpoints WHERE size < ? ORDER BY size DESC LIMIT ?",
        below,
        most,
      )
      .toArray()
  }

  /** The checkpoints that follow a size, the oldest first. */
  checkpointsAfter(size: number, most: number): SignedCheckpoint[] {
    return this.storage.sql
      .exec<SignedCheckpoint>(
        "SELECT size, at, note FROM checkpoints WHERE size > ? ORDER BY size LIMIT ?",
        size,
        most,
      )
      .toArray()
  }

  /** The oldest checkpoint that is still to be sent out. */
  toPost(): SignedCheckpoint | undefined {
    return this.checkpointsAfter(this.postedUpTo(), 1)[0]
  }

  private postedUpTo(): number {
    return this.storage.sql.exec<{ size: number }>("SELECT size FROM posts").one().size
  }

  /** How often the one that is next was tried. */
  attempts(): number {
    const { last } = this.post()
    return last?.state === "failed" ? last.attempts : 0
  }

  posted(tried: Posted): void {
    this.storage.sql.exec("UPDATE posts SET size = ?, last = ?", tried.size, JSON.stringify(tried))
  }

  notPosted(tried: Posted): void {
    this.storage.sql.exec("UPDATE posts SET last = ?", JSON.stringify(tried))
  }

  /** Nobody wants those that there are. */
  postNothing(): void {
    this.storage.sql.exec(
      "UPDATE posts SET size = (SELECT coalesce(max(size), 0) FROM checkpoints), last = NULL",
    )
  }

  /** The newest is to be sent out next, and none that is older. */
  postFrom(): void {
    this.storage.sql.exec(
      "UPDATE posts SET size = (SELECT coalesce(max(size) - 1, 0) FROM checkpoints), last = NULL",
    )
  }

  post(): Post {
    const { last, waiting } = this.storage.sql
      .exec<{ last: string | null; waiting: number }>(
        "SELECT last, (SELECT count(*) FROM checkpoints WHERE checkpoints.size > posts.size) AS waiting FROM posts",
      )
      .one()
    return { last: last === null ? null : (JSON.parse(last) as Posted), waiting }
  }
}
