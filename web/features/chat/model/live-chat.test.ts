import { expect, it } from "vitest"
import type { ChatEvent, ChatMessage } from "#core/contract/chat"
import { chat, message, messageId } from "../test-chats.tsx"
import { LiveChat, type ChatSource, type MessagePage, type Range } from "./live-chat.ts"

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
      Promise.resolve({ messages: first.toReversed(), has_more: false, has_newer: false, last_seq: 0 }),
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

const size = 100

/** A server of so many messages, whose stream says what the test says; `asked` is told which pages were wanted. */
function serve(count: number, asked: Range[] = []) {
  const all = Array.from({ length: count }, (_, i) => message(i + 1))
  const at = (id: string) => all.findIndex((one) => one.id === id)
  const rangeOf = ({ before, after, around }: Range): [number, number] => {
    if (after) return [at(after) + 1, at(after) + 1 + size]
    if (around) return [at(around) - size / 2, at(around) + size / 2]
    const end = before ? at(before) : count
    return [end - size, end]
  }
  let say: (event: ChatEvent) => void = () => {}
  const source: ChatSource = {
    session: () => Promise.resolve(chat()),
    page(range) {
      asked.push(range)
      const [start, end] = rangeOf(range)
      const messages = all.slice(Math.max(0, start), end).toReversed()
      return Promise.resolve({ messages, has_more: start > 0, has_newer: end < count, last_seq: 1 })
    },
    async *stream() {
      for (;;) yield await new Promise<ChatEvent>((resolve) => (say = resolve))
    },
    isFinal: () => false,
  }
  const live = new LiveChat("chat", source, waits)
  live.open()
  const shown = () => live.said.map(({ id }) => Number(id.slice(-6)))
  return { live, shown, say: (event: ChatEvent) => say(event), begun: settled(live, () => live.isBegun) }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

it("reads earlier messages before the first one, in their order, and says when there are no more", async () => {
  const asked: Range[] = []
  const { live, shown, begun } = serve(250, asked)
  await begun
  await live.readOlder()
  await Promise.all([live.readOlder(), live.readOlder()])
  expect(shown()).toEqual(numbers(1, 250))
  expect(asked).toEqual([{}, { before: messageId(151) }, { before: messageId(51) }])
  expect(live.hasMore).toBe(false)
  live.close()
})

it("goes to a message far back without reading what lies between, and meets the end by reading on", async () => {
  const asked: Range[] = []
  const { live, shown, begun } = serve(400, asked)
  await begun
  await live.goTo(messageId(120))
  expect(shown()).toEqual(numbers(70, 169))
  expect([live.hasMore, live.hasNewer]).toEqual([true, true])
  await live.readOlder()
  expect(shown()).toEqual(numbers(1, 169))
  await live.readNewer()
  expect(live.hasNewer).toBe(true)
  await live.readNewer()
  expect(shown()).toEqual(numbers(1, 400))
  expect([live.hasMore, live.hasNewer]).toEqual([false, false])
  expect(asked).toHaveLength(5)
  live.close()
})

it("takes in what happens at the end while somebody reads far back, and shows it to whoever returns", async () => {
  const { live, shown, say, begun } = serve(400)
  await begun
  await live.goTo(messageId(120))
  await settled(live, () => live.link === "live")
  say({ seq: 2, type: "message", message: message(401) })
  await settled(live, () => live.seq === 2)
  expect(shown()).toEqual(numbers(70, 169))
  say({ seq: 3, type: "message", message: message(120, { feedback: "up" }) })
  await settled(live, () => live.seq === 3)
  expect(live.message(messageId(120))?.feedback).toBe("up")
  live.goToEnd()
  expect(shown()).toEqual(numbers(301, 401))
  live.close()
})

it("takes news of a message that was not read yet for no new message", async () => {
  const { live, shown, say, begun } = serve(400)
  await begun
  await settled(live, () => live.link === "live")
  say({ seq: 2, type: "message", message: message(7, { feedback: "up" }) })
  await settled(live, () => live.seq === 2)
  expect(shown()).toEqual(numbers(301, 400))
  live.close()
})

it("tells what cannot be mended, and begins again when it is asked to", async () => {
  let isThere = false
  const live = new LiveChat(
    "chat",
    {
      session: () => (isThere ? Promise.resolve(chat()) : Promise.reject(new Error("gone"))),
      page: () => Promise.resolve({ messages: [], has_more: false, has_newer: false, last_seq: 0 }),
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
