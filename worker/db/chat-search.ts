import { and, sql, type SQL } from "drizzle-orm"
import type { ChatHit } from "#core/contract/chat"
import { ChatId, MessageId } from "#core/ids"
import type { Db } from "./commit.ts"
import { chat_messages, chat_sessions } from "./schema/chats.ts"
import { contains } from "./search.ts"

/** Around what was found in an excerpt: no text of a person's holds these. */
const [from, to] = ["\u0002", "\u0003"]
/** How much of a text an excerpt shows: words, or characters where no words are told apart. */
const excerptWords = 14
const excerptBefore = 30
const excerptLength = 120

/** Writing that puts no spaces between words: FTS5 takes a whole sentence for one. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u
const mostWords = 16

/** What FTS5 is asked: texts that hold every word, as words or as beginnings of words. Undefined: there are no words to look for. */
export function matchOf(search: string): string | undefined {
  if (unspaced.test(search)) return undefined
  const words = search.match(/[\p{L}\p{N}\p{M}]+/gu)?.slice(0, mostWords)
  return words?.map((word) => `"${word}" *`).join(" ")
}

/** Whether a chat's title, or something that was said in it, holds what is looked for. */
export function isMet(search: string): SQL {
  const match = matchOf(search)
  if (match === undefined) {
    return sql`exists (select 1 from ${chat_messages} where ${chat_messages.chat_id} = ${chat_sessions.id} and ${contains(chat_messages.content, search)})`
  }
  return sql`${chat_sessions.id} in (
    select ${chat_messages.chat_id} from chat_messages_fts join ${chat_messages} on ${chat_messages.row} = chat_messages_fts.rowid
    where chat_messages_fts match ${match})`
}

/** For each of these chats the place that fits best, in the order of the chats. */
export async function bestHits(db: Db, search: string, chats: readonly ChatId[]): Promise<ChatHit[]> {
  if (chats.length === 0) return []
  const match = matchOf(search)
  const found = match === undefined ? await plainHits(db, search, chats) : await wordHits(db, match, chats)
  const hits = new Map(found.map((one) => [one.chat_id, one]))
  return chats.flatMap((id) => hits.get(id) ?? [])
}

type Met = { chat_id: string; id: string; excerpt: string }

async function wordHits(db: Db, match: string, chats: readonly ChatId[]): Promise<ChatHit[]> {
  // FTS5's functions know their own query alone, hence the two steps kept apart.
  const met = await db.all<Met>(sql`
    with met as materialized (
      select m.row, m.chat_id, bm25(chat_messages_fts) as score
      from chat_messages_fts join chat_messages m on m.row = chat_messages_fts.rowid
      where chat_messages_fts match ${match} and m.chat_id in (select value from json_each(${JSON.stringify(chats)}))
    ), best as materialized (select row, min(score) from met group by chat_id)
    select m.chat_id, m.id, snippet(chat_messages_fts, 0, ${from}, ${to}, '…', ${excerptWords}) as excerpt
    from chat_messages_fts join chat_messages m on m.row = chat_messages_fts.rowid
    where chat_messages_fts match ${match} and chat_messages_fts.rowid in (select row from best)`)
  return met.map(hitOf)
}

async function plainHits(db: Db, search: string, chats: readonly ChatId[]): Promise<ChatHit[]> {
  const met = await db
    .select({
      chat_id: chat_messages.chat_id,
      id: sql<string>`min(${chat_messages.id})`,
      excerpt: sql<string>`substr(${chat_messages.content}, max(1, instr(${chat_messages.content}, ${search}) - ${excerptBefore}), ${excerptLength})`,
    })
    .from(chat_messages)
    .where(
      and(
        sql`${chat_messages.chat_id} in (select value from json_each(${JSON.stringify(chats)}))`,
        contains(chat_messages.content, search),
      ),
    )
    .groupBy(chat_messages.chat_id)
  return met.map((one) =>
    hitOf({ ...one, excerpt: one.excerpt.replaceAll(search, (found) => from + found + to) }),
  )
}

const hitOf = ({ chat_id, id, excerpt }: Met): ChatHit => {
  const message = MessageId.safeParse(id)
  return {
    chat_id: ChatId.parse(chat_id),
    message_id: message.success ? message.data : null,
    excerpt: piecesOf(excerpt),
  }
}

/** An excerpt in pieces, without its marks. */
export function piecesOf(excerpt: string): ChatHit["excerpt"] {
  return excerpt
    .split(from)
    .flatMap((part, i) => {
      const end = i === 0 ? -1 : part.indexOf(to)
      return [
        { text: part.slice(0, Math.max(0, end)), is_match: true },
        { text: part.slice(end + 1), is_match: false },
      ]
    })
    .map(({ text, is_match }) => ({ text: text.replace(/\s+/g, " "), is_match }))
    .filter(({ text }) => text !== "")
}
