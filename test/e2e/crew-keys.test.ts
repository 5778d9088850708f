import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { AgentDraft } from "#core/agent/agent"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import type { Visitor } from "./kit/browser.ts"
import type { Keys } from "./kit/keys.ts"
import { openPlace, type Place } from "./kit/keyboard-place.ts"
import { inTurn } from "./kit/in-turn.ts"

let place: Place
let visitor: Visitor
let keys: Keys
let page: Page
let crewPath: string

beforeAll(async () => {
  place = await openPlace()
  for (const name of ["Researcher", "Writer", "Critic"])
    await place.tenant.admin.ask(agentsApi.create.reply, "POST", "/agents", {
      body: AgentDraft.parse({ name, role: `${name} of the desk`, goal: `What a ${name} wants` }),
    })
  const guest = await place.guest()
  visitor = guest.visitor
  keys = guest.keys
  page = visitor.page
})
afterAll(() => place?.end())

const crew = async () => (await place.tenant.admin.ask(crewsApi.get.reply, "GET", crewPath)).crew
const saved = (version: number) => page.getByRole("status").getByText(`Version ${version}`, { exact: true })

async function addMember(name: string): Promise<void> {
  await keys.do("button", "Add a member")
  await keys.at("combobox", "Agent")
  await page.keyboard.type(name)
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).waitFor()
  await keys.press("Enter")
  await page.getByRole("textbox", { name: "Position" }).waitFor()
  await keys.held()
}

const agentsYaml = `researcher:
  role: "{topic} Senior Researcher"
  goal: Uncover what is new in {topic}
  backstory: You find the most relevant facts.
  verbose: true
writer:
  role: Reporting Analyst
  goal: Write a report on {topic}
  backstory: You write clearly.
`
const tasksYaml = `research_task:
  description: Research {topic} thoroughly
  expected_output: A list of facts
  agent: researcher
report_task:
  description: Turn the facts into a report
  expected_output: A report
  agent: writer
  context:
    - research_task
`

describe("a newcomer with a keyboard", () => {
  inTurn()

  it("makes a crew", async () => {
    await keys.do("link", "Crews")
    await keys.do("button", "New crew")
    await keys.trapped("New crew")
    await keys.escape("New crew", ["button", "New crew"])
    await keys.press("Enter")
    await keys.at("textbox", "Name")
    await page.keyboard.insertText("Desk")
    await keys.press("Enter")
    await page.waitForURL("**/crews/crew_*")
    crewPath = new URL(page.url()).pathname
    await keys.held()
  })

  it("puts members into it and gives them positions", async () => {
    for (const name of ["Researcher", "Writer", "Critic"]) await addMember(name)
    await keys.write("Position", "judge_of_texts")
    await keys.press("Enter")
    await page.getByRole("heading", { name: "judge_of_texts" }).waitFor()
    await keys.write("Position", "Not One")
    await keys.press("Enter")
    await page.getByText(/Use a small letter/).waitFor()
    await keys.write("Position", "judge_of_texts")
    await keys.press("Enter")
  })

  it("changes what is different about a member here, and takes it back", async () => {
    await keys.do("button", "Change goal here")
    await keys.at("textbox", "Goal here")
    await keys.write("Goal here", "Judge mildly")
    await keys.do("button", "Change limits here")
    await keys.at("textbox", "Turns")
    await keys.write("Turns", "3")
    await keys.do("button", "Change tools here")
    await keys.at("searchbox", "Search tools")
    await page.keyboard.type("math")
    await keys.to("checkbox", /^math/)
    await keys.press("Space")
    await keys.do("button", "Change memory here")
    await keys.at("switch", "Memory here")
    await keys.do("button", "Reset memory")
    await keys.at("button", "Change memory here")
    await keys.press("Control+s")
    await saved(2).waitFor()
    await keys.held()
    expect((await crew()).agents.at(-1)?.overrides).toEqual({
      goal: "Judge mildly",
      tool_ids: ["builtin:math"],
      config: { limits: { max_iterations: 3 } },
    })
  })

  it("lets one hand work to another, without drawing, and bounds what it may cost", async () => {
    await keys.to("checkbox", "writer", "Shift+Tab")
    await keys.press("Space")
    await keys.do("button", "Budget")
    await page.getByRole("heading", { name: "judge_of_texts → writer" }).waitFor()
    await keys.held()
    await keys.write("Dollars a delegation", "0.02")
    await keys.do("button", "Remove the line")
    await keys.held()
    await page.getByRole("group", { name: "Pattern" }).waitFor()
  })

  it("chooses the pattern and who leads, and reaches each member in the drawing", async () => {
    await keys.to("radio", /^Sequential/)
    await keys.press("ArrowRight")
    await keys.at("radio", /^Hierarchical/)
    await keys.choose("Manager", "researcher")
    await keys.to("group", "Member writer", "Shift+Tab")
    await keys.press("Enter")
    await page.getByRole("heading", { name: "writer", exact: true }).waitFor()
    await keys.at("group", "Member writer")
    await keys.press("Escape")
    await page.getByRole("group", { name: "Pattern" }).waitFor()
  })

  it("gives it tasks, one with the context of another, and moves them", async () => {
    for (const [name, says] of [
      ["facts", "Find facts about {{ input.topic }}"],
      ["text", "Write a line of it"],
    ]) {
      await keys.do("button", "Add a task")
      await page.getByRole("textbox", { name: "What is to be done" }).waitFor()
      await keys.held()
      await keys.write("Name", name!)
      await keys.press("Enter")
      await page.getByRole("heading", { name: name!, exact: true }).waitFor()
      await keys.write("What is to be done", says!)
      await keys.choose("Who does it", "writer")
    }
    await keys.to("checkbox", /^The result of facts/)
    await keys.press("Space")
    await keys.to("checkbox", "facts")
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).checked)).toBe(true)
    await keys.to("button", /^.*text.*Write a line/, "Shift+Tab")
    await keys.press("Alt+ArrowUp")
    await keys.press("Alt+ArrowDown")
    await keys.press("Control+s")
    await saved(3).waitFor()
    expect((await crew()).tasks.map(({ id, context }) => [id, context])).toEqual([
      ["facts", undefined],
      ["text", ["facts"]],
    ])
  })

  it("runs it on an input and watches who does what", async () => {
    await keys.to("tab", "Details")
    await keys.press("ArrowRight")
    await keys.at("tab", "Run")
    await keys.write(/^topic/i, "The harbour opened in 1901. It burnt in 1932.")
    await keys.do("button", "Run")
    await page.getByRole("region", { name: "Result" }).waitFor({ timeout: 20_000 })
    await keys.held()
    await keys.to("region", "Progress")
  })

  it("sees what differs between versions and brings one back", async () => {
    await keys.to("tab", "Build", "Shift+Tab")
    await keys.press("ArrowRight")
    await keys.at("tab", /Versions/)
    await keys.to("button", /Version 2/)
    await keys.press("Enter")
    await keys.do("button", "Bring back version 2")
    await saved(4).waitFor()
    await keys.held()
    await keys.undo("Version 2 holds again")
    await saved(5).waitFor()
    await keys.to("tab", /Versions/, "Shift+Tab")
    await keys.press("ArrowRight")
    await keys.at("tab", "Memory")
    await page.getByText("Memory is off").waitFor()
  })

  it("saves the crew as CrewAI's two files", async () => {
    const files = new Map<string, Promise<string>>()
    page.on("download", (download) => files.set(download.suggestedFilename(), download.path()))
    await keys.to("button", "More acts", "Shift+Tab")
    await keys.menu("Export to CrewAI")
    await keys.at("button", "More acts")
    await expect.poll(() => [...files.keys()].toSorted()).toEqual(["agents.yaml", "tasks.yaml"])
    expect(await readFile((await files.get("tasks.yaml"))!, "utf8")).toContain("Find facts about {topic}")
  })

  it("brings a crew in from CrewAI and reads what became of it", async () => {
    await keys.to("link", "Crews", "Shift+Tab")
    await keys.press("Enter")
    await page.getByRole("row", { name: "Desk" }).waitFor()
    await keys.do("button", "Import from CrewAI")
    await keys.trapped("Import from CrewAI")
    await keys.escape("Import from CrewAI", ["button", "Import from CrewAI"])
    await keys.press("Enter")
    await keys.write("agents.yaml", agentsYaml)
    await keys.write("tasks.yaml", "- not: a map")
    await keys.do("button", "Import crew")
    await keys.refused("tasks.yaml", /./)
    await keys.write("tasks.yaml", tasksYaml)
    await keys.do("button", "Import crew")
    await keys.trapped("Imported “Imported crew”")
    await page.getByRole("region", { name: "Not taken over" }).getByText("researcher.verbose").waitFor()
    await keys.escape("Imported “Imported crew”", ["button", "Import from CrewAI"])
    await page.getByRole("row", { name: "Imported crew" }).waitFor()
  })

  it("deletes the crew and brings it back", async () => {
    await keys.row("Desk")
    await keys.to("button", "Actions for Desk")
    await keys.menu("Delete")
    await page.getByRole("row", { name: "Desk" }).waitFor({ state: "detached" })
    await keys.held()
    await keys.undo("Deleted “Desk”")
    await page.getByRole("row", { name: "Desk" }).waitFor()
  })
})

it("had nothing to complain about", () => {
  expect(visitor.complaints.filter((one) => !/\b422\b/.test(one))).toEqual([])
})
