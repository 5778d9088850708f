import { describe, expect, it, vi } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import type { Redaction } from "#core/privacy/redact"
import { ask, call, fetchText, origin } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newKey, newTenant } from "#test/kit/tenants"
import { indexed } from "#test/kit/world"

// The first test waits for all that a fresh Worker loads.
vi.setConfig({ testTimeout: 60_000 })

const prompt =
  "Summarise: Ana lives in Berlin and reads ana.silva@example.com every day. Her number is +49 30 901820."

/** What the traces of a tenant with a policy say of a flow and of a call by OpenAI's door. */
async function traced(redaction: Redaction): Promise<string> {
  const tenant = await newTenant(redaction)
  const { token } = tenant
  await call(privacyApi.update, { token, body: { redaction } })
  const { flow } = await call(flowsApi.create, {
    token,
    body: {
      name: "Asks",
      nodes: [
        { id: "in", type: "input", position: { x: 0, y: 0 }, data: {} },
        { id: "ask", type: "llm", position: { x: 280, y: 0 }, data: { prompt: "{{ input.text }}" } },
        { id: "out", type: "output", position: { x: 560, y: 0 }, data: { value: "{{ nodes.ask }}" } },
      ],
      edges: [
        { id: "a", source: "in", target: "ask" },
        { id: "b", source: "ask", target: "out" },
      ],
    },
  })
  const { body } = await ask(executionsApi.execute, {
    token,
    params: { flow_id: flow.id },
    body: { inputs: { text: prompt } },
    headers: { prefer: "wait=10" },
  })
  expect(body.status).toBe("succeeded")
  await indexed(token, body.execution_id)
  const key = await newKey(tenant, "execution.start")
  const asked = await fetchText(`${origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "builtin", messages: [{ role: "user", content: prompt }] }),
  })
  expect(asked.status).toBe(200)
  const spans = async () => (await dump(await databaseOf(tenant.id)))["spans"]!
  await expect.poll(async () => (await spans()).filter(({ kind }) => kind === "model").length).toBe(2)
  const rows = await spans()
  expect(rows.every(({ input_tokens }) => typeof input_tokens === "number")).toBe(true)
  return JSON.stringify(rows)
}

describe("traces", () => {
  it("[RD11] keep prompts and answers in full while nobody says otherwise", async () => {
    expect(await traced("full")).toContain("ana.silva@example.com")
  })

  it("[RD11] keep them without personal data", async () => {
    const text = await traced("masked")
    expect(text).toContain("Berlin")
    expect(text).toContain("[email]")
    expect(text).not.toContain("ana.silva")
    expect(text).not.toContain("901820")
  })

  it("[RD11] keep neither, and all figures", async () => {
    const text = await traced("none")
    expect(text).not.toContain("Berlin")
    expect(text).not.toContain("ana.silva")
    expect(text).toContain("gen_ai.usage.input_tokens")
  })

  it("[RD12] a preview says what would be kept", async () => {
    const { token } = await newTenant("preview")
    const preview = (redaction: Redaction) =>
      call(privacyApi.preview, { token, body: { text: prompt, redaction } })
    expect((await preview("full")).text).toBe(prompt)
    expect(await preview("masked")).toMatchObject({
      text: "Summarise: Ana lives in Berlin and reads [email] every day. Her number is [phone].",
      found: { email: 1, phone: 1, card: 0, iban: 0, key: 0 },
    })
    expect((await preview("none")).text).toBeNull()
  })
})
