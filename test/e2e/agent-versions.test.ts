import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { AgentDraft } from "#core/agent/agent"
import { agentsApi } from "#core/contract/agents"
import type { Visitor } from "./kit/browser.ts"
import type { Keys } from "./kit/keys.ts"
import { openPlace, type Place } from "./kit/keyboard-place.ts"
import { inTurn } from "./kit/in-turn.ts"

let place: Place
let visitor: Visitor
let keys: Keys
let page: Page
let agentPath: string

/** An agent with three versions. */
beforeAll(async () => {
  place = await openPlace()
  const { admin } = place.tenant
  const draft = AgentDraft.parse({ name: "Clerk", config: { memory: true } })
  const { agent } = await admin.ask(agentsApi.create.reply, "POST", "/agents", { body: draft })
  agentPath = `/agents/${agent.id}`
  for (const [i, role] of ["Order clerk", "Clerk for orders"].entries())
    await admin.ask(agentsApi.update.reply, "PUT", agentPath, {
      body: { ...draft, role },
      headers: { "if-match": `"v${i + 1}"` },
    })
  const guest = await place.guest()
  visitor = guest.visitor
  keys = guest.keys
  page = visitor.page
})
afterAll(() => place?.end())

const saved = (version: number) => page.getByRole("status").getByText(`Version ${version}`, { exact: true })
const ended = () =>
  page.getByRole("complementary", { name: "Try out" }).getByText("Succeeded", { exact: true }).waitFor()

describe("somebody with a keyboard", () => {
  inTurn()

  it("sees what differs between versions, and brings an earlier one back and forth", async () => {
    await keys.do("link", "Agents")
    await keys.row("Clerk")
    await keys.press("Enter")
    await saved(3).waitFor()
    await keys.to("tab", /Setup/)
    await keys.press("ArrowRight")
    await keys.at("tab", /Versions/)
    await keys.to("button", /Version 2/)
    await keys.press("Enter")
    const differences = page.getByRole("region", { name: "What differs" })
    await expect.poll(() => differences.innerText()).toMatch(/role/)
    await keys.choose("Compare with", "Version 1")
    await keys.choose("Compare with", "Version 3, now")
    await keys.do("button", "Bring back version 2")
    await saved(4).waitFor()
    await keys.held()
    await keys.undo("Version 2 holds again")
    await saved(5).waitFor()
    const { agent } = await place.tenant.admin.ask(agentsApi.get.reply, "GET", agentPath)
    expect(agent).toMatchObject({ role: "Clerk for orders", version: 5 })
  })

  it("looks through its memory, forgets one thing, then everything by typing the name", async () => {
    await keys.to("tab", /Versions/, "Shift+Tab")
    await keys.press("ArrowLeft")
    await keys.write("Search tools", "remember", "searchbox")
    await keys.to("checkbox", /^remember/)
    await keys.press("Space", "Control+s")
    await saved(6).waitFor()
    for (const fact of ["the customer pays in Swiss francs", "the harbour opened in 1901"]) {
      await keys.write("Try it out", `Remember that ${fact}.`)
      await keys.press("Control+Enter")
      const trial = page.getByRole("region", { name: "What it does" })
      await trial.getByText(fact).first().waitFor()
      await ended()
    }
    await keys.to("tab", /Setup/)
    await keys.press("ArrowRight")
    await keys.at("tab", /Versions/)
    await keys.press("ArrowRight")
    await keys.at("tab", "Memory")
    await page.getByText("2 memories").waitFor()
    await keys.write("Search memories", "francs", "searchbox")
    await page.getByText("1 memory").waitFor()
    await keys.to("row", /Swiss francs/)
    await keys.to("button", /^Actions for/)
    await keys.menu("Forget")
    await page.getByText("No memory matches").waitFor()
    await keys.held()
    await keys.do("button", "Clear the search")
    await keys.at("searchbox", "Search memories")
    await page.getByText("1 memory").waitFor()
    await keys.do("button", "Forget everything…")
    await keys.trapped("Let Clerk forget everything?", "alertdialog")
    await keys.escape("Let Clerk forget everything?", ["button", "Forget everything…"], "alertdialog")
    await keys.press("Enter")
    await keys.at("textbox", "Type Clerk to confirm")
    await page.keyboard.type("Clerk")
    await keys.press("Enter")
    await page.getByText("Nothing remembered yet").waitFor()
    await keys.held()
  })

  it("loses nothing when two save the same agent, whoever wins", async () => {
    const other = await place.guest()
    await other.visitor.page.goto(agentPath)
    await keys.to("tab", "Memory", "Shift+Tab")
    await keys.press("ArrowLeft")
    await keys.at("tab", /Versions/)
    await keys.press("ArrowLeft")
    await other.keys.write("Goal", "Theirs")
    await other.keys.press("Control+s")
    await other.visitor.page.getByRole("status").getByText("Version 7", { exact: true }).waitFor()
    await keys.write("Backstory", "Mine")
    await keys.press("Control+s")
    await keys.trapped("This agent was changed elsewhere")
    await keys.escape("This agent was changed elsewhere", ["textbox", "Backstory"])
    await expect.poll(() => page.getByRole("textbox", { name: "Backstory" }).inputValue()).toBe("Mine")
    await keys.press("Control+s")
    await keys.do("button", "Keep mine")
    await saved(8).waitFor()
    await keys.at("textbox", "Backstory")
    const { agent } = await place.tenant.admin.ask(agentsApi.get.reply, "GET", agentPath)
    expect(agent).toMatchObject({ backstory: "Mine", goal: "" })
    const kept = await place.tenant.admin.ask(agentsApi.diff.reply, "GET", `${agentPath}/diff?from=7&to=8`)
    expect(JSON.stringify(kept)).toContain("Theirs")
    await other.keys.write("Role", "Another")
    await other.keys.press("Control+s")
    await other.keys.do("button", "Load theirs")
    await other.visitor.page.getByRole("dialog").waitFor({ state: "detached" })
    await other.keys.at("textbox", "Role")
    await expect
      .poll(() => other.visitor.page.getByRole("textbox", { name: "Backstory" }).inputValue())
      .toBe("Mine")
    expect(other.visitor.complaints.filter((one) => !one.includes("412"))).toEqual([])
    await other.visitor.context.close()
  })

  it("is asked before unsaved words are left behind", async () => {
    await keys.write("Backstory", "Unsaved")
    await keys.do("link", "Agents")
    await keys.trapped("Leave without saving?", "alertdialog")
    await keys.escape("Leave without saving?", ["link", "Agents"], "alertdialog")
    await keys.press("Enter")
    await keys.do("button", "Leave")
    await page.waitForURL("**/agents")
    await page.getByRole("row", { name: "Clerk" }).waitFor()
    await keys.held()
  })

  it("deletes the agent and brings it back", async () => {
    await keys.row("Clerk")
    await keys.to("button", "Actions for Clerk")
    await keys.menu("Delete")
    await page.getByRole("heading", { name: "Begin with an agent that works" }).waitFor()
    await keys.held()
    await keys.undo("Deleted “Clerk”")
    await page.getByRole("row", { name: "Clerk" }).waitFor()
    await keys.row("Clerk")
    await keys.press("Enter")
    await page.waitForURL(`**${agentPath}**`)
    await keys.held()
  })
})

it("had nothing to complain about", () => {
  expect(visitor.complaints.filter((one) => !/\b412\b/.test(one))).toEqual([])
})
