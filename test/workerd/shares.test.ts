import { beforeAll, describe, expect, it } from "vitest"
import { allCapabilities, type Capability } from "#core/access/capabilities"
import { isWithin, ShareLevel, type Access } from "#core/access/level"
import { grants, Role } from "#core/access/roles"
import { agentsApi } from "#core/contract/agents"
import { apiKeysApi } from "#core/contract/api-keys"
import { auditApi } from "#core/contract/audit"
import { chatApi } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { membersApi } from "#core/contract/members"
import { sharesApi } from "#core/contract/shares"
import { AgentId, CrewId, FlowId, UserId } from "#core/ids"
import { ask, call, problemOf, type Ask } from "#test/kit/api"
import { agentDraft, crewDraft, newAgent } from "#test/kit/definitions"
import { newMember, newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"
import { flows } from "#worker/db/schema/flows"
import * as shares from "#worker/db/shares"
import { tenantDb } from "#worker/db/tenant"

type Member = Awaited<ReturnType<typeof newMember>>

let acme: TestTenant
const members = {} as Record<Role, Member & { key: string }>
/** Flow, crew and agent, all made by the first admin. */
let things: { flow_id: string; crew_id: string; agent_id: string }

beforeAll(async () => {
  acme = await newTenant()
  for (const role of Role.options) {
    const member = await newMember(acme, role)
    members[role] = { ...member, key: await keyOf(member) }
  }
  things = await newThings(acme.token)
})

/** A key with every scope, put into a member's hands: what it does then goes by their role. */
async function keyOf(member: Member): Promise<string> {
  const { api_key, secret } = await call(apiKeysApi.create, {
    token: acme.token,
    body: { name: unique("key"), scopes: [...allCapabilities] },
  })
  await testEnv.CONTROL_DB.prepare("update api_keys set owner_id = ? where id = ?")
    .bind(member.user, api_key.id)
    .run()
  return secret
}

async function newThings(token: string) {
  const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
  await call(flowsApi.publish, { token, params: { flow_id: flow.id } })
  const agent = await newAgent(token)
  const { crew } = await call(crewsApi.create, { token, body: crewDraft(agent.id, agent.id) })
  return { flow_id: flow.id, crew_id: crew.id, agent_id: agent.id }
}

type Share = { user: string; level: ShareLevel }

/** Shares all three things alike. */
async function share(access: Access, shares: readonly Share[], ids = things): Promise<void> {
  const body = {
    access,
    shares: shares.map(({ user, level }) => ({ user_id: UserId.parse(user), level })),
  }
  for (const one of [sharesApi.shareFlow, sharesApi.shareCrew, sharesApi.shareAgent] as const)
    await call(one, { token: acme.token, params: ids, body })
}

type Verb = { name: string; needs: Capability; endpoint: Endpoint; sent: () => Ask; missing: string }

const verb = (name: string, endpoint: Endpoint, missing: string, body?: () => unknown): Verb => ({
  name,
  needs: endpoint.needs as Capability,
  endpoint,
  missing,
  sent: () => ({ params: things, ...(body ? { body: body() } : {}) }),
})

const verbs: Verb[] = [
  verb("reads the flow", flowsApi.get, "flow.not_found"),
  verb("exports the flow", flowsApi.export, "flow.not_found"),
  verb("executes the flow", executionsApi.execute, "flow.not_found", () => ({ inputs: { name: "Ana" } })),
  verb("saves the flow", flowsApi.update, "flow.not_found", () => flowDraft()),
  verb("sees the flow's shares", sharesApi.flow, "flow.not_found"),
  verb("reads the crew", crewsApi.get, "crew.not_found"),
  verb("tries the crew", crewsApi.test, "crew.not_found", () => ({ input: { text: "All is well." } })),
  verb("saves the crew", crewsApi.update, "crew.not_found", () =>
    crewDraft(things.agent_id, things.agent_id),
  ),
  verb("reads the agent", agentsApi.get, "agent.not_found"),
  verb("tries the agent", agentsApi.test, "agent.not_found", () => ({ task: "Sum it up: all is well." })),
  verb("saves the agent", agentsApi.update, "agent.not_found", () => agentDraft()),
  verb("chats with the agent", chatApi.create, "agent.not_found", () => ({
    agent_id: AgentId.parse(things.agent_id),
  })),
  verb("chats with the crew", chatApi.create, "crew.not_found", () => ({
    crew_id: CrewId.parse(things.crew_id),
  })),
  verb("chats with the flow", chatApi.create, "flow.not_found", () => ({
    flow_id: FlowId.parse(things.flow_id),
  })),
]

/** What must come of it: told by the table of roles and the share alone. */
function verdict(role: Role, needs: Capability, access: Access, level: ShareLevel | undefined) {
  if (!grants[role].has(needs)) return 403
  if (role === "admin") return "done"
  if (level === undefined) return access === "role" ? "done" : "missing"
  return isWithin(level, needs) ? "done" : 403
}

const cases = (["role", "shared"] as const).flatMap((access) =>
  [undefined, ...ShareLevel.options].map((level) => [access, level] as const),
)

describe("role × share × verb", () => {
  describe.each(cases)("with access %s and a share to %s", (access, level) => {
    beforeAll(async () => {
      const shares = level ? Role.options.map((role) => ({ user: members[role].user, level })) : []
      await share(access, shares)
    })

    it.each(Role.options)("%s", async (role) => {
      for (const how of ["token", "key"] as const) {
        for (const { name, needs, endpoint, missing, sent } of verbs) {
          const answered = await ask(endpoint, { ...sent(), token: members[role][how] })
          const { code } = problemOf(answered)
          const wanted = verdict(role, needs, access, level)
          const at = [how, name]
          if (wanted === "done")
            expect([...at, answered.status < 300, code]).toEqual([...at, true, undefined])
          else if (wanted === "missing") expect([...at, answered.status, code]).toEqual([...at, 404, missing])
          // A chat names its partner in its body: who may only look at them does not find them to talk to.
          else if (endpoint === chatApi.create && grants[role].has(needs))
            expect([...at, answered.status, code]).toEqual([...at, 404, missing])
          else expect([...at, answered.status, code]).toEqual([...at, 403, "access.denied"])
        }
      }
    })

    it("decides what lists show", async () => {
      for (const role of Role.options) {
        const { token } = members[role]
        const shown = role === "admin" || access === "role" || level !== undefined
        const query = { limit: 200 }
        const texts = [
          (await ask(flowsApi.list, { token, query })).text.includes(things.flow_id),
          (await ask(crewsApi.list, { token, query })).text.includes(things.crew_id),
          (await ask(agentsApi.list, { token, query })).text.includes(things.agent_id),
        ]
        expect([role, texts]).toEqual([role, [shown, shown, shown]])
      }
    })
  })
})

describe("sharing", () => {
  const get = (token: string, ids = things) => ask(sharesApi.flow, { token, params: ids })

  it("says whose it is, with whom it is shared, and with whom it can be", async () => {
    await share("shared", [{ user: members.editor.user, level: "view" }])
    const { body } = await get(acme.token)
    expect(body.sharing).toMatchObject({
      access: "shared",
      owner: { id: acme.user },
      shares: [{ user: { id: members.editor.user, role: "editor" }, level: "view" }],
    })
    const ids = body.people.map(({ id }) => id)
    expect([ids.includes(members.viewer.user), ids.includes(acme.user)]).toEqual([true, false])
  })

  it("leaves to its owner what their role allows, whatever is shared", async () => {
    const { token, user } = await newMember(acme, "editor")
    const mine = await newThings(token)
    await share("shared", [], mine)
    expect((await ask(flowsApi.get, { token, params: mine })).status).toBe(200)
    expect((await ask(flowsApi.get, { token: members.editor.token, params: mine })).status).toBe(404)
    const body = { access: "shared" as const, shares: [{ user_id: user, level: "view" as const }] }
    expect(problemOf(await ask(sharesApi.shareFlow, { token, params: mine, body }))).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["shares.0.user_id"],
    })
  })

  it("is for those who may edit it, who cannot shut themselves out", async () => {
    const { token, user } = members.editor
    await share("role", [{ user, level: "run" }])
    const body = { access: "role" as const, shares: [] }
    expect(problemOf(await ask(sharesApi.shareFlow, { token, params: things, body }))).toMatchObject({
      status: 403,
      code: "access.denied",
    })
    await share("shared", [{ user, level: "edit" }])
    const out = { access: "shared" as const, shares: [] }
    expect(problemOf(await ask(sharesApi.shareFlow, { token, params: things, body: out }))).toMatchObject({
      status: 409,
      code: "share.own_access",
    })
    expect((await ask(sharesApi.shareFlow, { token, params: things, body })).status).toBe(200)
  })

  it("refuses strangers, a name twice and a version that is gone", async () => {
    const other = await newTenant("globex")
    const user_id = UserId.parse(other.user)
    const one = { user_id, level: "view" as const }
    const send = (shares: (typeof one)[], headers = {}) =>
      ask(sharesApi.shareFlow, {
        token: acme.token,
        params: things,
        body: { access: "role", shares },
        headers,
      })
    expect(problemOf(await send([one]))).toEqual({
      status: 400,
      code: "request.invalid",
      paths: ["shares.0.user_id"],
    })
    expect((await send([one, one])).status).toBe(400)
    const { headers } = await get(acme.token)
    const etag = headers.get("etag") ?? ""
    expect((await send([], { "if-match": etag })).status).toBe(200)
    expect((await send([], { "if-match": etag })).status).toBe(412)
  })

  it("of two at once, one is told that it was too late", async () => {
    const ids = await newThings(acme.token)
    const body = { access: "shared" as const, shares: [] }
    const headers = { "if-match": '"v0"' }
    const both = await Promise.all(
      [0, 1].map(() => ask(sharesApi.shareFlow, { token: acme.token, params: ids, body, headers })),
    )
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })

  it("tells the log what changed, and by whom", async () => {
    await share("role", [])
    await share("shared", [{ user: members.viewer.user, level: "run" }])
    const { entries } = await call(auditApi.list, {
      token: acme.token,
      query: { limit: 50, action: "flow.share" },
    })
    expect(entries[0]).toMatchObject({
      actor: acme.user,
      target: things.flow_id,
      detail: {
        before: { access: "role", shares: {} },
        after: { access: "shared", shares: { [members.viewer.user]: "run" } },
      },
    })
  })

  it("ends with the member, also where they come back", async () => {
    const { user } = await newMember(acme, "viewer")
    await share("shared", [{ user, level: "view" }])
    await call(membersApi.remove, { token: acme.token, params: { user_id: user } })
    const { sharing } = (await get(acme.token)).body
    expect(sharing.shares).toEqual([])
    await testEnv.CONTROL_DB.prepare("update memberships set status = 'active' where identity_id = ?")
      .bind(user)
      .run()
    expect((await get(acme.token)).body.sharing.shares).toEqual([])
  })
})

describe("what names a thing that is hidden", () => {
  it("does no more than whoever wrote it may: a draft neither runs nor is published, a crew is not saved", async () => {
    const { token, user } = members.editor
    const draft = {
      ...flowDraft(),
      nodes: [
        { id: "input", type: "input" as const, position: { x: 0, y: 0 }, data: {} },
        {
          id: "ask",
          type: "agent" as const,
          position: { x: 1, y: 0 },
          data: { agent_id: things.agent_id, task: "Sum it up" },
        },
        { id: "output", type: "output" as const, position: { x: 2, y: 0 }, data: { value: "x" } },
      ],
      edges: [
        { id: "a", source: "input", target: "ask" },
        { id: "b", source: "ask", target: "output" },
      ],
    }
    await share("role", [])
    const { flow } = await call(flowsApi.create, { token, body: draft })
    const params = { flow_id: flow.id }
    const execute = { token, params, body: { inputs: { name: "Ana" } } }
    for (const level of [undefined, "view"] as const) {
      await share(level ? "role" : "shared", level ? [{ user, level }] : [])
      const at = (answered: { status: number }) => [level, answered.status]
      expect(at(await ask(executionsApi.execute, execute))).toEqual([level, 422])
      expect(at(await ask(flowsApi.publish, { token, params }))).toEqual([level, 422])
      const crew = crewDraft(things.agent_id, things.agent_id)
      expect(at(await ask(crewsApi.create, { token, body: crew }))).toEqual([level, 400])
    }
    // What was published while they might, others execute who need not see what is in it.
    await share("role", [])
    await call(flowsApi.publish, { token, params })
    await share("shared", [])
    expect((await ask(executionsApi.execute, { ...execute, token: members.executor.token })).status).toBe(202)
  })
})

describe("a crew with a member that is hidden", () => {
  it("is read and executed by whom it is shared with, and tells nothing of the member", async () => {
    const { token } = acme
    const secret = unique("payroll")
    const { agent } = await call(agentsApi.create, {
      token,
      body: { ...agentDraft(), name: secret, backstory: secret },
    })
    const { crew } = await call(crewsApi.create, { token, body: crewDraft(agent.id, agent.id) })
    const params = { crew_id: crew.id, agent_id: agent.id }
    await call(sharesApi.shareAgent, { token, params, body: { access: "shared", shares: [] } })
    for (const role of ["editor", "executor"] as const) {
      const mine = { token: members[role].token, params }
      const read = await ask(crewsApi.get, mine)
      expect([read.status, read.body.findings, read.text.includes(secret)]).toEqual([200, [], false])
      expect(read.body.agents.map(({ name }) => name)).toEqual(["An agent that is not shared with you"])
      expect((await ask(crewsApi.export, mine)).text.includes(secret)).toBe(false)
      const tried = await ask(crewsApi.test, { ...mine, body: { input: { text: "All is well." } } })
      expect([tried.status, tried.text.includes(secret)]).toEqual([202, false])
    }
  })
})

describe("what is read for it", () => {
  it("is one row by its key, within the query itself; nothing where nobody is bound", async () => {
    const slot = Object.keys(testEnv).find((name) => name.startsWith("TENANT_DB_"))!
    const plain = await tenantDb(testEnv, slot)
    const db = shares.seenBy(plain, acme.user)
    const { sql, params } = db.select().from(flows).where(shares.visible(db, flows.id)).toSQL()
    const { results } = await db.$client
      .prepare(`explain query plan ${sql}`)
      .bind(...params)
      .all<{ detail: string }>()
    const looks = results.map(({ detail }) => detail).filter((detail) => / ra\b/.test(detail))
    expect(looks).toEqual([
      expect.stringMatching(/^SEARCH ra USING INDEX \S*resource_access\S* \(resource_id=\?\)$/),
    ])
    expect(shares.visible(plain, flows.id)).toBeUndefined()
  })
})
