import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import * as z from "zod"
import { approvalsApi } from "#core/contract/approvals"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { addressToken } from "#worker/services/executions/addresses"
import { ask, call, origin, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { askingDraft } from "#test/kit/asking"
import { endOf, newQuestion } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

type Question = Awaited<ReturnType<typeof newQuestion>>

const asks = (data: JsonObject = {}, inputs: object = { sum: 7 }) =>
  newQuestion(tenant.token, askingDraft(data), inputs)
const at = ({ execution_id, approval_id }: Question) => ({ params: { execution_id, approval_id } })
const answer = (question: Question, token = tenant.token, body: object = { button: "yes" }) =>
  ask(approvalsApi.answer, { token, ...at(question), body })
const linkTo = async (question: Question, expires_in_seconds = 600) =>
  call(approvalsApi.link, { token: tenant.token, ...at(question), body: { expires_in_seconds } })
const tokenOf = (url: string) => url.slice(`${origin}/approve/`.length)
const byLink = (token: string) => ask(approvalsApi.byLink, { params: { token } })
const answerByLink = (token: string, button = "yes") =>
  ask(approvalsApi.answerByLink, { params: { token }, body: { button } })

/** When whatever was guessed before is forgotten. */
let hours = 0
const later = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + (hours += 2) * 3_600_000 })

const ended = (id: ExecutionId) => endOf(tenant.token, id)
const entries = async (action: string, target: string) =>
  (await dump(await databaseOf(tenant.id)))["audit_entries"]!.filter(
    (one) => one["action"] === action && one["target"] === target,
  )

const wait = (id: string) => ({
  id,
  type: "wait",
  position: { x: 0, y: 200 },
  data: { callback: true } as JsonObject,
})

describe("a question", () => {
  it("is in the inbox, is answered there, and the chosen route is taken", async () => {
    const question = await asks()
    const { approval } = await call(approvalsApi.get, { token: tenant.token, ...at(question) })
    expect(approval).toMatchObject({ status: "open", title: "Pay 7?", execution_id: question.execution_id })
    const answered = await answer(question)
    expect(answered.body.approval).toMatchObject({
      status: "answered",
      button: "yes",
      answered_by: tenant.user,
    })
    const query = { execution_id: question.execution_id }
    const { approvals } = await call(approvalsApi.list, { token: tenant.token, query })
    expect(approvals).toEqual([answered.body.approval])
    expect(await ended(question.execution_id)).toMatchObject({ status: "succeeded", outputs: "yes" })
    const [entry, ...more] = await entries("approval.answer", question.approval_id)
    expect(more).toEqual([])
    expect(entry).toMatchObject({ actor: tenant.user })
    expect(JSON.parse(String(entry!["detail"]))).toEqual({
      after: { execution_id: question.execution_id, button: "yes", answered_by: tenant.user },
    })
  })

  it("takes one of twenty answers that come at once, and tells the others what was said", async () => {
    const question = await asks()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        answer(question, tenant.token, { button: i % 2 === 0 ? "yes" : "no" }),
      ),
    )
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    const late = all.filter(({ status }) => status !== 200)
    for (const one of late) expect(problemOf(one)).toEqual({ status: 409, code: "approval.answered" })
    expect(await entries("approval.answer", question.approval_id)).toHaveLength(1)
  })

  it("is answered by whom it is assigned to, by id or address, however that is written", async () => {
    const [ana, ben] = [await newMember(tenant, "executor"), await newMember(tenant, "executor")]
    const byAddress = await asks({ assignees: [ana.email.toUpperCase()] })
    expect(problemOf(await answer(byAddress, ben.token))).toEqual({
      status: 403,
      code: "approval.not_assigned",
    })
    expect((await answer(byAddress, ana.token)).status).toBe(200)
    const byId = await asks({ assignees: ["{{ input.who }}"] }, { who: ben.user })
    expect(problemOf(await answer(byId, ana.token)).code).toBe("approval.not_assigned")
    expect((await answer(byId, ben.token)).status).toBe(200)
  })

  it("is answered by an API key as by the person it belongs to", async () => {
    const ana = await newMember(tenant, "admin")
    const key = await newKey({ ...tenant, token: ana.token }, "execution.read", "approval.answer")
    expect((await answer(await asks(), key)).status).toBe(200)
    expect((await answer(await asks({ assignees: [ana.email] }), key)).status).toBe(200)
    const other = await asks({ assignees: [tenant.email] })
    expect(problemOf(await answer(other, key)).code).toBe("approval.not_assigned")
  })

  it("names what is wrong with a form and with a button", async () => {
    const form_schema = {
      type: "object",
      properties: { why: { type: "string", minLength: 3 }, sum: { type: "number" } },
      required: ["why"],
    }
    const question = await asks({ form_schema })
    const wrong = await answer(question, tenant.token, { button: "yes", form: { sum: "much" } })
    expect(problemOf(wrong)).toMatchObject({ status: 422, code: "approval.form_invalid" })
    expect(problemOf(wrong).paths).toEqual(expect.arrayContaining(["form.sum"]))
    expect(problemOf(await answer(question, tenant.token, { button: "maybe" }))).toMatchObject({
      status: 400,
      paths: ["button"],
    })
    const right = await answer(question, tenant.token, { button: "no", form: { why: "too much" } })
    expect(right.body.approval).toMatchObject({ button: "no", form: { why: "too much" } })
  })

  it("is no longer asked once its execution is cancelled", async () => {
    const question = await asks()
    const params = { execution_id: question.execution_id }
    await call(executionsApi.cancel, { token: tenant.token, params })
    expect(problemOf(await answer(question))).toEqual({ status: 409, code: "approval.closed" })
    const link = ask(approvalsApi.link, { token: tenant.token, ...at(question), body: {} })
    expect(problemOf(await link)).toEqual({ status: 409, code: "approval.closed" })
  })

  it("has the same answer for a repeated Idempotency-Key, and one entry", async () => {
    const question = await asks()
    const headers = { "idempotency-key": unique("answer") }
    const input = { token: tenant.token, ...at(question), body: { button: "yes" }, headers }
    const [first, second] = [await ask(approvalsApi.answer, input), await ask(approvalsApi.answer, input)]
    expect([second.status, second.text]).toEqual([200, first.text])
    expect(second.headers.get("idempotency-replayed")).toBe("true")
    expect(await entries("approval.answer", question.approval_id)).toHaveLength(1)
  })
})

describe("the inbox", () => {
  it("shows what the caller may answer, when asked for that", async () => {
    const acme = await newTenant()
    const viewer = await newMember(acme, "viewer")
    const mine = await newQuestion(acme.token, askingDraft({ assignees: [acme.email] }))
    const anybodys = await newQuestion(acme.token)
    const theirs = await newQuestion(acme.token, askingDraft({ assignees: ["ben@example.com"] }))
    const titles = async (token: string, query: Record<string, string>) => {
      const { approvals, total } = await call(approvalsApi.list, { token, query })
      expect(total).toBe(approvals.length)
      return approvals.map((one) => one.id).toSorted()
    }
    const ids = (...questions: Question[]) => questions.map((one) => one.approval_id).toSorted()
    await vi.waitFor(
      async () => expect(await titles(acme.token, { status: "open" })).toEqual(ids(mine, anybodys, theirs)),
      { timeout: 10_000 },
    )
    expect(await titles(acme.token, { mine: "true" })).toEqual(ids(mine, anybodys))
    expect(await titles(viewer.token, { mine: "true" })).toEqual([])
    expect(await titles(viewer.token, {})).toHaveLength(3)
    expect(await titles(acme.token, { flow_id: theirs.flow_id })).toEqual(ids(theirs))
    expect(await titles(acme.token, { status: "answered" })).toEqual([])
    expect(await titles(tenant.token, { execution_id: mine.execution_id })).toEqual([])
  })

  it("puts what is due soonest first, and what is never due last", async () => {
    const acme = await newTenant()
    const never = await newQuestion(acme.token)
    const soon = await newQuestion(acme.token, askingDraft({ timeout_seconds: 600 }))
    const later = await newQuestion(acme.token, askingDraft({ timeout_seconds: 6_000 }))
    const inOrder = async (sort: string) =>
      (await call(approvalsApi.list, { token: acme.token, query: { sort } })).approvals.map(({ id }) => id)
    const ids = (...questions: Question[]) => questions.map((one) => one.approval_id)
    await vi.waitFor(async () => expect(await inOrder("due")).toEqual(ids(soon, later, never)), {
      timeout: 10_000,
    })
    expect(await inOrder("-due")).toEqual(ids(later, soon, never))
  })
})

describe("a signed link", () => {
  it("shows the question and nothing else, and is answered once, by anybody", async () => {
    const question = await asks({ message: "For the printer" })
    const { url } = await linkTo(question)
    expect(url.startsWith(`${origin}/approve/`)).toBe(true)
    const { body } = await byLink(tokenOf(url))
    expect(body.approval).toEqual({
      status: "open",
      title: "Pay 7?",
      message: "For the printer",
      form_schema: null,
      buttons: [
        { id: "yes", label: "Pay" },
        { id: "no", label: "Refuse" },
      ],
      due: null,
      answered_at: null,
      button: null,
      flow_name: expect.any(String),
      tenant_name: `The ${tenant.slug} company`,
    })
    const all = await Promise.all(Array.from({ length: 20 }, () => answerByLink(tokenOf(url))))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(all.filter(({ status }) => status === 409)).toHaveLength(19)
    expect((await byLink(tokenOf(url))).body.approval).toMatchObject({ status: "answered", button: "yes" })
    expect((await ended(question.execution_id)).outputs).toBe("yes")
    const [entry] = await entries("approval.answer", question.approval_id)
    expect(JSON.parse(String(entry!["detail"])).after).toMatchObject({ button: "yes", answered_by: "link" })
  })

  it("is made by those who may answer, and hands no more on than they have", async () => {
    const question = await asks({ assignees: ["ben@example.com"] })
    const refused = await ask(approvalsApi.link, { token: tenant.token, ...at(question), body: {} })
    expect(problemOf(refused)).toEqual({ status: 403, code: "approval.not_assigned" })
  })

  it("expires, and its expiry is no guess", async () => {
    const question = await asks()
    const { url, expires_at } = await linkTo(question, 60)
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(expires_at) })
    for (let i = 0; i < 15; i++)
      expect(problemOf(await byLink(tokenOf(url)))).toEqual({ status: 404, code: "approval.link_invalid" })
  })

  const address = (question: { execution_id: ExecutionId }, change: object = {}) =>
    addressToken(testEnv, {
      p: "approval",
      t: tenant.id,
      e: question.execution_id,
      k: "ask",
      ...change,
    })

  it("that a flow hands out before the question is asked says so, and works when it is", async () => {
    const [before, after] = [wait("early"), wait("ask2")]
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: {
        name: unique("early"),
        nodes: [
          ...askingDraft().nodes!,
          before,
          { ...after, type: "transform", data: { value: "execution.approvals.ask" } },
        ],
        edges: [
          { id: "a", source: "input", target: "ask2" },
          { id: "b", source: "ask2", target: "early" },
          { id: "c", source: "early", target: "ask" },
          { id: "d", source: "ask", target: "output", source_handle: "no" },
        ],
      },
    })
    const started = await ask(executionsApi.execute, {
      token: tenant.token,
      params: { flow_id: flow.id },
      body: {},
    })
    const { execution_id } = started.body
    const outputOf = async (id: string) =>
      (await call(executionsApi.get, { token: tenant.token, params: { execution_id } })).nodes.find(
        (one) => one.node_id === id,
      )
    await vi.waitFor(async () => expect((await outputOf("early"))?.status).toBe("waiting"), {
      timeout: 10_000,
    })
    const url = z.string().parse((await outputOf("ask2"))?.output)
    expect(url.startsWith(`${origin}/approve/`)).toBe(true)
    expect(problemOf(await byLink(tokenOf(url)))).toEqual({ status: 409, code: "approval.not_asked" })
    expect(problemOf(await answerByLink(tokenOf(url)))).toEqual({ status: 409, code: "approval.not_asked" })
    const token = addressToken(testEnv, { p: "callback", t: tenant.id, e: execution_id, k: "early" })
    await call(approvalsApi.callback, { params: { execution_id, token }, body: null })
    await vi.waitFor(async () => expect((await byLink(tokenOf(url))).status).toBe(200), { timeout: 10_000 })
    expect((await answerByLink(tokenOf(url), "no")).status).toBe(200)
    const never = address({ execution_id }, { k: "output2" })
    await ended(execution_id)
    expect(problemOf(await byLink(never))).toEqual({ status: 409, code: "approval.closed" })
  })

  it("is nothing when it is forged, for something else, or of a tenant that is gone", async () => {
    const question = await asks()
    later()
    const [data = "", mac = ""] = address(question).split(".")
    const told = JSON.parse(atob(data.replaceAll("-", "+").replaceAll("_", "/"))) as object
    const other = btoa(JSON.stringify({ ...told, k: "output" })).replace(/=+$/, "")
    const forged = [
      "x",
      data,
      `${data}.`,
      `.${mac}`,
      `${other}.${mac}`,
      `${data}.${mac}.${mac}`,
      `${data}.${mac.slice(1)}A`,
    ]
    for (const token of forged)
      expect([token, problemOf(await byLink(token))]).toEqual([
        token,
        { status: 404, code: "approval.link_invalid" },
      ])
    for (const token of [
      address(question, { p: "callback" }),
      address(question, { t: `tenant_01JD0000000000000000000000` }),
      address({ execution_id: "exec_0001JD0000000000000000000000" as ExecutionId }),
    ])
      expect(problemOf(await answerByLink(token))).toEqual({ status: 404, code: "approval.link_invalid" })
    const another = address(question, { a: "appr_01JD0000000000000000000000" })
    expect(problemOf(await answerByLink(another))).toEqual({ status: 409, code: "approval.closed" })
  })

  it("is guessed ever more slowly, while those who have one are not held up", async () => {
    const question = await asks()
    later()
    const guesses = await Promise.all(Array.from({ length: 30 }, (_, i) => byLink(`guess-${i}`)))
    const codes = guesses.map((one) => problemOf(one).code)
    expect(codes.filter((code) => code === "auth.too_many_attempts").length).toBeGreaterThanOrEqual(15)
    expect(guesses.find((one) => one.status === 429)!.headers.get("retry-after")).toMatch(/^\d+$/)
    expect((await byLink(address(question))).status).toBe(200)
  })
})
