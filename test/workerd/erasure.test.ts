import { beforeAll, describe, expect, it } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { approvalsApi } from "#core/contract/approvals"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { budgetsApi } from "#core/contract/budgets"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { reviewsApi } from "#core/contract/reviews"
import { widgetApi } from "#core/contract/widget"
import type { FlowId } from "#core/ids"
import { addressOf, ask, call, fetchText, problemOf } from "#test/kit/api"
import { leaveFile } from "#test/kit/artifacts"
import { databaseOf } from "#test/kit/dump"
import { keepSpans, spanDraft } from "#test/kit/spans"
import { storesOf, whereFound } from "#test/kit/stores"
import {
  newMember,
  newTenant,
  password,
  testEnv,
  unique,
  type Person,
  type TestTenant,
} from "#test/kit/tenants"
import { askingDraft } from "#test/kit/asking"
import { endOf, flowDraft, indexed, newQuestion } from "#test/kit/world"
import { Verifier } from "../../scripts/audit/verifier.ts"

type Member = Person & { user: string }

let tenant: TestTenant
let flow_id: FlowId
beforeAll(async () => {
  tenant = await newTenant("forgets")
  flow_id = (await call(flowsApi.create, { token: tenant.token, body: flowDraft("Greeter") })).flow.id
  await call(flowsApi.publish, { token: tenant.token, params: { flow_id } })
})

async function answered(token: string, chat_id: string): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((r) => setTimeout(r, 20))) {
    const { messages } = await call(chatApi.messages, { token, params: { chat_id } })
    if (messages.length > 1 && messages.every(({ role, finished_at }) => role === "user" || finished_at))
      return
  }
  throw new Error("no answer in time")
}

/** What stands of somebody beside what they wrote: in the account's tables, in budgets, and in the log of what they and others did. */
async function leaveAccount(person: Member, word: string, name: string): Promise<void> {
  const at = new Date().toISOString()
  const control = (sql: string, ...values: string[]) =>
    testEnv.CONTROL_DB.prepare(sql)
      .bind(...values)
      .run()
  await control(
    `insert into invitations (id, tenant_id, email, role, digest, owner_id, invited_by, created_at, sent_at, expires_at, accepted_at, accepted_by)
     values (?1, ?2, ?3, 'viewer', ?1, ?4, ?4, ?5, ?5, ?5, ?5, ?6)`,
    `inv_${word}`,
    tenant.id,
    person.email,
    tenant.user,
    at,
    person.user,
  )
  await control(
    "insert into password_resets (digest, identity_id, created_at, expires_at) values (?1, ?2, ?3, ?3)",
    `reset${word}`,
    person.user,
    at,
  )
  await control(
    "insert into sso_subjects (tenant_id, issuer, subject, identity_id, created_at) values (?, 'https://idp.example', ?, ?, ?)",
    tenant.id,
    `subject${word}`,
    person.user,
    at,
  )
  await call(budgetsApi.create, {
    token: tenant.token,
    body: {
      name: unique("budget"),
      scope: "tenant",
      limit_micros: 5_000_000,
      period: "month",
      mode: "soft",
      alert_emails: [person.email, tenant.email],
    },
  })
  const { hold } = await call(privacyApi.hold, {
    token: tenant.token,
    body: { target: "exec_0001JD0000000000000000000009", reason: `As ${name} said` },
  })
  await call(privacyApi.lift, { token: tenant.token, params: { hold_id: hold.id } })
  await fetchText(addressOf(flowsApi.create), {
    method: "POST",
    headers: {
      authorization: `Bearer ${person.token}`,
      "content-type": "application/json",
      "cf-connecting-ip": "192.0.2.44",
      "user-agent": `agent${word}`,
    },
    body: JSON.stringify(flowDraft()),
  })
}

/** What the offline verifier says of the log as it can be taken out now. */
async function verdict() {
  const { text } = await ask(auditApi.export, { token: tenant.token })
  const { verifier_key: key } = await call(auditApi.key, { token: tenant.token })
  const verifier = new Verifier({ key })
  for (const line of text.slice(0, -1).split("\n")) verifier.line(Buffer.from(line))
  return verifier.verdict()
}

/** Everything that somebody can leave anywhere, each with a word of its own. */
async function leaveTraces(person: Member) {
  const { token } = person
  const word = unique("canary").replaceAll("-", "")
  const name = `Ada Name${word}`
  await call(authApi.updateMe, { token, body: { name } })
  await leaveAccount(person, word, name)
  const own = await call(apiKeysApi.create, {
    token,
    body: { name: `key${word}`, scopes: ["execution.start", "execution.read", "flow.read"] },
  })
  // Chats of their own, and words in those of others.
  const { session } = await call(chatApi.create, { token, body: { flow_id, title: `title${word}` } })
  await call(chatApi.send, { token, params: { chat_id: session.id }, body: { content: `own${word}` } })
  await answered(token, session.id)
  const others = (await call(chatApi.create, { token: tenant.token, body: { flow_id, title: "Ours" } }))
    .session
  const there = { chat_id: others.id }
  await call(chatApi.send, { token: tenant.token, params: there, body: { content: "Colleague" } })
  await answered(tenant.token, others.id)
  await call(chatApi.send, { token, params: there, body: { content: `said${word}` } })
  await answered(token, others.id)
  // Executions by them, by a key of theirs, and those of others that they answered in.
  const begin = async (bearer: string, text: string) => {
    const { body } = await ask(executionsApi.execute, {
      token: bearer,
      params: { flow_id },
      body: { inputs: { name: text } },
      headers: { prefer: "wait=10" },
    })
    await indexed(tenant.token, body.execution_id)
    return body.execution_id
  }
  const executed = await begin(token, `input${word}`)
  await begin(own.secret, `bykey${word}`)
  await leaveFile(tenant.id, executed, "left.txt", `file${word}`)
  await keepSpans(tenant.id, [
    spanDraft("exec_0001JD0000000000000000000009", {
      text: `span${word}`,
      attributes: { "edgecrew.actor": own.api_key.id },
    }),
  ])
  const form_schema = { type: "object", properties: { why: { type: "string" } } }
  const question = await newQuestion(tenant.token, askingDraft({ form_schema, assignees: [person.user] }))
  await call(approvalsApi.answer, {
    token,
    params: { execution_id: question.execution_id, approval_id: question.approval_id },
    body: { button: "yes", form: { why: `form${word}` } },
  })
  await endOf(tenant.token, question.execution_id)
  await indexed(tenant.token, question.execution_id)
  // What they said about flows, a state that they named, notes of versions and reviews.
  const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
  const params = { flow_id: flow.id }
  await call(canvasApi.comment, { token, params, body: { text: `comment${word}` } })
  await call(canvasApi.nameVersion, { token, params, body: { name: `named${word}` } })
  await call(canvasApi.comment, { token: tenant.token, params, body: { text: "A colleague's remark" } })
  await call(reviewsApi.request, { token, params, body: { note: `review${word}` } })
  const made = await call(flowsApi.create, { token, body: flowDraft() })
  await call(flowsApi.publish, { token, params: { flow_id: made.flow.id }, body: { note: `note${word}` } })
  return { word, name, made: made.flow.id, others: others.id, commented: flow.id }
}

const erase = async (body: object, scope?: "identity") => {
  const asked = await call(privacyApi.ask, {
    token: tenant.token,
    body: { reason: "They asked for it", ...(scope ? { scope } : {}), ...body },
  })
  const confirm = (text = asked.confirm) =>
    ask(privacyApi.confirm, {
      token: tenant.token,
      params: { erasure_id: asked.erasure.id },
      body: { confirm: text },
    })
  return { asked, confirm }
}

describe("a member's erasure", () => {
  it("[ER7] leaves no word of theirs in any store, and what others made works as before", async () => {
    const person = await newMember(tenant, "admin")
    const left = await leaveTraces(person)
    await testEnv.CONTROL_DB.prepare(
      `insert into impersonations (id, admin_id, user_id, tenant_id, session_id, reason, may_write, created_at, expires_at)
       values (?1, ?2, ?3, ?4, 'sess_1', ?5, 0, ?6, ?6)`,
    )
      .bind(`imp_${tenant.slug}`, tenant.user, person.user, tenant.id, `Case of ${left.name}`, "2026-01-01")
      .run()
    const before = await storesOf(tenant.id)
    const words = [
      "own",
      "said",
      "input",
      "bykey",
      "file",
      "span",
      "form",
      "comment",
      "named",
      "review",
      "note",
      "title",
      "key",
      "reset",
      "subject",
      "agent",
    ]
    const canaries = [...words.map((one) => one + left.word), left.name, person.email]
    const whole = await verdict()
    expect([whole.findings, whole.erased, whole.unnamed]).toEqual([[], 0, 0])
    const there = whereFound(before, canaries)
    for (const table of ["invitations", "budgets", "legal_holds", "audit_entries", "chat_messages_fts_data"])
      expect([table, there.some((one) => one.endsWith(` ${table}`))]).toEqual([table, true])
    for (const canary of canaries)
      expect([canary, there.some((one) => one.startsWith(`${canary} in`))]).toEqual([canary, true])
    const { asked, confirm } = await erase({ user_id: person.user })
    expect(asked.affects).toMatchObject({ api_keys: 1, chats: 1 })
    const done = await confirm()
    expect([done.status, done.body.erasure?.status]).toEqual([200, "done"])
    // The log first: reading it has all of it sealed, wherever it waited.
    const after = await verdict()
    expect([after.findings, after.erased, after.unnamed]).toEqual([
      [],
      done.body.erasure?.counts?.["audit_entries"],
      0,
    ])
    expect(after.erased).toBeGreaterThan(10)
    expect(whereFound(await storesOf(tenant.id), [left.word, person.email])).toEqual([])
    const { entries } = await call(auditApi.list, { token: tenant.token, query: { action: "privacy.erase" } })
    expect(entries).toMatchObject([
      { actor: "system", target: person.user, detail: { after: { count: after.erased } } },
    ])
    // What is another's is as it was.
    const others = await call(chatApi.messages, { token: tenant.token, params: { chat_id: left.others } })
    expect(others.messages.map(({ content }) => content)).toContain("Hello Colleague")
    expect(others.messages.filter(({ content }) => content === "[erased]")).toHaveLength(2)
    const { threads } = await call(canvasApi.threads, {
      token: tenant.token,
      params: { flow_id: left.commented },
    })
    expect(threads.flatMap(({ comments }) => comments).map(({ text }) => text)).toEqual([
      "A colleague's remark",
    ])
    const { flow } = await call(flowsApi.get, { token: tenant.token, params: { flow_id: left.made } })
    expect(flow.created_by).toBe(person.user)
    const { reviews } = await call(reviewsApi.list, {
      token: tenant.token,
      params: { flow_id: left.commented },
    })
    expect(reviews[0]!.requested_by).toEqual({ id: person.user, name: "Erased person" })
    // Nothing of theirs opens any door.
    expect((await ask(authApi.me, { token: person.token })).status).toBe(401)
    const login = await ask(authApi.login, { body: { email: person.email, password } })
    expect(problemOf(login)).toEqual({ status: 401, code: "auth.bad_credentials" })
    const again = await confirm()
    expect(problemOf(again)).toEqual({ status: 409, code: "privacy.erasure_closed" })
  }, 120_000)

  it("[ER8] of the identity alone keeps what they wrote, by nobody's name", async () => {
    const person = await newMember(tenant, "admin")
    const left = await leaveTraces(person)
    const { confirm } = await erase({ user_id: person.user }, "identity")
    expect((await confirm()).body.erasure?.status).toBe("done")
    const stores = await storesOf(tenant.id)
    expect(whereFound(stores, [left.name, person.email, `agent${left.word}`])).toEqual([])
    expect((await verdict()).findings).toEqual([])
    expect(whereFound(stores, [`comment${left.word}`, `said${left.word}`]).length).toBeGreaterThan(1)
  }, 120_000)

  it("[ER9] keeps their account where they belong to another workspace too", async () => {
    const other = await newTenant("keeps")
    const person = await newMember(tenant, "viewer")
    const at = new Date().toISOString()
    await testEnv.CONTROL_DB.prepare(
      "insert into memberships (identity_id, tenant_id, role, created_at) values (?, ?, 'viewer', ?)",
    )
      .bind(person.user, other.id, at)
      .run()
    const { confirm } = await erase({ user_id: person.user })
    expect((await confirm()).body.erasure?.status).toBe("done")
    const signed = await call(authApi.login, { body: { email: person.email, password } })
    const me = await call(authApi.me, { token: signed.access_token })
    expect(me.tenants.map(({ id }) => id)).toEqual([other.id])
  })

  it("[ER12] says which flows name the address, for those are the workspace's to change", async () => {
    const person = await newMember(tenant, "viewer")
    await newQuestion(tenant.token, askingDraft({ assignees: [person.email] }))
    const { asked } = await erase({ user_id: person.user })
    expect(asked.affects["flows_naming_the_address"]).toBe(1)
  })

  it("[ER10] needs a reason, a second word, the right, and another person; a hold forbids it", async () => {
    const person = await newMember(tenant, "viewer")
    const reason = "They asked for it"
    const asks = (body: object, token = tenant.token) => ask(privacyApi.ask, { token, body })
    expect(problemOf(await asks({ user_id: person.user }))).toMatchObject({ status: 400, paths: ["reason"] })
    expect(problemOf(await asks({ reason }))).toMatchObject({ status: 400, paths: ["user_id"] })
    expect(problemOf(await asks({ user_id: tenant.user, reason }))).toEqual({
      status: 409,
      code: "privacy.own",
    })
    const nobody = { user_id: "user_01JD0000000000000000000000", reason }
    expect(problemOf(await asks(nobody))).toEqual({ status: 404, code: "member.not_found" })
    const theirs = await newTenant("other")
    expect(problemOf(await asks({ user_id: theirs.user, reason }))).toEqual({
      status: 404,
      code: "member.not_found",
    })
    const editor = await newMember(tenant, "editor")
    expect((await asks({ user_id: person.user, reason }, editor.token)).status).toBe(403)
    const { confirm } = await erase({ user_id: person.user })
    expect(problemOf(await confirm("yes"))).toEqual({ status: 422, code: "privacy.confirm_wrong" })
    const { hold } = await call(privacyApi.hold, {
      token: tenant.token,
      body: { target: person.user, reason: "A dispute" },
    })
    expect(problemOf(await confirm())).toEqual({ status: 409, code: "privacy.held" })
    expect(problemOf(await asks({ user_id: person.user, reason }))).toEqual({
      status: 409,
      code: "privacy.held",
    })
    await call(privacyApi.lift, { token: tenant.token, params: { hold_id: hold.id } })
    const d1 = await databaseOf(tenant.id)
    await d1
      .prepare("update erasures set expires_at = '2020-01-01T00:00:00.000Z' where status = 'asked'")
      .run()
    expect(problemOf(await confirm())).toEqual({ status: 409, code: "privacy.erasure_closed" })
    expect((await ask(authApi.me, { token: person.token })).status).toBe(200)
  })
})

describe("a visitor's erasure", () => {
  it("[ER11] leaves nothing of what they said, and what the site's others said", async () => {
    const site = { origin: "https://shop.example" }
    const made = await call(apiKeysApi.create, {
      token: tenant.token,
      body: { name: "Shop", scopes: ["chat.write"], restrictions: { flow_id, origins: [site.origin] } },
    })
    const visit = async (content: string) => {
      const { body } = await ask(widgetApi.begin, { token: made.secret, body: {}, headers: site })
      await call(widgetApi.send, { token: body.token, headers: site, body: { content } })
      await expect
        .poll(
          async () =>
            (await call(widgetApi.messages, { token: body.token, headers: site })).messages[0]?.status,
          {
            timeout: 10_000,
          },
        )
        .toBe("done")
    }
    const [word, other] = [unique("visitor").replace("-", ""), unique("stays").replace("-", "")]
    await visit(word)
    await visit(other)
    // The index follows within moments.
    const found = async () =>
      (await call(chatApi.list, { token: tenant.token, query: { search: word } })).sessions.map(
        ({ id }) => id,
      )
    await expect.poll(found, { timeout: 10_000 }).toHaveLength(1)
    const { confirm } = await erase({ chat_id: (await found())[0] })
    expect((await confirm()).body.erasure?.status).toBe("done")
    const stores = await storesOf(tenant.id)
    expect(whereFound(stores, [word])).toEqual([])
    expect(whereFound(stores, [other]).length).toBeGreaterThan(0)
  }, 60_000)
})
