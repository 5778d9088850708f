import type { FlowId, TenantId } from "#core/ids"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { FlowRef } from "./ports.ts"
import { splitText } from "./split.ts"

const migrations: readonly Migration[] = [
  {
    id: "000_canvas",
    sql: `
      CREATE TABLE canvas (
        only INTEGER PRIMARY KEY CHECK (only = 1), tenant_id TEXT NOT NULL, slot TEXT NOT NULL, flow_id TEXT NOT NULL,
        seq INTEGER NOT NULL, snapshot_seq INTEGER NOT NULL, saved_seq INTEGER NOT NULL, version INTEGER NOT NULL,
        epoch INTEGER NOT NULL, is_gone INTEGER NOT NULL
      );
      CREATE TABLE log (last INTEGER PRIMARY KEY, first INTEGER NOT NULL, edits BLOB NOT NULL);
      CREATE TABLE clients (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, by TEXT NOT NULL, counter INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
      );
      CREATE TABLE parts (of TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (of, part)) WITHOUT ROWID;
      CREATE TABLE texts (
        node TEXT NOT NULL, field TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, state BLOB NOT NULL,
        PRIMARY KEY (node, field)
      );
      CREATE TABLE named (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, seq INTEGER NOT NULL, nodes INTEGER NOT NULL
      );
      ${appointmentsTable};`,
  },
  { id: "001_refused", sql: "ALTER TABLE clients ADD COLUMN refused TEXT NOT NULL DEFAULT '[]'" },
]

/** A row holds two million bytes; a character may take three. */
const partLength = 500_000
/** So many edits before the snapshot stay, for windows that come back. */
const keptEdits = 2_000
/** A window that has been away for so long has lost its name; what it still had is then sent as new. */
const clientLifeMs = 90 * 86_400_000
/** So many of a window's refused edits are remembered, for when it did not hear of them. */
const mostRefused = 256

export type LogRow = { first: number; last: number; edits: Uint8Array }
export type ClientRow = { number: number; id: string; by: string; counter: number; refused: number[] }
/** How far windows have come, by their numbers, and which of their edits were refused. */
export type Progress = {
  counters: ReadonlyMap<number, number>
  refused: ReadonlyMap<number, readonly number[]>
}
export type TextRow = { node: string; field: string; epoch: number; seq: number; state: Uint8Array }
export type Named = { id: string; name: string; by: string; at: string; seq: number; nodes: number }
export type Marks = { seq: number; snapshot_seq: number; saved_seq: number; version: number; epoch: number }

/** The only one that speaks SQL for a canvas. */
export class CanvasStore {
  private readonly sql: SqlStorage
  private ready: boolean

  constructor(sql: SqlStorage) {
    this.sql = sql
    this.ready = isMigrated(sql)
    if (this.ready) migrate(sql, migrations)
  }

  get hasBegun(): boolean {
    return this.ready
  }

  begin({ tenant, flow }: FlowRef, version: number, snapshot: string, base: string): void {
    if (this.ready) return
    migrate(this.sql, migrations)
    this.sql.exec(
      "INSERT INTO canvas (only, tenant_id, slot, flow_id, seq, snapshot_seq, saved_seq, version, epoch, is_gone) VALUES (1, ?, ?, ?, 0, 0, 0, ?, 0, 0)",
      tenant.id,
      tenant.slot,
      flow,
      version,
    )
    this.saveText("snapshot", snapshot)
    this.saveText("base", base)
    this.ready = true
  }

  /** Its storage was emptied. */
  forget(): void {
    this.ready = false
  }

  ref(): FlowRef {
    const row = this.sql
      .exec<{ tenant_id: TenantId; slot: string; flow_id: FlowId }>(
        "SELECT tenant_id, slot, flow_id FROM canvas",
      )
      .one()
    return { tenant: { id: row.tenant_id, slot: row.slot }, flow: row.flow_id }
  }

  marks(): Marks {
    return this.sql.exec<Marks>("SELECT seq, snapshot_seq, saved_seq, version, epoch FROM canvas").one()
  }

  get isGone(): boolean {
    return this.sql.exec<{ is_gone: number }>("SELECT is_gone FROM canvas").one().is_gone === 1
  }

  markGone(isGone: boolean): void {
    this.sql.exec("UPDATE canvas SET is_gone = ?", Number(isGone))
  }

  /** Edits in their places, and how far each window has come with them. */
  append(row: LogRow, { counters, refused }: Progress, now: number): void {
    if (row.last >= row.first) {
      this.sql.exec("INSERT INTO log (last, first, edits) VALUES (?, ?, ?)", row.last, row.first, row.edits)
      this.sql.exec("UPDATE canvas SET seq = ?", row.last)
    }
    for (const [number, counter] of counters)
      this.sql.exec("UPDATE clients SET counter = ?, seen_at = ? WHERE number = ?", counter, now, number)
    for (const [number, added] of refused) {
      const all = [...this.refusedOf(number), ...added].slice(-mostRefused)
      this.sql.exec("UPDATE clients SET refused = ? WHERE number = ?", JSON.stringify(all), number)
    }
  }

  private refusedOf(number: number): number[] {
    const [row] = this.sql
      .exec<{ refused: string }>("SELECT refused FROM clients WHERE number = ?", number)
      .toArray()
    return row ? (JSON.parse(row.refused) as number[]) : []
  }

  /** The log after an edit, row by row; the first row may begin before it. */
  after(seq: number): LogRow[] {
    return this.sql
      .exec<{ first: number; last: number; edits: ArrayBuffer }>(
        "SELECT first, last, edits FROM log WHERE last > ? ORDER BY last",
        seq,
      )
      .toArray()
      .map(({ edits, ...row }) => ({ ...row, edits: new Uint8Array(edits) }))
  }

  /** The edit that the log begins with, or the next one when it is empty. */
  oldest(): number {
    const { first, seq } = this.sql
      .exec<{ first: number | null; seq: number }>(
        "SELECT (SELECT MIN(first) FROM log) AS first, seq FROM canvas",
      )
      .one()
    return first ?? seq + 1
  }

  /** Gives a window its number, once; undefined when the name is another person's. */
  client(id: string, by: string, now: number): ClientRow | undefined {
    this.sql.exec(
      "INSERT INTO clients (id, by, counter, seen_at) VALUES (?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at WHERE clients.by = excluded.by",
      id,
      by,
      now,
    )
    const row = this.sql
      .exec<Omit<ClientRow, "refused">>("SELECT number, id, by, counter FROM clients WHERE id = ?", id)
      .one()
    return row.by === by ? { ...row, refused: this.refusedOf(row.number) } : undefined
  }

  /** The last edit of a window that was taken or refused. */
  counterOf(number: number): number {
    const [row] = this.sql
      .exec<{ counter: number }>("SELECT counter FROM clients WHERE number = ?", number)
      .toArray()
    return row?.counter ?? 0
  }

  /** Whose windows these numbers are. */
  peopleBehind(numbers: Iterable<number>): string[] {
    const people = new Set<string>()
    for (const number of numbers) {
      const [row] = this.sql.exec<{ by: string }>("SELECT by FROM clients WHERE number = ?", number).toArray()
      if (row) people.add(row.by)
    }
    return [...people]
  }

  /** The document as it is, in the place of the older one; what is before it is forgotten, but for what windows may still lack. */
  snapshot(seq: number, text: string, texts: readonly TextRow[], now: number): void {
    this.saveText("snapshot", text)
    this.sql.exec("UPDATE canvas SET snapshot_seq = ?", seq)
    for (const one of texts) this.saveDocument(one)
    this.sql.exec("UPDATE texts SET seq = ?", seq)
    this.sql.exec("DELETE FROM log WHERE last <= (SELECT MIN(?, saved_seq) FROM canvas)", seq - keptEdits)
    this.sql.exec("DELETE FROM clients WHERE seen_at < ?", now - clientLifeMs)
  }

  /** Forgets every edit that the snapshot holds. */
  dropLog(): void {
    this.sql.exec("DELETE FROM log WHERE last <= (SELECT snapshot_seq FROM canvas)")
  }

  /** The draft as the flow's row has it now. */
  saved(seq: number, version: number, base: string): void {
    this.saveText("base", base)
    this.sql.exec("UPDATE canvas SET saved_seq = ?, version = ?", seq, version)
  }

  private saveText(of: string, text: string): void {
    this.sql.exec("DELETE FROM parts WHERE of = ?", of)
    for (const [part, one] of splitText(text, partLength).entries())
      this.sql.exec("INSERT INTO parts (of, part, text) VALUES (?, ?, ?)", of, part, one)
  }

  text(of: string): string {
    return this.sql
      .exec<{ text: string }>("SELECT text FROM parts WHERE of = ? ORDER BY part", of)
      .toArray()
      .map(({ text }) => text)
      .join("")
  }

  texts(): TextRow[] {
    return this.sql
      .exec<Omit<TextRow, "state"> & { state: ArrayBuffer }>(
        "SELECT node, field, epoch, seq, state FROM texts",
      )
      .toArray()
      .map(({ state, ...row }) => ({ ...row, state: new Uint8Array(state) }))
  }

  saveDocument({ node, field, epoch, seq, state }: TextRow): void {
    this.sql.exec(
      `INSERT INTO texts (node, field, epoch, seq, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (node, field) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, state = excluded.state`,
      node,
      field,
      epoch,
      seq,
      state,
    )
  }

  dropDocument(node: string, field: string, epoch: number): void {
    this.sql.exec("DELETE FROM texts WHERE node = ? AND field = ? AND epoch = ?", node, field, epoch)
  }

  nextEpoch(): number {
    return this.sql.exec<{ epoch: number }>("UPDATE canvas SET epoch = epoch + 1 RETURNING epoch").one().epoch
  }

  name(version: Named, text: string): void {
    const { id, name, by, at, seq, nodes } = version
    this.sql.exec(
      "INSERT INTO named (id, name, by, at, seq, nodes) VALUES (?, ?, ?, ?, ?, ?)",
      id,
      name,
      by,
      at,
      seq,
      nodes,
    )
    this.saveText(id, text)
  }

  named(): Named[] {
    return this.sql.exec<Named>("SELECT id, name, by, at, seq, nodes FROM named ORDER BY id DESC").toArray()
  }

  /** A named version under another name and with another text. */
  rewrite(id: string, name: string, text: string): void {
    this.sql.exec("UPDATE named SET name = ? WHERE id = ?", name, id)
    this.saveText(id, text)
  }

  unname(id: string): boolean {
    this.sql.exec("DELETE FROM parts WHERE of = ?", id)
    return this.sql.exec("DELETE FROM named WHERE id = ? RETURNING id", id).toArray().length > 0
  }
}
