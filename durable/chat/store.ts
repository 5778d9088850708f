import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import { reduceMessage } from "#core/chat/reduce"
import type { ExecutionId, MessageId, TenantId } from "#core/ids"
import type { Json } from "#core/json"
import { appointmentsTable } from "#durable/kit/alarms"
import { isMigrated, migrate, type Migration } from "#durable/kit/sqlite"
import type { AuthorId, TenantRef } from "./ports.ts"

const migrations: readonly Migration[] = [
  {
    id: "000_chat",
    sql: `
      CREATE TABLE chat (
        only INTEGER PRIMARY KEY CHECK (only = 1), tenant_id TEXT NOT NULL, slot TEXT NOT NULL, session TEXT NOT NULL,
        is_titled INTEGER NOT NULL, seq INTEGER NOT NULL, deleted_at TEXT
      );
      CREATE TABLE messages (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, parent_id TEXT, role TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL
      );
      CREATE TABLE turns (
        message_id TEXT PRIMARY KEY, place INTEGER NOT NULL, author TEXT NOT NULL, stage TEXT NOT NULL, execution_id TEXT,
        read INTEGER NOT NULL, is_stopping INTEGER NOT NULL, tries INTEGER NOT NULL, attached TEXT, spent TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE log (seq INTEGER PRIMARY KEY, last INTEGER NOT NULL, about TEXT NOT NULL, events TEXT);
      CREATE INDEX log_about ON log (about);
      CREATE TABLE leaving (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
      ${appointmentsTable};`,
  },
]

export type Spent = Pick<ChatMessage, "input_tokens" | "output_tokens" | "cost_micros">

/** An answer that is not given yet. Its place in the row of those is its message's. */
export type Turn = {
  message_id: MessageId
  author: AuthorId
  /** The attached flow comes first. */
  stage: "attached" | "answer"
  execution_id: ExecutionId | null
  /** The last event of the execution that the log has the news of. */
  read: number
  is_stopping: boolean
  tries: number
  attached: Json | undefined
  /** By executions before this one. */
  spent: Spent
}

type TurnRow = Omit<Turn, "is_stopping" | "attached" | "spent"> & {
  is_stopping: number
  attached: string | null
  spent: string
}

/** A row of the log: what happened to a message in detail, or that a message or the chat is as it is now. */
export type LogRow = { seq: number; last: number; about: string; events: string | null; body: string | null }

/** The chat itself, among what rows of the log are about. */
const session = "session"
/** Of so many answers the log keeps how they came about. */
const keptInDetail = 4

/** What happened, before it has its place. */
export type ChatNews = ChatEvent extends infer E ? (E extends ChatEvent ? Omit<E, "seq"> : never) : never

/** The only one that speaks SQL for a chat. */
export class ChatStore {
  private readonly sql: SqlStorage
  private ready: boolean

  constructor(sql: SqlStorage) {
    this.sql = sql
    this.ready = isMigrated(sql)
    if (this.ready) migrate(sql, migrations)
  }

  open(tenant: TenantRef, first: ChatSession, isTitled: boolean): void {
    if (this.ready) return
    migrate(this.sql, migrations)
    this.sql.exec(
      "INSERT INTO chat (only, tenant_id, slot, session, is_titled, seq) VALUES (1, ?, ?, ?, ?, 0)",
      tenant.id,
      tenant.slot,
      JSON.stringify(first),
      Number(isTitled),
    )
    this.ready = true
  }

  /** Its storage was emptied. */
  forget(): void {
    this.ready = false
  }

  /** It has begun and is not deleted. */
  get isOpen(): boolean {
    return this.ready && this.deletedAt() === null
  }

  get hasBegun(): boolean {
    return this.ready
  }

  deletedAt(): string | null {
    return this.sql.exec<{ deleted_at: string | null }>("SELECT deleted_at FROM chat").one().deleted_at
  }

  markDeleted(at: string): void {
    this.sql.exec("UPDATE chat SET deleted_at = ?", at)
    this.leave(session)
  }

  tenant(): TenantRef {
    return this.sql.exec<{ id: TenantId; slot: string }>("SELECT tenant_id AS id, slot FROM chat").one()
  }

  session(): ChatSession {
    return JSON.parse(
      this.sql.exec<{ session: string }>("SELECT session FROM chat").one().session,
    ) as ChatSession
  }

  get isTitled(): boolean {
    return this.sql.exec<{ is_titled: number }>("SELECT is_titled FROM chat").one().is_titled === 1
  }

  saveSession(next: ChatSession, isTitled: boolean): void {
    this.sql.exec("UPDATE chat SET session = ?, is_titled = ?", JSON.stringify(next), Number(isTitled))
    this.refer(session)
    this.leave(session)
  }

  lastSeq(): number {
    return this.sql.exec<{ seq: number }>("SELECT seq FROM chat").one().seq
  }

  private nextSeq(count: number): number {
    const last = this.lastSeq()
    this.sql.exec("UPDATE chat SET seq = ?", last + count)
    return last + 1
  }

  /** Says that something is now as it stands in its own row: in the place of what was said so before. */
  private refer(about: string): void {
    const seq = this.nextSeq(1)
    this.sql.exec("DELETE FROM log WHERE about = ? AND events IS NULL", about)
    this.sql.exec("INSERT INTO log (seq, last, about) VALUES (?, ?, ?)", seq, seq, about)
    if (about !== session) this.sql.exec("UPDATE messages SET seq = ? WHERE id = ?", seq, about)
  }

  /** A message, whole: nothing more happens to it that needs telling in detail. */
  keepWhole(message: ChatMessage): void {
    this.body(message)
    this.refer(message.id)
    this.leave(message.id)
  }

  /** News of a message that is not whole yet, with their places. */
  tell(about: MessageId, news: readonly ChatNews[]): ChatEvent[] {
    const first = this.nextSeq(news.length)
    const events = news.map((one, i) => ({ seq: first + i, ...one }))
    const last = first + news.length - 1
    this.sql.exec(
      "INSERT INTO log (seq, last, about, events) VALUES (?, ?, ?, ?)",
      first,
      last,
      about,
      JSON.stringify(events),
    )
    const whole = events.findLast((event) => event.type === "message")
    if (whole?.type === "message") {
      this.body(whole.message)
      this.sql.exec("UPDATE messages SET seq = ? WHERE id = ?", whole.seq, about)
    }
    return events
  }

  private body(message: ChatMessage): void {
    this.sql.exec(
      `INSERT INTO messages (id, parent_id, role, seq, body) VALUES (?, ?, ?, 0, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      message.id,
      message.parent_id,
      message.role,
      JSON.stringify(message),
    )
  }

  has(id: MessageId): boolean {
    return this.sql.exec("SELECT 1 FROM messages WHERE id = ?", id).toArray().length > 0
  }

  /** A message as it is now: as it was written last, and what happened to it since. */
  message(id: MessageId): ChatMessage | undefined {
    const [row] = this.sql
      .exec<{ body: string; seq: number }>("SELECT body, seq FROM messages WHERE id = ?", id)
      .toArray()
    if (!row) return undefined
    const written = JSON.parse(row.body) as ChatMessage
    return this.sql
      .exec<{ events: string }>(
        "SELECT events FROM log WHERE about = ? AND last > ? AND events IS NOT NULL ORDER BY seq",
        id,
        row.seq,
      )
      .toArray()
      .flatMap(({ events }) => JSON.parse(events) as ChatEvent[])
      .filter((event) => event.seq > row.seq)
      .reduce(reduceMessage, written)
  }

  newest(): MessageId | undefined {
    const [row] = this.sql
      .exec<{ id: MessageId }>("SELECT id FROM messages ORDER BY place DESC LIMIT 1")
      .toArray()
    return row?.id
  }

  /** Ids of messages from the newest on, or from before one. */
  idsBefore(before: MessageId | undefined, most: number): MessageId[] {
    return this.ids(
      `SELECT id FROM messages WHERE place < COALESCE((SELECT place FROM messages WHERE id = ?), 9e15)
       ORDER BY place DESC LIMIT ?`,
      before ?? null,
      most,
    )
  }

  /** Ids of the messages that came next after one, the last ones first. */
  idsAfter(after: MessageId, most: number): MessageId[] {
    return this.ids(
      `SELECT id FROM messages WHERE place > (SELECT place FROM messages WHERE id = ?) ORDER BY place LIMIT ?`,
      after,
      most,
    ).toReversed()
  }

  /** The branch that leads to a message: ids from that message up to the first one. */
  idsUp(from: MessageId): MessageId[] {
    return this.ids(
      `WITH RECURSIVE up (id, parent_id) AS (
         SELECT id, parent_id FROM messages WHERE id = ?
         UNION SELECT messages.id, messages.parent_id FROM up JOIN messages ON messages.id = up.parent_id
       ) SELECT id FROM up`,
      from,
    )
  }

  private ids(query: string, ...given: (string | number | null)[]): MessageId[] {
    return this.sql
      .exec<{ id: MessageId }>(query, ...given)
      .toArray()
      .map(({ id }) => id)
  }

  /** What follows an entry of the log, as many rows as make up so many characters. */
  rowsAfter(seq: number, most: number): LogRow[] {
    const rows: LogRow[] = []
    let size = 0
    for (const row of this.sql.exec<LogRow>(
      `SELECT log.seq, last, about, events, CASE WHEN about = '${session}' THEN (SELECT session FROM chat) ELSE body END AS body
       FROM log LEFT JOIN messages ON events IS NULL AND id = about
       WHERE log.seq >= COALESCE((SELECT MAX(seq) FROM log WHERE seq <= ?1), 0) AND last > ?1 ORDER BY log.seq`,
      seq,
    )) {
      rows.push(row)
      size += (row.events ?? row.body ?? "").length
      if (size >= most) break
    }
    return rows
  }

  /** Forgets how older answers came about; they themselves are kept whole. */
  compact(): void {
    this.sql.exec(
      `DELETE FROM log WHERE events IS NOT NULL AND about NOT IN (SELECT message_id FROM turns)
       AND about NOT IN (SELECT id FROM messages WHERE role = 'assistant' ORDER BY place DESC LIMIT ${keptInDetail})`,
    )
  }

  /** Forgets how a message came about; it itself stays as it was written last. */
  dropDetail(id: MessageId): void {
    this.sql.exec("DELETE FROM log WHERE about = ? AND events IS NOT NULL", id)
  }

  addTurn(message: MessageId, author: AuthorId, stage: Turn["stage"]): void {
    this.sql.exec(
      `INSERT INTO turns (message_id, place, author, stage, read, is_stopping, tries, spent)
       SELECT id, place, ?, ?, 0, 0, 0, '{"input_tokens":0,"output_tokens":0,"cost_micros":0}' FROM messages WHERE id = ?`,
      author,
      stage,
      message,
    )
  }

  turns(): Turn[] {
    return this.sql
      .exec<TurnRow>(
        `SELECT message_id, author, stage, execution_id, read, is_stopping, tries, attached, spent FROM turns ORDER BY place`,
      )
      .toArray()
      .map((row) => ({
        ...row,
        is_stopping: row.is_stopping === 1,
        attached: row.attached === null ? undefined : (JSON.parse(row.attached) as Json),
        spent: JSON.parse(row.spent) as Spent,
      }))
  }

  turn(message: MessageId): Turn | undefined {
    return this.turns().find(({ message_id }) => message_id === message)
  }

  saveTurn({ message_id, stage, execution_id, read, is_stopping, tries, attached, spent }: Turn): void {
    this.sql.exec(
      `UPDATE turns SET stage = ?, execution_id = ?, read = ?, is_stopping = ?, tries = ?, attached = ?, spent = ? WHERE message_id = ?`,
      stage,
      execution_id,
      read,
      Number(is_stopping),
      tries,
      attached === undefined ? null : JSON.stringify(attached),
      JSON.stringify(spent),
      message_id,
    )
  }

  noteRead(message: MessageId, read: number): void {
    this.sql.exec("UPDATE turns SET read = ? WHERE message_id = ?", read, message)
  }

  dropTurn(message: MessageId): void {
    this.sql.exec("DELETE FROM turns WHERE message_id = ?", message)
  }

  private leave(key: string): void {
    this.sql.exec(
      "INSERT INTO leaving (key, seq) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET seq = excluded.seq + (excluded.seq = leaving.seq)",
      key,
      this.lastSeq(),
    )
  }

  leaving(most: number): { key: string; seq: number }[] {
    if (!this.ready) return []
    return this.sql
      .exec<{ key: string; seq: number }>("SELECT key, seq FROM leaving ORDER BY key DESC LIMIT ?", most)
      .toArray()
  }

  /** It has arrived, unless it has changed since. */
  left(key: string, seq: number): void {
    this.sql.exec("DELETE FROM leaving WHERE key = ? AND seq = ?", key, seq)
  }
}
