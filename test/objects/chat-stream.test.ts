import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import type { ChatEvent, ChatMessage } from "#core/contract/chat"
import { Down } from "#core/contract/socket/chat"
import { reduceMessages } from "#core/chat/reduce"
import { room } from "./chat-kit.ts"
import { closing, delta, opening } from "./chat-world.ts"
import { until } from "./kit.ts"

describe("a chat's stream", () => {
  const text = (events: readonly ChatEvent[]) =>
    events
      .reduce<readonly ChatMessage[]>(reduceMessages, [])
      .filter(({ role }) => role === "assistant")
      .map(({ content }) => content)

  it("[CH20] comes to the same text, cut after any event and resumed", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening)
    const words = Array.from({ length: 60 }, (_, i) => `<b>w${i}</b> ä`)
    await chat.send("speak")
    const whole: ChatEvent[] = []
    const reading = (async () => {
      for await (const event of chat.stream(0)) {
        whole.push(event)
        if (event.type === "session" && event.session.status === "idle") return
      }
    })()
    const cut: ChatEvent[] = []
    const cutting = (async () => {
      for (let over = false; !over;) {
        let taken = 0
        for await (const event of chat.stream(cut.at(-1)?.seq ?? 0)) {
          cut.push(event)
          over = event.type === "session" && event.session.status === "idle"
          if (over || ++taken === 2) break
        }
      }
    })()
    for (const word of words) {
      chat.world.journal?.say(delta(word))
      await new Promise((later) => setTimeout(later, 3))
    }
    await until(() => chat.world.begun.length === 1)
    const said = chat.world.journal.events.flatMap((e) => (e.type === "model.delta" ? e.data.text : []))
    chat.world.journal.say(...closing(said.join("")))
    await Promise.all([reading, cutting])
    expect(said.length).toBeGreaterThan(20)
    expect(text(whole)).toEqual([said.join("")])
    expect(cut).toEqual(whole)
    for (const after of [0, 3, whole[Math.floor(whole.length / 2)]!.seq]) {
      const before = whole.filter(({ seq }) => seq <= after)
      const rest: ChatEvent[] = []
      for await (const event of chat.stream(after)) {
        rest.push(event)
        if (event.seq === whole.at(-1)!.seq) break
      }
      expect(text([...before, ...rest])).toEqual([said.join("")])
    }
  })

  it("[CH21] goes on after the object was killed, without a word lost or doubled", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening, delta("one "))
    await chat.send("speak")
    const events: ChatEvent[] = []
    const take = async () => {
      for await (const event of chat.stream(events.at(-1)?.seq ?? 0)) {
        events.push(event)
        if (event.type === "message" && event.message.status === "done" && event.message.role !== "user")
          return
      }
    }
    const isTold = (said: string) => until(() => text(events).join("").includes(said))
    for (const word of ["two ", "three ", "four "]) {
      const taking = take().catch(() => {})
      await isTold("one")
      chat.world.journal.say(delta(word))
      await isTold(word)
      await abortAllDurableObjects()
      await taking
    }
    chat.world.journal.say(delta("five"), ...closing("one two three four five"))
    await take()
    expect(text(events)).toEqual(["one two three four five"])
    expect(events.filter(({ type }) => type === "reset")).toEqual([])
    expect(chat.world.begun).toHaveLength(1)
    expect((await chat.answers())[0]).toMatchObject({ content: "one two three four five", cost_micros: 11 })
  })

  it("[CH22] begins an answer once, though it was killed while it began", async () => {
    const chat = await room()
    chat.world.isHeld = true
    await chat.send("speak")
    await until(() => chat.world.asked === 1)
    await abortAllDurableObjects()
    chat.world.isHeld = false
    await chat.idle()
    expect(chat.world.begun).toHaveLength(1)
    expect(await chat.status()).toBe("done")
  })

  it("[CH23] reads on when the line to an execution is cut", async () => {
    const chat = await room()
    chat.world.breakAfter = 1
    chat.world.script = (journal) => journal.say(...opening, delta("half "))
    await chat.send("speak")
    await until(async () => (await chat.answers())[0]!.content === "half ")
    chat.world.journal.say(delta("whole"))
    await new Promise((later) => setTimeout(later, 20))
    chat.world.breakAfter = Infinity
    chat.world.journal.say(...closing("half whole"))
    await chat.idle()
    expect((await chat.answers())[0]!.content).toBe("half whole")
  })

  it("[CH24] keeps of older answers that they were given, and few rows of any", async () => {
    const chat = await room()
    for (let i = 0; i < 8; i++) {
      chat.world.script = (journal, { message }) => {
        const words = Array.from({ length: 50 }, (_, n) => `${message}${n} `)
        journal.say(...opening, ...words.map(delta), ...closing(words.join("")))
      }
      await chat.send(`m${i}`)
      await chat.idle()
    }
    const rows = await runInDurableObject(chat.stub, (_, { storage }) =>
      storage.sql
        .exec<{ about: string; n: number }>(
          "SELECT about, COUNT(*) AS n FROM log WHERE events IS NOT NULL GROUP BY about",
        )
        .toArray(),
    )
    expect(rows).toHaveLength(4)
    expect(rows.every(({ n }) => n < 12)).toBe(true)
    const events: ChatEvent[] = []
    for await (const event of chat.stream(0)) {
      events.push(event)
      if (event.type === "session") break
    }
    expect(text(events)).toEqual((await chat.answers()).map(({ content }) => content))
  })

  it("[CH26] speaks through a socket, as far as its window is acknowledged", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening)
    await chat.send("speak")
    const upgrade = new Request("https://chat/all?after=0", { headers: { upgrade: "websocket" } })
    const socket = (await chat.room.fetch(upgrade)).webSocket!
    const events: ChatEvent[] = []
    socket.accept()
    socket.addEventListener("message", ({ data }) => {
      const down = Down.parse(JSON.parse(data as string))
      if (down.type === "events") events.push(...down.events)
    })
    await until(() => events.some((event) => event.type === "step"))
    chat.world.journal.say(delta("hello"), ...closing("hello"))
    await until(() => text(events).join("") === "hello")
    socket.send(JSON.stringify({ type: "ack", seq: events.at(-1)!.seq }))
    await chat.idle()
    const { promise, resolve } = Promise.withResolvers<CloseEvent>()
    socket.addEventListener("close", resolve)
    socket.send("nonsense")
    expect((await promise).code).toBe(1007)
  })

  it("[CH25] shows visitors texts, and nothing of how they came about", async () => {
    const chat = await room()
    await chat.send("<img src=x onerror=alert(1)>")
    await chat.idle()
    const events: unknown[] = []
    for await (const event of chat.stream(0, "visitor")) {
      events.push(event)
      if (event.type === "message" && event.message.role === "assistant" && event.message.status === "done")
        break
    }
    const said = JSON.stringify(events)
    expect(said).toContain("you said <img src=x onerror=alert(1)>")
    for (const word of ["cost_micros", "execution_id", "steps", '"session"', "user_x"])
      expect(said).not.toContain(word)
  })
})
