import { exports } from "cloudflare:workers"
import { inflateRawSync } from "node:zlib"
import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { apiKeysApi } from "#core/contract/api-keys"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { auditApi } from "#core/contract/audit"
import { budgetsApi } from "#core/contract/budgets"
import { reportsApi } from "#core/contract/reports"
import { workspaceApi } from "#core/contract/workspace"
import { executionId } from "#core/ids"
import { remember } from "#worker/services/memories/remember"
import { agentDraft } from "#test/kit/definitions"
import { addressOf, ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newMember, newTenant, password, siteIn, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"
import { verifyReport } from "../../scripts/audit/report.ts"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant("tells")
})

/** The files of a ZIP archive, by its directory. */
function unzipped(bytes: Uint8Array): Record<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = bytes.length - 22
  expect(view.getUint32(end, true)).toBe(0x0605_4b50)
  const files: Record<string, string> = {}
  let at = view.getUint32(end + 16, true)
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [packed, nameLength, offset] = [
      view.getUint32(at + 20, true),
      view.getUint16(at + 28, true),
      view.getUint32(at + 42, true),
    ]
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
    files[name] = inflateRawSync(bytes.subarray(start, start + packed)).toString()
    at += 46 + nameLength
  }
  return files
}

async function taken(token: string, body: object): Promise<Record<string, string>> {
  const response = await exports.default.fetch(
    new Request(addressOf(privacyApi.export), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  )
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/zip"])
  expect(response.headers.get("content-disposition")).toMatch(
    /^attachment; filename="personal-data-.+\.zip"$/,
  )
  return unzipped(new Uint8Array(await response.arrayBuffer()))
}

const linesOf = (text = ""): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe("a person's data", () => {
  it("[EX2] comes as one archive that says what it holds, whole, and without a secret", async () => {
    const person = await newMember(tenant, "admin")
    const { token } = person
    const { flow } = await call(flowsApi.create, { token, body: flowDraft("Mine") })
    await call(flowsApi.publish, { token, params: { flow_id: flow.id }, body: { note: "My note" } })
    await call(canvasApi.comment, { token, params: { flow_id: flow.id }, body: { text: "My remark" } })
    const { session } = await call(chatApi.create, { token: tenant.token, body: { flow_id: flow.id } })
    await call(chatApi.send, {
      token: tenant.token,
      params: { chat_id: session.id },
      body: { content: "Not mine" },
    })
    const made = await call(apiKeysApi.create, { token, body: { name: "My key", scopes: ["flow.read"] } })
    for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((r) => setTimeout(r, 20)))
      if ((await call(chatApi.get, { token, params: { chat_id: session.id } })).session.status === "idle")
        break
    await call(chatApi.send, { token, params: { chat_id: session.id }, body: { content: "My words" } })
    const { agent } = await call(agentsApi.create, { token, body: agentDraft() })
    const site = await siteIn(tenant)
    const learn = (text: string, actor: string) =>
      remember(site, agent.id, text, { execution_id: executionId(0, site.now, site.chance), actor })
    await learn("I like tea.", person.user)
    await learn("Not mine either.", tenant.user)
    const files = await taken(token, {})
    const { rows } = JSON.parse(files["manifest.json"]!) as { rows: Record<string, number> }
    for (const name of Object.keys(rows)) {
      expect(files["README.md"]).toContain(`\`${name}\``)
      expect([name, linesOf(files[name]).length]).toEqual([name, rows[name]])
    }
    expect(Object.keys(files).toSorted()).toEqual(
      ["README.md", "manifest.json", ...Object.keys(rows)].toSorted(),
    )
    expect(linesOf(files["profile.ndjson"])).toMatchObject([{ id: person.user, email: person.email }])
    expect(linesOf(files["memberships.ndjson"])).toMatchObject([{ role: "admin" }])
    expect(linesOf(files["sessions.ndjson"]).length).toBe(1)
    expect(linesOf(files["api-keys.ndjson"])).toMatchObject([{ id: made.api_key.id, scopes: ["flow.read"] }])
    expect(linesOf(files["flows.ndjson"])).toMatchObject([{ id: flow.id, name: "Mine" }])
    expect(linesOf(files["flow_versions.ndjson"])).toMatchObject([{ note: "My note" }])
    expect(linesOf(files["comments.ndjson"])).toMatchObject([{ text: "My remark" }])
    expect(linesOf(files["messages.ndjson"])).toMatchObject([{ content: "My words", chat_id: session.id }])
    expect(linesOf(files["audit-workspace.ndjson"]).some(({ action }) => action === "flow.publish")).toBe(
      true,
    )
    expect(linesOf(files["memories.ndjson"])).toMatchObject([{ text: "I like tea.", holder: agent.id }])
    const all = Object.values(files).join("\n")
    for (const secret of [password, token, person.refresh, "$argon2", "$scrypt", "Not mine", made.secret])
      expect([secret, all.includes(secret)]).toEqual([secret, false])
  })

  it("[EX3] is for oneself and for those who manage members, and who took it is audited", async () => {
    const person = await newMember(tenant, "viewer")
    expect(Object.keys(await taken(tenant.token, { user_id: person.user }))).toContain("README.md")
    const entries = (await dump(await databaseOf(tenant.id)))["audit_entries"]!
    expect(
      entries.find((one) => one["action"] === "privacy.export" && one["target"] === person.user),
    ).toMatchObject({
      actor: tenant.user,
    })
    const others = await ask(privacyApi.export, { token: person.token, body: { user_id: tenant.user } })
    expect(problemOf(others)).toEqual({ status: 403, code: "access.denied" })
    const stranger = await newTenant("stranger")
    const foreign = await ask(privacyApi.export, { token: tenant.token, body: { user_id: stranger.user } })
    expect(problemOf(foreign)).toEqual({ status: 404, code: "member.not_found" })
    const key = await newKey(tenant, "user.edit")
    expect((await ask(privacyApi.export, { token: key, body: {} })).status).toBe(403)
  })
})

describe("an evidence report", () => {
  const stateOf = async (id: string, path: "soc2" | "iso27001" | "gdpr") => {
    const { report } = await call(reportsApi[path], { token: tenant.token })
    return report.controls.find((one) => one.id === id)!
  }

  it("[EV5] follows the workspace's data, for each framework", async () => {
    expect((await stateOf("CC8.1", "soc2")).state).not.toBe("shown")
    await call(workspaceApi.update, { token: tenant.token, body: { review_before_publish: true } })
    expect((await stateOf("CC8.1", "soc2")).state).toBe("shown")
    expect((await stateOf("A.8.11", "iso27001")).state).toBe("not_shown")
    await call(privacyApi.update, { token: tenant.token, body: { redaction: "none" } })
    expect(await stateOf("A.8.11", "iso27001")).toMatchObject({
      state: "shown",
      evidence: ["Traces keep neither prompts nor answers."],
    })
    expect((await stateOf("Art. 15, 20", "gdpr")).evidence[0]).toMatch(/taken out as an archive \d+ times?/)
  })

  it("[EV6] is signed, so that whoever changes a word is found out", async () => {
    const { text } = await ask(reportsApi.soc2, { token: tenant.token })
    const { verifier_key } = await call(auditApi.key, { token: tenant.token })
    expect(verifyReport(text, verifier_key)).toMatchObject({
      tenant: tenant.id,
      report: "soc2",
      findings: [],
    })
    const changed = verifyReport(text.replace("SOC 2", "SOC 2 (certified)"), verifier_key)
    expect(changed.findings).toEqual(["The report was changed: it is not what was signed."])
    const stranger = await newTenant("signs")
    const theirs = await call(auditApi.key, { token: stranger.token })
    expect(verifyReport(text, theirs.verifier_key).findings).toContain(
      "The report is not signed with the key.",
    )
  })

  it("[EV10] counts the log's checkpoints and the budgets that count", async () => {
    const own = await newTenant("counts")
    const says = async (id: string) => {
      const { report } = await call(reportsApi.iso27001, { token: own.token })
      return report.controls.find((one) => one.id === id)
    }
    expect(await says("A.8.6")).toMatchObject({ state: "not_shown", missing: ["There is no budget."] })
    await call(budgetsApi.create, {
      token: own.token,
      body: { name: "All", scope: "tenant", limit_micros: 5_000_000, period: "month", mode: "hard" },
    })
    expect(await says("A.8.6")).toMatchObject({
      state: "shown",
      evidence: ["1 budget, 1 of them with a hard cap."],
    })
    const checkpoints = async () =>
      (await call(auditApi.checkpoints, { token: own.token })).checkpoints.length
    await expect.poll(checkpoints).toBeGreaterThan(0)
    const { report } = await call(reportsApi.iso27001, { token: own.token })
    expect(JSON.stringify(report.controls)).toMatch(/\d+ signed checkpoints? of the audit log/)
  })

  it("[EV7] can be read as Markdown, by admins alone", async () => {
    const { text, headers } = await ask(reportsApi.gdpr, {
      token: tenant.token,
      query: { format: "markdown" },
    })
    expect(headers.get("content-type")).toBe("text/markdown; charset=utf-8")
    expect(text).toMatch(/^# GDPR: evidence/)
    expect(text).toContain("## Signature")
    const editor = await newMember(tenant, "editor")
    expect((await ask(reportsApi.gdpr, { token: editor.token })).status).toBe(403)
  })
})
