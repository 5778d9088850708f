import { beforeAll, describe, expect, it } from "vitest"
import { approvalsApi } from "#core/contract/approvals"
import { addressToken } from "#worker/services/executions/addresses"
import { ask, call, problemOf } from "#test/kit/api"
import { askingDraft } from "#test/kit/asking"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, testEnv, type TestTenant } from "#test/kit/tenants"
import { newQuestion } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

type Question = Awaited<ReturnType<typeof newQuestion>>

const at = ({ execution_id, approval_id }: Question) => ({ params: { execution_id, approval_id } })
const answer = (question: Question, token: string) =>
  ask(approvalsApi.answer, { token, ...at(question), body: { button: "yes" } })
const answerByLink = (token: string) =>
  ask(approvalsApi.answerByLink, { params: { token }, body: { button: "yes" } })
const entries = async (action: string, target: string) =>
  (await dump(await databaseOf(tenant.id)))["audit_entries"]!.filter(
    (one) => one["action"] === action && one["target"] === target,
  )

describe("[A12] a question that somebody else must answer", () => {
  const others = () => newQuestion(tenant.token, askingDraft({ by_others: true }))

  it("is not answered by whoever started it, nor by their key, nor by a link", async () => {
    const ana = await newMember(tenant, "executor")
    const question = await others()
    const own = await newKey(tenant, "approval.answer")
    for (const token of [tenant.token, own]) {
      const refused = await answer(question, token)
      expect(problemOf(refused)).toMatchObject({ status: 403, code: "approval.by_others" })
    }
    const link = await ask(approvalsApi.link, { token: ana.token, ...at(question), body: {} })
    expect(problemOf(link)).toMatchObject({ status: 403, code: "approval.by_others" })
    const { node_id } = (await call(approvalsApi.get, { token: tenant.token, ...at(question) })).approval
    const address = {
      p: "approval",
      t: tenant.id,
      e: question.execution_id,
      k: node_id,
      x: Date.now() + 60_000,
    } as const
    const token = addressToken(testEnv, address)
    expect(problemOf(await answerByLink(token))).toMatchObject({ status: 403, code: "approval.by_others" })
    const answered = await answer(question, ana.token)
    expect(answered.body.approval).toMatchObject({
      status: "answered",
      by_others: true,
      answered_by: ana.user,
    })
    const [entry] = await entries("approval.answer", question.approval_id)
    expect(JSON.parse(String(entry!["detail"])).after).not.toHaveProperty("is_own")
  })

  it("is not answered by a person whose key has started it", async () => {
    const ben = await newMember(tenant, "admin")
    const key = await newKey(
      { ...tenant, token: ben.token },
      "flow.edit",
      "execution.start",
      "execution.read",
    )
    const question = await newQuestion(key, askingDraft({ by_others: true }))
    expect(problemOf(await answer(question, ben.token))).toMatchObject({ code: "approval.by_others" })
    expect((await answer(question, tenant.token)).status).toBe(200)
  })

  it("is in everybody's inbox but the starter's, by their key as well", async () => {
    const own = await newTenant()
    const inbox = async (token: string) => {
      const { approvals, total } = await call(approvalsApi.list, { token, query: { mine: "true" } })
      expect(approvals).toHaveLength(total)
      return approvals.map(({ id }) => id)
    }
    const asking = async (token: string, more: object = {}) =>
      (await newQuestion(token, askingDraft({ by_others: true, ...more }), { sum: 7 })).approval_id
    const first = await asking(own.token)
    await expect.poll(() => inbox(own.token)).toEqual([first])
    const ben = await newMember(own, "admin")
    const key = await newKey({ ...own, token: ben.token }, "flow.edit", "execution.start", "execution.read")
    const [by_key, both] = [await asking(key), await asking(own.token, { assignees: [own.email, ben.email] })]
    const me = await asking(own.token, { assignees: [own.email] })
    await expect.poll(async () => (await inbox(own.token)).toSorted()).toEqual([by_key, me].toSorted())
    expect((await inbox(ben.token)).toSorted()).toEqual([first, both].toSorted())
  })

  it("is answered by whoever started it where nobody else could, and the log says so", async () => {
    const alone = await newTenant()
    await newMember(alone, "viewer")
    const question = await newQuestion(alone.token, askingDraft({ by_others: true }), { sum: 7 })
    expect((await answer(question, alone.token)).status).toBe(200)
    const entry = (await dump(await databaseOf(alone.id)))["audit_entries"]!.find(
      (one) => one["target"] === question.approval_id,
    )
    expect(JSON.parse(String(entry!["detail"])).after).toMatchObject({ is_own: true })
    // Of those who are asked nobody else is there, whoever else is in the tenant.
    await newMember(alone, "editor")
    const named = await newQuestion(alone.token, askingDraft({ by_others: true, assignees: [alone.email] }), {
      sum: 7,
    })
    expect((await answer(named, alone.token)).status).toBe(200)
    const anybody = await newQuestion(alone.token, askingDraft({ by_others: true }), { sum: 7 })
    expect((await answer(anybody, alone.token)).status).toBe(403)
  })
})
