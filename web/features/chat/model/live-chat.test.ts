import { expect, it } from "vitest"
import type { ChatEvent, ChatMessage } from "#core/contract/chat"
import { chat, message, messageId } from "../test-chats.tsx"
import { LiveChat, type ChatSource, type MessagePage } from "./live-chat.ts"

/** A server whose line is cut after every few events. */
function cutEvery(
  count: number,
  log: readonly ChatEvent[],
  first: ChatMessage[],
): ChatSource & { opened: number } {
  const source = {
    opened: 0,
    session: () => Promise.resolve(chat()),
    page: (): Promise<MessagePage> =>
      Promise.resolve({ messages: first.toReversed(), has_more: false, last_seq: 0 }),
    async *stream(after: number) {
      source.opened++
      // A server may begin with what was seen already.
      await Promise.resolve()
      yield* log.filter(({ seq }) => seq > after - 2).slice(0, count)
      if (after < log.at(-1)!.seq) throw new TypeError("network error")
    },
    isFinal: () => false,
  }
  return source
}

const waits = { soon: (tell: () => void) => tell(), pause: () => Promise.resolve() }

const settled = (live: LiveChat, until: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => until() && resolve()
    live.subscribe(look)
    look()
  })

it("comes to the same text however often the line is cut", async () => {
  const words = Array.from({ length: 200 }, (_, i) => `${i} `)
  const log = words.map((text, i): ChatEvent => ({
    seq: i + 1,
    type: "delta",
    message_id: messageId(2),
    text,
  }))
  const answer = message(2, { content: "", status: "answering" })
  for (const count of [3, 7, 500]) {
    const source = cutEvery(count, log, [message(1), answer])
    const live = new LiveChat("chat", source, waits)
    live.open()
    await settled(live, () => live.seq === 200)
    expect(live.message(messageId(2))?.content).toBe(words.join(""))
    expect(source.opened).toBeGreaterThan(count === 500 ? 0 : 10)
    live.close()
  }
})

it("reads earlier messages before the first one, in their order, and says when there are no more", async () => {
  const all = Array.from({ length: 250 }, (_, i) => message(i + 1))
  const asked: (string | undefined)[] = []
  const live = new LiveChat(
    "chat",
    {
      session: () => Promise.resolve(chat()),
      page(before) {
        asked.push(before)
        const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before)
        const start = Math.max(0, end - 100)
        const messages = all.slice(start, end).toReversed()
        return Promise.resolve({ messages, has_more: start > 0, last_seq: 1 })
      },
      // Open for good.
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }),
      isFinal: () => false,
    },
    waits,
  )
  live.open()
  await settled(live, () => live.isBegun)
  await live.readOlder()
  await Promise.all([live.readOlder(), live.readOlder()])
  expect(live.said.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  expect(asked).toEqual([undefined, messageId(151), messageId(51)])
  expect(live.hasMore).toBe(false)
  live.close()
})

it("tells what cannot be mended, and begins again when it is asked to", async () => {
  let isThere = false
  const live = new LiveChat(
    "chat",
    {
      session: () => (isThere ? Promise.resolve(chat()) : Promise.reject(new Error("gone"))),
      page: () => Promise.resolve({ messages: [], has_more: false, last_seq: 0 }),
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }),
      isFinal: () => true,
    },
    waits,
  )
  live.open()
  await settled(live, () => live.link === "failed")
  isThere = true
  live.open()
  await settled(live, () => live.link === "live")
  expect(live.session?.title).toBe("Prices of tea")
  live.close()
})
