import { describe, expect, it } from "vitest"
import { refused, unwrap } from "#core/errors"
import { newId, type AgentId, type FlowId, type MessageId } from "#core/ids"
import { agent, room } from "./chat-kit.ts"
import { closing, delta, opening } from "./chat-world.ts"
import { chance, until } from "./kit.ts"

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
