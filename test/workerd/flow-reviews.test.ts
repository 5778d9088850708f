import { beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { reviewsApi } from "#core/contract/reviews"
import { workspaceApi } from "#core/contract/workspace"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, type Person, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
let author: Person & { user: string }
let reviewer: Person & { user: string }
beforeAll(async () => {
  tenant = await newTenant()
  author = await newMember(tenant, "editor")
  reviewer = await newMember(tenant, "editor")
})

const required = { requires_review: true }

async function newFlow(settings: object = required, token = author.token) {
  const { flow } = await call(flowsApi.create, { token, body: { ...flowDraft(), settings } })
  const params = { flow_id: flow.id }
  return {
    params,
    edit: async (change: object) => {
      const body = { ...flowDraft(flow.name), settings, ...change }
      await call(flowsApi.update, { token, params, body })
    },
    request: async (as = author.token, note = "Please look") =>
      (await call(reviewsApi.request, { token: as, params, body: { note } })).review,
    answer: (review_id: string, body: object, as = reviewer.token) =>
      ask(reviewsApi.answer, { token: as, params: { ...params, review_id }, body }),
    publish: (as = author.token) => ask(flowsApi.publish, { token: as, params }),
    state: (as = author.token) => call(reviewsApi.list, { token: as, params }),
  }
}

const approve = { answer: "approve" }
const refuse = { answer: "refuse", reason: "It greets nobody" }

describe("a flow that is reviewed before it is published", () => {
  it("is not published unasked, and says what to do next", async () => {
    const flow = await newFlow()
    const answered = await flow.publish()
    expect(problemOf(answered)).toEqual({ status: 409, code: "review.required" })
    expect(answered.body).toMatchObject({
      standing: "none",
      detail: expect.stringContaining("Ask for a review"),
    })
    expect((await call(flowsApi.versions, { token: author.token, params: flow.params })).versions).toEqual([])
  })

  it("is published when somebody else has approved it", async () => {
    const flow = await newFlow()
    const review = await flow.request()
    expect(review).toMatchObject({
      status: "open",
      note: "Please look",
      requested_by: { id: author.user, name: "editor" },
    })
    expect(await flow.publish()).toMatchObject({
      status: 409,
      body: { standing: "open", review_id: review.id },
    })
    expect(await flow.state(reviewer.token)).toMatchObject({ standing: "open", may_answer: true })
    expect((await flow.answer(review.id, { ...approve, reason: "Good" })).body).toMatchObject({
      review: { status: "approved", reason: "Good", answered_by: { id: reviewer.user } },
    })
    expect(await flow.state()).toMatchObject({ required: true, required_by: "flow", standing: "approved" })
    expect(await flow.publish()).toMatchObject({ status: 200, body: { version: 1 } })
    expect(await flow.state()).toMatchObject({
      standing: "none",
      review: null,
      reviews: [{ published_as: 1 }],
    })
  })

  it("is not approved by whoever asked, not even by a key of theirs", async () => {
    const flow = await newFlow(required, tenant.token)
    const review = await flow.request(tenant.token)
    expect((await flow.state(tenant.token)).may_answer).toBe(false)
    const key = await newKey(tenant, "flow.read", "flow.review")
    for (const token of [tenant.token, key])
      expect(problemOf(await flow.answer(review.id, approve, token))).toEqual({
        status: 403,
        code: "review.own",
      })
    expect(await flow.state(key)).toMatchObject({ standing: "open", may_answer: false })
  })

  it("is not approved when it was asked for by a key of whoever answers", async () => {
    const flow = await newFlow(required, tenant.token)
    const review = await flow.request(await newKey(tenant, "flow.read", "flow.edit"))
    expect(problemOf(await flow.answer(review.id, approve, tenant.token)).code).toBe("review.own")
  })

  it("is only answered by who may", async () => {
    const flow = await newFlow()
    const review = await flow.request()
    for (const role of ["viewer", "executor"] as const) {
      const { token } = await newMember(tenant, role)
      expect(problemOf(await flow.answer(review.id, approve, token))).toEqual({
        status: 403,
        code: "access.denied",
      })
      expect((await flow.state(token)).may_answer).toBe(false)
    }
  })

  it("is refused with a reason, which the author reads", async () => {
    const flow = await newFlow()
    const review = await flow.request()
    expect((await flow.answer(review.id, { answer: "refuse" })).status).toBe(400)
    expect((await flow.answer(review.id, { answer: "refuse", reason: "  " })).status).toBe(400)
    expect((await flow.answer(review.id, refuse)).status).toBe(200)
    expect(await flow.state()).toMatchObject({ standing: "refused", review: { reason: refuse.reason } })
    expect(await flow.publish()).toMatchObject({ status: 409, body: { standing: "refused" } })
    expect(problemOf(await flow.answer(review.id, approve))).toEqual({ status: 409, code: "review.closed" })
  })

  it("wants a new review after an edit, and not when the edit is taken back", async () => {
    const flow = await newFlow()
    await flow.answer((await flow.request()).id, approve)
    await flow.edit({ nodes: [], edges: [], input_schema: undefined })
    expect(await flow.state()).toMatchObject({ standing: "stale", review: { is_current: false } })
    await flow.edit({ settings: { ...required, timeout_seconds: 9 } })
    expect(await flow.publish()).toMatchObject({ status: 409, body: { standing: "stale" } })
    await flow.edit({})
    expect((await flow.publish()).status).toBe(200)
  })

  it("cannot be answered once the draft is another", async () => {
    const flow = await newFlow()
    const review = await flow.request()
    await flow.edit({ settings: { ...required, timeout_seconds: 9 } })
    expect(problemOf(await flow.answer(review.id, approve))).toEqual({ status: 409, code: "review.stale" })
    const again = await flow.request()
    const { reviews } = await flow.state()
    expect(reviews.map(({ id, status }) => [id, status])).toEqual([
      [again.id, "open"],
      [review.id, "withdrawn"],
    ])
  })

  it("is asked about once, whole and new", async () => {
    const flow = await newFlow()
    const review = await flow.request()
    const twice = await ask(reviewsApi.request, { token: author.token, params: flow.params, body: {} })
    expect(problemOf(twice)).toEqual({ status: 409, code: "review.open" })
    expect((await flow.answer(review.id, approve)).status).toBe(200)
    await flow.publish()
    const same = await ask(reviewsApi.request, { token: author.token, params: flow.params, body: {} })
    expect(problemOf(same)).toEqual({ status: 409, code: "review.nothing_new" })
    await flow.edit({ edges: [{ id: "x", source: "gone", target: "output" }] })
    const broken = await ask(reviewsApi.request, { token: author.token, params: flow.params, body: {} })
    expect(problemOf(broken)).toMatchObject({ status: 422, code: "flow.invalid" })
  })

  it("is withdrawn by who may edit", async () => {
    const flow = await newFlow()
    const params = { ...flow.params, review_id: (await flow.request()).id }
    expect((await ask(reviewsApi.withdraw, { token: author.token, params })).status).toBe(204)
    expect(problemOf(await ask(reviewsApi.withdraw, { token: author.token, params })).code).toBe(
      "review.closed",
    )
    expect(await flow.state()).toMatchObject({ standing: "none", review: null })
  })

  it("keeps its rule until a version without it is published", async () => {
    const flow = await newFlow()
    await flow.answer((await flow.request()).id, approve)
    await flow.publish()
    await flow.edit({ settings: {} })
    expect((await flow.publish()).status).toBe(409)
    await flow.answer((await flow.request()).id, approve)
    expect((await flow.publish()).status).toBe(200)
    await flow.edit({ settings: { timeout_seconds: 9 } })
    expect((await flow.publish()).status).toBe(200)
  })

  it("goes back to what was approved before without asking again, and to nothing else", async () => {
    const flow = await newFlow({})
    await flow.publish()
    const publishWith = async (timeout_seconds: number) => {
      await flow.edit({ settings: { ...required, timeout_seconds } })
      await flow.answer((await flow.request()).id, approve)
      return flow.publish()
    }
    await publishWith(10)
    await publishWith(20)
    const back = (version: number) =>
      call(flowsApi.rollback, { token: author.token, params: flow.params, body: { version } })
    await back(2)
    expect(await flow.state()).toMatchObject({ required: true, standing: "approved" })
    expect(await flow.publish()).toMatchObject({ status: 200, body: { version: 4 } })
    // Version 1 went out before reviews were asked for: nobody has approved it.
    await back(1)
    expect(await flow.publish()).toMatchObject({ status: 409, body: { code: "review.required" } })
  })

  it("stands in the list with where it stands", async () => {
    const flow = await newFlow()
    const mark = async () => {
      const { flows } = await call(flowsApi.list, { token: author.token, query: { limit: 200 } })
      const open = await call(flowsApi.list, { token: author.token, query: { review: "open", limit: 200 } })
      const isMine = ({ id }: { id: string }) => id === flow.params.flow_id
      return [flows.find(isMine)?.review, open.flows.some(isMine)]
    }
    expect(await mark()).toEqual(["none", false])
    const review = await flow.request()
    expect(await mark()).toEqual(["open", true])
    await flow.answer(review.id, approve)
    expect(await mark()).toEqual(["approved", false])
    await flow.edit({ settings: { ...required, timeout_seconds: 7 } })
    expect(await mark()).toEqual(["stale", false])
  })

  it("leaves an entry in the audit log for each act", async () => {
    const flow = await newFlow()
    const first = await flow.request()
    await flow.answer(first.id, refuse)
    const second = await flow.request()
    await flow.answer(second.id, approve)
    await flow.publish()
    const { audit_entries = [] } = await dump(await databaseOf(tenant.id))
    const rows = audit_entries as { target: string; action: string; actor: string; detail: string }[]
    const mine = rows.filter(({ target }) => target === flow.params.flow_id)
    expect(mine.map(({ action, actor }) => [action, actor])).toEqual([
      ["flow.create", author.user],
      ["flow.review_request", author.user],
      ["flow.review_refuse", reviewer.user],
      ["flow.review_request", author.user],
      ["flow.review_approve", reviewer.user],
      ["flow.publish", author.user],
    ])
    expect(JSON.parse(mine.at(-1)!.detail)).toMatchObject({ after: { review_id: second.id } })
  })
})

describe("a workspace that reviews every flow", () => {
  it("is what an admin sets, and nobody else", async () => {
    const body = { review_before_publish: true }
    expect((await ask(workspaceApi.update, { token: author.token, body })).status).toBe(403)
    const acme = await newTenant()
    const read = async () => (await call(workspaceApi.get, { token: acme.token })).settings
    expect(await read()).toEqual({ review_before_publish: false, support_access: "read", updated_at: null })
    await call(workspaceApi.update, { token: acme.token, body })
    expect(await read()).toMatchObject({ review_before_publish: true })

    const { flow } = await call(flowsApi.create, { token: acme.token, body: flowDraft() })
    const params = { flow_id: flow.id }
    expect(problemOf(await ask(flowsApi.publish, { token: acme.token, params })).code).toBe("review.required")
    expect(await call(reviewsApi.list, { token: acme.token, params })).toMatchObject({
      required_by: "workspace",
    })
    await call(workspaceApi.update, { token: acme.token, body: { review_before_publish: false } })
    expect((await ask(flowsApi.publish, { token: acme.token, params })).status).toBe(200)
    const { audit_entries = [] } = await dump(await databaseOf(acme.id))
    expect(
      (audit_entries as { action: string }[]).filter((one) => one.action === "workspace.update"),
    ).toHaveLength(2)
  })

  it("asks nothing where nothing is required", async () => {
    const flow = await newFlow({})
    expect(await flow.state()).toMatchObject({ required: false, required_by: null, standing: "none" })
    expect((await flow.publish()).status).toBe(200)
  })
})
