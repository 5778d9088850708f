import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { describe, expect, it } from "vitest"
import type { ChatEvent, ChatMessage, ChatSession } from "#core/contract/chat"
import { Down } from "#core/contract/socket/chat"
import { reduceMessages } from "#core/chat/reduce"
import { refused, unwrap } from "#core/errors"
import { newId, type AgentId, type ChatId, type FlowId, type MessageId, type TenantId } from "#core/ids"
import type { NewMessage } from "#durable/chat/ports"
import type { ChatRoom } from "#worker/stubs"
import { chatWorldOf, closing, delta, opening, type ChatWorld } from "./chat-world.ts"
import { chance, until } from "./kit.ts"

const { CHAT } = env as unknown as { CHAT: DurableObjectNamespace }
const agent = newId<AgentId>("agent", 1, chance)

class Room {
  readonly tenant = { id: newId<TenantId>("tenant", Date.now(), chance), slot: "TENANT_DB_000" }
  readonly world: ChatWorld = chatWorldOf(this.tenant.id)
  readonly id = newId<ChatId>("chat", Date.now(), chance)
  readonly name = CHAT.idFromName(`${this.tenant.id}/${this.id}`)

  get stub() {
    return CHAT.get(this.name)
  }
  get room(): ChatRoom {
    return this.stub as unknown as ChatRoom
  }

  async open(more: Partial<ChatSession> = {}): Promise<this> {
    const session: ChatSession = {
      id: this.id,
      title: "New chat",
      agent_id: agent,
      crew_id: null,
      flow_id: null,
      partner: "Ada",
      settings: { busy: "queue" },
      status: "idle",
      message_count: 0,
      cost_micros: 0,
      share_url: null,
      created_by: "user_x",
      created_at: "2026-11-21T12:00:00.000Z",
      updated_at: "2026-11-21T12:00:00.000Z",
      ...more,
    }
    unwrap(await this.room.open(this.tenant, session, false))
    return this
  }

  async send(content: string, more: Partial<NewMessage> = {}): Promise<MessageId> {
    const id = newId<MessageId>("msg", Date.now(), chance)
    const message = { id, content, author: "user_x", to_agent_id: null, attached_flow_id: null, ...more }
    return unwrap(await this.room.send(message)).message_id
  }

  async messages(): Promise<ChatMessage[]> {
    return unwrap(await this.room.messages(undefined, 500)).messages.toReversed()
  }

  async answers(): Promise<ChatMessage[]> {
    return (await this.messages()).filter(({ role }) => role === "assistant")
  }

  idle = () => until(async () => unwrap(await this.room.get()).status === "idle")
  status = async (n = -1) => (await this.answers()).at(n)?.status

  async *stream(after: number, audience = "all"): AsyncGenerator<ChatEvent, void> {
    const response = await this.room.fetch(new Request(`https://chat/${audience}?after=${after}`))
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ""
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        text += value
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const data = /^data: (.*)$/m.exec(text.slice(0, end))
          text = text.slice(end + 2)
          if (data) yield JSON.parse(data[1]!) as ChatEvent
        }
      }
    } finally {
      await reader.cancel()
    }
  }
}

const room = (more?: Partial<ChatSession>) => new Room().open(more)

describe("a chat", () => {
  it("[CH1] answers a message by an execution, with its steps and what they cost", async () => {
    const chat = await room()
    await chat.send("hello there")
    await chat.idle()
    const [asked, answer] = await chat.messages()
    expect(asked).toMatchObject({ role: "user", content: "hello there", status: "done", author: "user_x" })
    expect(answer).toMatchObject({
      parent_id: asked!.id,
      role: "assistant",
      content: "you said hello there",
      status: "done",
      author: "Ada",
      input_tokens: 7,
      output_tokens: 3,
      cost_micros: 11,
      steps: [{ type: "model", title: "fake", status: "succeeded", cost_micros: 11 }],
    })
    expect(unwrap(await chat.room.get())).toMatchObject({
      title: "Hello there",
      message_count: 2,
      cost_micros: 11,
    })
  })

  it("[CH2] tells the partner the branch that leads to a message, and no other", async () => {
    const chat = await room()
    await chat.send("one")
    await chat.idle()
    const second = await chat.send("two")
    await chat.idle()
    const id = newId<MessageId>("msg", Date.now(), chance)
    unwrap(await chat.room.edit(second, { id, content: "three", author: "user_x" }))
    await chat.idle()
    expect(chat.world.begun.at(-1)).toMatchObject({
      message: "three",
      history: [
        { role: "user", content: "one" },
        { role: "assistant", content: "you said one" },
      ],
    })
    const messages = await chat.messages()
    expect(messages.filter(({ parent_id }) => parent_id === messages[1]!.id).map((m) => m.content)).toEqual([
      "two",
      "three",
    ])
  })

  it("[CH3] answers once more beside the old answer", async () => {
    const chat = await room()
    await chat.send("again")
    await chat.idle()
    const [first] = await chat.answers()
    unwrap(await chat.room.retry(first!.id, "user_x"))
    await chat.idle()
    const answers = await chat.answers()
    expect(answers.map(({ parent_id }) => parent_id)).toEqual([first!.parent_id, first!.parent_id])
    expect(chat.world.begun).toHaveLength(2)
    expect(unwrap(await chat.room.get()).cost_micros).toBe(22)
  })

  it("[CH4] answers what comes while busy one after another", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening)
    await chat.send("one")
    await chat.send("two")
    await until(async () => (await chat.status(0)) === "answering")
    expect(await chat.status(1)).toBe("queued")
    chat.world.journal.say(...closing("first"))
    await until(() => chat.world.begun.length === 2)
    expect(chat.world.begun[1]!.history.at(-1)).toEqual({ role: "assistant", content: "first" })
    chat.world.journal.say(...closing("second"))
    await chat.idle()
    expect((await chat.answers()).map(({ content }) => content)).toEqual(["first", "second"])
  })

  it("[CH5] refuses, or interrupts, where it is set so", async () => {
    const refusing = await room({ settings: { busy: "refuse" } })
    refusing.world.script = (journal) => journal.say(...opening)
    await refusing.send("one")
    await expect(refusing.send("two")).rejects.toMatchObject({ code: "chat.busy" })
    expect(await refusing.messages()).toHaveLength(2)

    const interrupting = await room({ settings: { busy: "interrupt" } })
    interrupting.world.script = (journal, { message }) =>
      journal.say(...opening, delta("so far"), ...(message === "two" ? closing("so far") : []))
    await interrupting.send("one")
    await until(async () => (await interrupting.answers())[0]!.content === "so far")
    await interrupting.send("two")
    await interrupting.idle()
    expect((await interrupting.answers()).map(({ status, content }) => [status, content])).toEqual([
      ["stopped", "so far"],
      ["done", "so far"],
    ])
    expect(interrupting.world.cancelled).toHaveLength(1)
  })

  it("[CH6] stops what is under way and what is queued, and says what was said until then", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening, delta("partly"))
    await chat.send("one")
    await chat.send("two")
    await until(async () => (await chat.answers())[0]!.content === "partly")
    expect(unwrap(await chat.room.stop()).status).toBe("idle")
    expect((await chat.answers()).map(({ status, content }) => [status, content])).toEqual([
      ["stopped", "partly"],
      ["stopped", ""],
    ])
    expect(chat.world.begun).toHaveLength(1)
  })

  it("[CH7] stops an answer that is only just beginning", async () => {
    const chat = await room()
    chat.world.isHeld = true
    chat.world.script = (journal) => journal.say(...opening)
    await chat.send("one")
    await until(() => chat.world.asked === 1)
    const stopped = chat.room.stop()
    await new Promise((later) => setTimeout(later, 5))
    chat.world.isHeld = false
    expect(unwrap(await stopped).status).toBe("idle")
    expect(await chat.status()).toBe("stopped")
    expect(chat.world.cancelled).toHaveLength(1)
  })

  it("[CH8] gives what an attached flow came to to the partner", async () => {
    const chat = await room()
    const flow = newId<FlowId>("flow", 1, chance)
    chat.world.script = (journal, { partner, message }) =>
      journal.say(...opening, ...closing(partner.is === "flow" ? "42 rows" : `about ${message}`))
    await chat.send("the report", { attached_flow_id: flow })
    await chat.idle()
    expect(chat.world.begun).toMatchObject([
      { partner: { is: "flow", id: flow } },
      { partner: { is: "agent", id: agent }, attached: "42 rows" },
    ])
    expect((await chat.answers())[0]).toMatchObject({
      content: "about the report",
      cost_micros: 22,
      steps: [
        { id: "attached", title: "A flow", status: "succeeded" },
        { parent: "attached" },
        { parent: null },
      ],
    })
  })

  it("[CH9] has one member alone answer", async () => {
    const chat = await room()
    const other = newId<AgentId>("agent", 2, chance)
    await chat.send("you there", { to_agent_id: other })
    await chat.idle()
    expect(chat.world.begun[0]!.partner).toEqual({ is: "agent", id: other })
  })

  it("[CH10] says why an answer could not be begun, and tries again what may pass", async () => {
    const chat = await room()
    chat.world.refusals = [refused("agent.not_found")]
    await chat.send("one")
    await chat.idle()
    expect((await chat.answers())[0]).toMatchObject({ status: "failed", error: { code: "agent.not_found" } })
    chat.world.refusals = [refused("execution.overloaded")]
    await chat.send("two")
    await until(() => chat.world.asked === 3)
    await chat.idle()
    expect(await chat.status()).toBe("done")
  })

  it("[CH11] waits for a person, and says so", async () => {
    const chat = await room()
    const question = { approval_id: "appr_1", title: "Send it?", buttons: [], assignees: [] }
    chat.world.script = (journal) =>
      journal.say(
        ...opening,
        { type: "approval.requested", node_id: "gate", attempt: 1, data: question },
        { type: "execution.waiting", data: {} },
      )
    await chat.send("go")
    await until(async () => (await chat.status()) === "waiting")
    expect(unwrap(await chat.room.get()).status).toBe("waiting")
    const { steps } = (await chat.answers())[0]!
    expect(steps.at(-1)).toMatchObject({ type: "approval", approval_id: "appr_1", status: "waiting" })
    const data = { approval_id: "appr_1", button: "yes", actor: "user_y" }
    chat.world.journal.say(
      { type: "approval.answered", node_id: "gate", attempt: 1, data },
      ...closing("sent"),
    )
    await chat.idle()
    expect((await chat.answers())[0]!.steps.at(-1)).toMatchObject({ status: "succeeded" })
  })

  it("[CH12] brings the index up to date, though the database is away for a while", async () => {
    const chat = await room()
    chat.world.failures = 1
    await chat.send("find me")
    await chat.idle()
    await until(() => chat.world.session?.status === "idle" && chat.world.messages.size === 2, 10_000)
    const texts = [...chat.world.messages.values()].map(({ content }) => content)
    expect(texts.toSorted()).toEqual(["find me", "you said find me"])
  })

  it("[CH13] is gone when it is deleted, with what was under way, and its streams end", async () => {
    const chat = await room()
    chat.world.script = (journal) => journal.say(...opening)
    await chat.send("one")
    await until(() => chat.world.begun.length === 1)
    const reading = (async () => {
      for await (const event of chat.stream(0)) expect(event.seq).toBeGreaterThan(0)
    })()
    unwrap(await chat.room.remove())
    await reading
    expect(await chat.room.get()).toMatchObject({ ok: false, code: "chat.not_found" })
    await until(() => chat.world.cancelled.length === 1)
    await until(() => chat.world.session?.deleted_at != null)
  })
})

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
