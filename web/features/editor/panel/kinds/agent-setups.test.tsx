import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterContextProvider,
} from "@tanstack/react-router"
import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import type { ReactNode } from "react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { AgentDraft } from "#core/agent/agent"
import { useAtomValue } from "#web/state/jotai.ts"
import { session } from "#web/state/session.ts"
import { nodeAtom } from "../../atoms.ts"
import { openEditor } from "../../test-editor.tsx"
import { draft, node } from "../../test-flow.ts"
import { useFaults } from "../use-faults.ts"
import { AgentSetup } from "./agent-setup.tsx"
import { CrewSetup } from "./crew-setup.tsx"
import type { SetupProps } from "./http-setup.tsx"

const agentId = "agent_01JD0000000000000000000000"
const crewId = "crew_01JD0000000000000000000000"
const agent = { ...AgentDraft.parse({ name: "Writer", role: "Author", goal: "Write well" }), id: agentId }
const crew = {
  id: crewId,
  name: "Desk",
  collaboration_pattern: "sequential",
  agents: [{ agent_id: agentId, position: "writer", overrides: { goal: "The crew's goal" } }],
  tasks: [],
}

const answers: Record<string, object> = {
  "/agents": { agents: [{ ...agent, status: "active" }], total: 1 },
  [`/agents/${agentId}`]: { agent, crews: [] },
  "/crews": { crews: [crew], total: 1 },
  [`/crews/${crewId}`]: {
    crew,
    findings: [],
    agents: [{ id: agentId, name: "Writer", role: "Author", is_deleted: false }],
  },
}

beforeEach(() => {
  session.begin("token", "tenant_01JD0000000000000000000000")
  vi.stubGlobal("fetch", async (address: string) => {
    const path = address.replace("/api/v1", "").replace(/\?.*/, "")
    const body = answers[path] ?? { llm_providers: [], model_aliases: [], tools: [], builtin: [], total: 0 }
    return new Response(JSON.stringify(body), { status: 200 })
  })
})
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

const Routed = ({ children }: { children: ReactNode }) => (
  <RouterContextProvider
    router={createRouter({
      routeTree: createRootRoute(),
      history: createMemoryHistory({ initialEntries: ["/"] }),
    })}
  >
    {children}
  </RouterContextProvider>
)

function Shown({ id, as: As }: { id: string; as: (props: SetupProps) => ReactNode }) {
  const one = useAtomValue(nodeAtom(id))
  const faultAt = useFaults(id)
  return one ? <As node={one} faultAt={faultAt} /> : null
}

function open(type: "agent" | "crew", data: object, mayEdit = true) {
  const editor = openEditor(
    draft([node("step", type, data as never)]),
    <Routed>
      <Shown id="step" as={type === "agent" ? AgentSetup : CrewSetup} />
    </Routed>,
    mayEdit,
  )
  return () => editor.draft().nodes[0]
}

it("finds an agent by its name, and calls the step after it", async () => {
  const user = userEvent.setup()
  const now = open("agent", { agent_id: "", task: "Write" })
  expect(screen.queryByRole("button", { name: "Different here" })).toBeNull()
  await user.type(screen.getByRole("combobox", { name: "Agent" }), "Wri")
  await user.click(await screen.findByRole("option", { name: /Writer/ }))
  expect(now()).toMatchObject({ label: "Writer", data: { agent_id: agentId } })
})

it("changes something about the agent in this step alone, says so, and takes it back", async () => {
  const user = userEvent.setup()
  const now = open("agent", { agent_id: agentId, task: "Write" })
  await user.click(await screen.findByRole("button", { name: "Different here" }))
  await user.click(await screen.findByRole("button", { name: "Change goal here" }))
  await user.type(screen.getByRole("textbox", { name: "Goal here" }), ", and briefly")
  await user.click(screen.getByRole("button", { name: "Change temperature here" }))
  expect(now()?.data["overrides"]).toEqual({
    goal: "Write well, and briefly",
    config: { temperature: 0 },
  })
  await user.click(screen.getByRole("button", { name: "Reset goal" }))
  await user.click(screen.getByRole("button", { name: "Reset temperature" }))
  expect(now()?.data).not.toHaveProperty("overrides")
})

it("shows beside the rule what is wrong with it", async () => {
  open("agent", {
    agent_id: agentId,
    task: "Write",
    overrides: { config: { guardrails: [{ type: "must_match", pattern: "(?=x)" }] } },
  })
  const rule = await screen.findByRole("textbox", { name: "Matches a pattern" })
  expect(rule.getAttribute("aria-invalid")).toBe("true")
})

it("changes a member of a crew in this step, after what the crew itself changes", async () => {
  const user = userEvent.setup()
  const now = open("crew", { crew_id: crewId })
  await user.click(await screen.findByRole("button", { name: "Members, different here" }))
  await user.click(screen.getByRole("button", { name: /^writer/ }))
  const goal = await screen.findByRole("group", { name: "Goal" })
  expect(goal.textContent).toContain("The crew's goal")
  await user.click(within(goal).getByRole("button", { name: "Change goal here" }))
  await user.type(screen.getByRole("textbox", { name: "Goal here" }), "!")
  expect(now()?.data["overrides"]).toEqual({ writer: { goal: "The crew's goal!" } })
  expect(screen.getByRole("button", { name: /^writer.*Changed here/ })).toBeTruthy()
  await user.click(screen.getByRole("button", { name: "Reset goal" }))
  expect(now()?.data).not.toHaveProperty("overrides")
})

it("names a change whose member has left the crew, and lets it be taken away", async () => {
  const user = userEvent.setup()
  const now = open("crew", { crew_id: crewId, overrides: { editor: { goal: "Gone" } } })
  await screen.findByText("editor, who is no longer in the crew")
  await user.click(screen.getByRole("button", { name: "Remove" }))
  expect(now()?.data).not.toHaveProperty("overrides")
})

it("only shows who may not edit", async () => {
  open("agent", { agent_id: agentId, task: "Write", overrides: { goal: "Another" } }, false)
  expect(await screen.findByRole("textbox", { name: "Goal here" })).toHaveProperty("disabled", true)
  expect(screen.queryByRole("button", { name: "Reset goal" })).toBeNull()
})
