import { evictDurableObject, runInDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import { newId, type ApiKeyId, type SessionId } from "#core/ids"
import type { Pass } from "#durable/kit/pass"
import { withPass } from "#durable/kit/pass"
import { Desk } from "./canvas-kit.ts"
import { room } from "./chat-kit.ts"
import { asking, chance, freshStub, gated, laneOf, start, until } from "./kit.ts"
import { world } from "./worker.ts"

const session = (needs: Pass["needs"]) =>
  ({ session: newId<SessionId>("session", Date.now(), chance), needs }) satisfies Pass
const key = (needs: Pass["needs"]) =>
  ({ key: newId<ApiKeyId>("key", Date.now(), chance), needs }) satisfies Pass

/** A socket that says nothing, and the code it is closed with. */
function idle(response: Response) {
  const socket = response.webSocket!
  const seen: { code: number | undefined } = { code: undefined }
  socket.addEventListener("close", ({ code }) => {
    seen.code = code
  })
  socket.accept()
  return seen
}

const upgrade = (pass: Pass) => ({ headers: withPass(new Headers({ upgrade: "websocket" }), pass) })
const limitMs = 5_000

describe("[A37] a socket that says nothing is closed within 5 s for who may not have it any more", () => {
  it("of an execution; the others stay", async () => {
    const gate = gated("never")
    world.models.set("revoked", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("revoked"), {}, { wait_ms: 0 })
    const [ana, bo, app] = [session("execution.read"), session("execution.read"), key("execution.read")]
    const open = async (pass: Pass) =>
      idle(await laneOf(stub).fetch(new Request(`https://execution/${execution_id}?after=0`, upgrade(pass))))
    const [hers, again, his, its] = [await open(ana), await open(ana), await open(bo), await open(app)]
    world.shutOut.add(ana.session).add(app.key)
    await until(() => hers.code !== undefined && again.code !== undefined && its.code !== undefined, limitMs)
    expect([hers.code, again.code, its.code, his.code]).toEqual([4403, 4403, 4403, undefined])
    world.shutOut.add(bo.session)
    await until(() => his.code === 4403, limitMs)
    // Nobody is here any more, so nothing looks.
    await until(async () => {
      const due = await runInDurableObject(stub, (_, state) =>
        state.storage.sql.exec("SELECT name FROM appointments WHERE name = 'viewers'").toArray(),
      )
      return due.length === 0
    }, limitMs)
    gate.open()
  })

  it("of a chat, also after the object was put to sleep", async () => {
    const chat = await room()
    const ana = session("chat.read")
    const seen = idle(await chat.room.fetch(new Request("https://chat/all?after=0", upgrade(ana))))
    await evictDurableObject(chat.stub)
    chat.world.shutOut.add(ana.session)
    await until(() => seen.code === 4403, limitMs)
  })

  it("of a canvas", async () => {
    const desk = new Desk()
    const [ada, ben, carl] = [await desk.opened("ada"), await desk.opened("ben"), await desk.opened("carl")]
    desk.deny("ben", "nothing")
    desk.deny("carl", "read")
    await until(() => ben.code === 4403, limitMs)
    await until(() => carl.talk?.mayEdit === false, limitMs)
    expect(ada.code).toBeUndefined()
  })
})
