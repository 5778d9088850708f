import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { executionId, laneOf, type ChatId, type ExecutionId, type UserId } from "#core/ids"
import type { LearnedIn } from "#durable/execution/ports"
import { remember } from "#worker/services/memories/remember"
import { continueErasures } from "#worker/services/privacy/erasing"
import { createApp } from "#worker/app"
import { addressOf, call } from "#test/kit/api"
import { newAgent } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { storesOf, whereFound } from "#test/kit/stores"
import { newMember, newTenant, siteIn, testEnv, unique } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

/** Waits until everything in a chat is answered. */
async function answered(token: string, chat_id: string): Promise<void> {
  const open = async () => {
    const { messages } = await call(chatApi.messages, { token, params: { chat_id } })
    return messages.filter(({ role, finished_at }) => role === "assistant" && finished_at === null).length
  }
  await expect.poll(open, { timeout: 15_000, interval: 20 }).toBe(0)
}

/** The chats' namespace, which notes whom it is asked for. */
function watched(visited: Set<string>): typeof testEnv.CHAT {
  return new Proxy(testEnv.CHAT, {
    get: (target, name) => {
      if (name === "get") return target.get.bind(target)
      return (place: string) => {
        visited.add(place.split("/")[1]!)
        return target.idFromName(place)
      }
    },
  })
}

it("[ER14] looks into the chats in which they wrote, those of before that was noted, and no others", async () => {
  const own = await newTenant("many-chats")
  const { token } = own
  const [person, another] = [await newMember(own, "editor"), await newMember(own, "editor")]
  const { id } = (await call(flowsApi.create, { token, body: flowDraft("Greeter") })).flow
  await call(flowsApi.publish, { token, params: { flow_id: id } })
  const word = unique("canary").replaceAll("-", "")
  const chat = async (by: string, content: string) => {
    const { session } = await call(chatApi.create, { token, body: { flow_id: id } })
    await call(chatApi.send, { token: by, params: { chat_id: session.id }, body: { content } })
    await answered(token, session.id)
    return session.id
  }
  /** Writes the first message of a chat anew, beside it. */
  const edit = async (by: string, chat_id: string, content: string) => {
    const { messages } = await call(chatApi.messages, { token, params: { chat_id } })
    const params = { chat_id, message_id: messages.at(-1)!.id }
    await call(chatApi.edit, { token: by, params, body: { content } })
    await answered(token, chat_id)
  }
  const [said, deleted, old] = [
    await chat(person.token, `said${word}`),
    await chat(person.token, `deleted${word}`),
    await chat(person.token, `old${word}`),
  ]
  const [edited, without] = [await chat(token, "Ours"), await chat(token, "Ours")]
  await edit(person.token, edited, `edited${word}`)
  await call(chatApi.remove, { token, params: { chat_id: deleted } })
  const d1 = await databaseOf(own.id)
  await d1.prepare("delete from chat_authors where chat_id = ?").bind(old).run()
  // Who writes now in one of before says nothing of those who wrote then.
  await edit(another.token, old, "And now")
  // The journal of this answer has what was said before.
  await call(chatApi.send, {
    token: another.token,
    params: { chat_id: said },
    body: { content: "And then?" },
  })
  await answered(token, said)
  const visited = new Set<string>()
  const asked = await call(privacyApi.ask, { token, body: { reason: "They asked", user_id: person.user } })
  await d1.prepare("update erasures set status = 'erasing' where id = ?").bind(asked.erasure.id).run()
  const site = await siteIn(own)
  expect(await continueErasures({ ...testEnv, CHAT: watched(visited) }, site)).toBe(false)
  expect([...visited].toSorted()).toEqual([said, deleted, old, edited].toSorted())
  expect(visited.has(without)).toBe(false)
  expect(whereFound(await storesOf(own.id), [word])).toEqual([])
}, 60_000)

it("[ER15] finds what had not come into the index yet", async () => {
  const own = await newTenant("late-rows")
  const person = await newMember(own, "editor")
  const { id: flow_id } = (await call(flowsApi.create, { token: own.token, body: flowDraft("Greeter") })).flow
  await call(flowsApi.publish, { token: own.token, params: { flow_id } })
  const word = unique("canary").replaceAll("-", "")
  const d1 = await databaseOf(own.id)
  const known = async () => (await d1.prepare("select id from executions").all()).results.length
  // Deliveries to the index keep a distance from each other: some of so many are on their way for half a second.
  for (let i = 0; i < 16; i++)
    await call(executionsApi.execute, {
      token: person.token,
      params: { flow_id },
      body: { inputs: { name: `${word}${i}` } },
    })
  const arrived = await known()
  expect(arrived).toBeLessThan(16)
  const asked = await call(privacyApi.ask, {
    token: own.token,
    body: { reason: "They asked", user_id: person.user },
  })
  const { erasure } = await call(privacyApi.confirm, {
    token: own.token,
    params: { erasure_id: asked.erasure.id },
    body: { confirm: asked.confirm },
  })
  expect(erasure).toMatchObject({ status: "done", counts: { executions: 16 } })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(await known()).toBe(0)
  expect(whereFound(await storesOf(own.id), [word])).toEqual([])
}, 60_000)

it("[ER16] waits for what may be on its way where each execution has an object of its own", async () => {
  const own = await newTenant("lone-rows")
  const person = await newMember(own, "editor")
  const { id: flow_id } = (await call(flowsApi.create, { token: own.token, body: flowDraft("Greeter") })).flow
  await call(flowsApi.publish, { token: own.token, params: { flow_id } })
  const word = unique("canary").replaceAll("-", "")
  const env = { ...testEnv, EXECUTION_LANES: "per_execution" } as unknown as typeof testEnv
  const send = async (token: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
    const request = new Request(path, { method: "POST", headers, body: JSON.stringify(body) })
    const ctx = createExecutionContext()
    const response = await createApp().fetch(request, env, ctx)
    const answer = await response.json<{ execution_id: ExecutionId }>()
    await waitOnExecutionContext(ctx)
    return answer
  }
  const start = addressOf(executionsApi.execute, { params: { flow_id } })
  const asked = await call(privacyApi.ask, {
    token: own.token,
    body: { reason: "They asked", user_id: person.user },
  })
  const started = await Promise.all(
    Array.from({ length: 8 }, (_, i) => send(person.token, start, { inputs: { name: `${word}${i}` } })),
  )
  expect(started.map(({ execution_id }) => laneOf(execution_id))).toEqual(Array(8).fill("own"))
  const confirm = addressOf(privacyApi.confirm, { params: { erasure_id: asked.erasure.id } })
  expect(await send(own.token, confirm, { confirm: asked.confirm })).toMatchObject({
    erasure: { status: "erasing" },
  })
  const d1 = await databaseOf(own.id)
  const left = async () => (await d1.prepare("select id from executions").all()).results.length
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const site = await siteIn(own)
  expect(await continueErasures(env, site)).toBe(true)
  expect(await continueErasures(env, { ...site, now: site.now + 121_000 })).toBe(false)
  expect(await left()).toBe(0)
  expect(whereFound(await storesOf(own.id), [word])).toEqual([])
}, 60_000)

it("[ER17] takes what agents learned where it is said, and leaves what others taught them", async () => {
  const own = await newTenant("taught")
  const { token } = own
  const [person, another] = [await newMember(own, "editor"), await newMember(own, "editor")]
  const { id: flow_id } = (await call(flowsApi.create, { token, body: flowDraft("Greeter") })).flow
  await call(flowsApi.publish, { token, params: { flow_id } })
  const holder = (await newAgent(token)).id
  const word = unique("canary").replaceAll("-", "")
  const site = await siteIn(own)
  const learn = (text: string, learned: LearnedIn) => remember(site, holder, text, learned)
  const execute = async (by: string) =>
    (await call(executionsApi.execute, { token: by, params: { flow_id }, body: { inputs: { name: "x" } } }))
      .execution_id
  /** Something is said in a chat; the execution that answers it. */
  const say = async (by: string, chat_id: string, content: string): Promise<ExecutionId> => {
    const { message_id } = await call(chatApi.send, { token: by, params: { chat_id }, body: { content } })
    const answer = async () => {
      const { messages } = await call(chatApi.messages, { token, params: { chat_id } })
      const found = messages.find(({ parent_id }) => parent_id === message_id)
      return found?.finished_at ? found.execution_id : undefined
    }
    await expect.poll(answer, { timeout: 15_000, interval: 20 }).toBeTruthy()
    return (await answer())!
  }
  const chat = async () => (await call(chatApi.create, { token, body: { flow_id } })).session.id
  const [shared, visited] = [await chat(), await chat()]
  await learn(`begun ${word}`, { execution_id: await execute(person.token), actor: person.user })
  // Of an execution that a retention has taken, the one who began it is all that is known.
  const swept = executionId(0, site.now, site.chance)
  await learn(`swept ${word}`, { execution_id: swept, actor: person.user })
  await learn(`kept`, { execution_id: await execute(another.token), actor: another.user })
  await say(person.token, shared, `I said ${word}`)
  await learn(`heard ${word}`, {
    execution_id: await say(another.token, shared, "And then?"),
    actor: another.user,
  })
  const visit = await say(another.token, visited, "Hello")
  await learn("visited", { execution_id: visit, actor: another.user })

  const listed = async () =>
    (await call(agentsApi.memories, { token, params: { agent_id: holder } })).memories.map(({ text }) => text)
  const erase = async (whom: { user_id: UserId } | { chat_id: ChatId }) => {
    const asked = await call(privacyApi.ask, { token, body: { reason: "They asked", ...whom } })
    const params = { erasure_id: asked.erasure.id }
    const { erasure } = await call(privacyApi.confirm, { token, params, body: { confirm: asked.confirm } })
    return [asked.affects["memories"], erasure.status, erasure.counts?.["memories"]]
  }
  expect((await listed()).toSorted()).toEqual(
    [`begun ${word}`, `heard ${word}`, "kept", `swept ${word}`, "visited"].toSorted(),
  )
  expect(await erase({ user_id: person.user })).toEqual([2, "done", 3])
  expect(await listed()).toEqual(["visited", "kept"])
  expect(whereFound(await storesOf(own.id), [word])).toEqual([])
  expect(await erase({ chat_id: visited })).toEqual([undefined, "done", 1])
  expect(await listed()).toEqual(["kept"])
}, 60_000)
