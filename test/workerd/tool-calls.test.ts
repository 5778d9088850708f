import { describe, expect, it } from "vitest"
import { toolsApi } from "#core/contract/tools"
import { ask, call, problemOf } from "#test/kit/api"
import { newTool } from "#test/kit/definitions"
import { newTenant } from "#test/kit/tenants"

describe("calling a tool", () => {
  it("[TC1] is an execution of its own, whose end can be waited for", async () => {
    const { token } = await newTenant()
    const { tool } = await call(toolsApi.create, {
      token,
      body: {
        name: "double",
        description: "Doubles a number",
        kind: "isolate",
        input_schema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
        execution_config: { source: "export default ({ n }) => n * 2" },
      },
    })
    const answered = await ask(toolsApi.invoke, {
      token,
      params: { tool_id: tool.id },
      body: { input: { n: 21 } },
      headers: { prefer: "wait=20" },
    })
    expect([answered.status, answered.body]).toEqual([
      200,
      expect.objectContaining({ status: "succeeded", outputs: 42 }),
    ])
  })

  it("[TC2] refuses input that does not fit", async () => {
    const { token } = await newTenant()
    const tool = await newTool(token)
    const wrong = await ask(toolsApi.invoke, {
      token,
      params: { tool_id: tool.id },
      body: { input: { id: 7 } },
    })
    expect(problemOf(wrong).status).toBe(422)
  })
})
