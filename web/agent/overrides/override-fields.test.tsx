import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { AgentDraft, type AgentOverrides } from "#core/agent/agent"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { OverrideFields } from "./override-fields.tsx"

const agentId = "agent_01JD0000000000000000000000"
const agent = AgentDraft.parse({
  name: "Writer",
  goal: "Write well",
  tool_ids: ["builtin:time"],
  config: { limits: { max_iterations: 7, max_cost_micros: 50_000 }, memory: true },
})
const builtin = ["time", "math"].map((name) => ({
  id: `builtin:${name}`,
  name,
  description: `Knows ${name}`,
  input_schema: { type: "object" },
  risk: "read",
}))

beforeEach(() => {
  session.begin("token", "tenant_01JD0000000000000000000000")
  vi.stubGlobal("fetch", async (address: string) => {
    const path = address.replace("/api/v1", "").replace(/\?.*/, "")
    const body =
      path === `/agents/${agentId}`
        ? { agent: { ...agent, id: agentId, version: 1 }, crews: [] }
        : path === "/tools"
          ? { tools: [], builtin, total: 0, page_info: { page: 1, limit: 100, has_next: false } }
          : { llm_providers: [], model_aliases: [], total: 0 }
    return new Response(JSON.stringify(body), { status: 200 })
  })
})
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

function show(given?: AgentOverrides, more: Partial<Parameters<typeof OverrideFields>[0]> = {}) {
  const seen: { now: AgentOverrides | undefined } = { now: given }
  function Held() {
    const [value, setValue] = useState(given)
    seen.now = value
    return (
      <OverrideFields
        agentId={agentId}
        value={value}
        onChange={setValue}
        faultAt={() => undefined}
        disabled={false}
        {...more}
      />
    )
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <Held />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return seen
}

const part = (name: string) => screen.findByRole("group", { name })

it("says what the agent has where nothing is different", async () => {
  show()
  const says = async (name: string) => (await part(name)).textContent
  expect(await says("Goal")).toContain("Write well")
  expect(await says("Tools")).toContain("1 granted")
  expect(await says("Limits")).toContain("7 turns, $0.05")
  expect(await says("Memory")).toContain("On")
  expect(screen.queryByText("Changed here")).toBeNull()
})

it("begins a change with what the agent has, marks it, leads into the field, and takes it back", async () => {
  const user = userEvent.setup()
  const seen = show()
  await user.click(await screen.findByRole("button", { name: "Change goal here" }))
  const field = screen.getByRole("textbox", { name: "Goal here" })
  expect(document.activeElement).toBe(field)
  await user.clear(field)
  expect(seen.now).toEqual({ goal: "" })
  await user.type(field, "Write badly")
  expect(seen.now).toEqual({ goal: "Write badly" })
  expect(within(await part("Goal")).getByText("Changed here")).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Reset goal" }))
  expect(seen.now).toBeUndefined()
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Change goal here" }))
})

it("changes tools, limits and guardrails, each by itself", async () => {
  const user = userEvent.setup()
  const seen = show()
  await user.click(await screen.findByRole("button", { name: "Change tools here" }))
  await user.click(await screen.findByRole("checkbox", { name: /math/ }))
  await user.click(screen.getByRole("button", { name: "Change limits here" }))
  await user.clear(screen.getByRole("textbox", { name: "Turns" }))
  await user.type(screen.getByRole("textbox", { name: "Turns" }), "3")
  await user.click(screen.getByRole("button", { name: "Change guardrails here" }))
  await user.click(screen.getByRole("button", { name: "Add a guardrail" }))
  await user.click(await screen.findByRole("menuitem", { name: "Is no longer than" }))
  await user.click(screen.getByRole("button", { name: "Change memory here" }))
  expect(seen.now).toEqual({
    tool_ids: ["builtin:time", "builtin:math"],
    config: {
      limits: { max_iterations: 3, max_cost_micros: 50_000 },
      guardrails: [{ type: "max_characters", most: 2_000 }],
      memory: false,
    },
  })
  await user.click(screen.getByRole("button", { name: "Reset limits" }))
  await user.click(screen.getByRole("button", { name: "Reset guardrails" }))
  await user.click(screen.getByRole("button", { name: "Reset memory" }))
  expect(seen.now).toEqual({ tool_ids: ["builtin:time", "builtin:math"] })
})

it("names another model where the agent names none", async () => {
  const user = userEvent.setup()
  const seen = show()
  await user.click(await screen.findByRole("button", { name: "Change model here" }))
  await user.type(screen.getByRole("combobox", { name: "Model or alias optional" }), "fast")
  expect(seen.now).toEqual({ model: "fast" })
  await user.click(screen.getByRole("button", { name: "Reset model" }))
  expect(seen.now).toBeUndefined()
})

it("says what was changed before, and what is wrong beside the field", async () => {
  show(
    { config: { limits: { max_iterations: 0 } } },
    {
      before: { goal: "The crew's" },
      faultAt: (path) => (path === "config.limits.max_iterations" ? "At least one" : undefined),
    },
  )
  expect((await part("Goal")).textContent).toContain("The crew's")
  const turns = screen.getByRole("textbox", { name: "Turns" })
  expect(turns.getAttribute("aria-invalid")).toBe("true")
  expect(screen.getByRole("alert").textContent).toBe("At least one")
})

it("only shows who may not edit", async () => {
  show({ goal: "Another" }, { disabled: true })
  expect(await screen.findByRole("textbox", { name: "Goal here" })).toHaveProperty("disabled", true)
  expect(screen.queryByRole("button", { name: /^(Change|Reset)/ })).toBeNull()
})
