import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { sharesApi } from "#core/contract/shares"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { Keys } from "./kit/keys.ts"
import { join } from "./kit/member.ts"
import { signIn } from "./kit/sign-in.ts"
import { publish, register, sum, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let owner: Page
let colleague: Page
let keys: Keys
const ids = { flow: "", crew: "", agent: "" }
const desk = { width: 1440, height: 900 }

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  const ben = await join(server, acme, "editor", "Ben")
  await join(server, acme, "viewer", "Cid")
  ids.flow = await publish(acme.admin, sum("Payroll"))
  const { agent } = await acme.admin.ask(agentsApi.create.reply, "POST", "/agents", {
    body: { name: "Reader", role: "Reader", goal: "Reads", backstory: "Reads a lot" },
  })
  ids.agent = agent.id
  const { crew } = await acme.admin.ask(crewsApi.create.reply, "POST", "/crews", {
    body: {
      name: "Readers",
      collaboration_pattern: "sequential",
      agents: [{ agent_id: agent.id, position: "reader" }],
      tasks: [{ id: "read", description: "Read it", expected_output: "A word", position: "reader" }],
    },
  })
  ids.crew = crew.id
  const [ana, other] = [
    await Visitor.arrive(browser, server.address, desk),
    await Visitor.arrive(browser, server.address, desk),
  ]
  ;[owner, colleague] = [ana.page, other.page]
  for (const page of [owner, colleague]) await page.emulateMedia({ reducedMotion: "reduce" })
  keys = new Keys(owner)
  await signIn(owner, acme)
  await signIn(colleague, ben)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

/** Right by axe, and no wider than the screen, at a desk and on a phone. */
async function isFit(page: Page, shot: string): Promise<void> {
  for (const [view, name] of [
    [desk, "desk"],
    [phone, "phone"],
  ] as const) {
    await page.setViewportSize(view)
    await settle(page)
    const folder = process.env["SHOTS"]
    if (folder) await page.screenshot({ path: `${folder}/${shot}-${name}.png` })
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize(desk)
  await settle(page)
}

const sharesOf = async (path: string) =>
  (await acme.admin.ask(sharesApi.flow.reply, "GET", `${path}/shares`)).sharing

describe("sharing, by keyboard", () => {
  inTurn()

  it("begins with nobody: the dialog says who finds it, and keeps the focus", async () => {
    await owner.goto(`/flows/${ids.flow}`)
    await keys.do("button", "Share")
    await keys.trapped("Share Payroll")
    await owner.getByText("Shared with nobody in particular: roles decide.").waitFor()
    await isFit(owner, "flow-empty")
    await keys.escape("Share Payroll", ["button", "Share"])
  })

  it("a flow is shared with one person, to look at, and hidden from everybody else", async () => {
    await keys.do("button", "Share")
    await keys.choose("Who finds it", "Only those it is shared with")
    await keys.write("Add a person", "Be", "combobox")
    await owner.getByRole("option", { name: "Ben" }).waitFor()
    await keys.press("Enter")
    await owner.getByRole("combobox", { name: "How far Ben comes" }).waitFor()
    await keys.write("Add a person", "Cid", "combobox")
    await keys.press("Enter")
    await keys.choose("How far Cid comes", "May edit")
    await owner.getByText("Views only, as a viewer").waitFor()
    await isFit(owner, "flow-shared")
    await keys.do("button", "Save shares")
    await owner.getByText("Who comes how far with Payroll is saved").first().waitFor()
    const { access, shares } = await sharesOf(`/flows/${ids.flow}`)
    expect([access, shares.map(({ user, level }) => [user.name, level])]).toEqual([
      "shared",
      [
        ["Ben", "view"],
        ["Cid", "edit"],
      ],
    ])
  })

  it("whom it is shared with to look at finds it, and changes nothing", async () => {
    await colleague.goto(`/flows/${ids.flow}`)
    await colleague.getByText("Payroll").first().waitFor()
    await settle(colleague)
    expect(await colleague.getByRole("button", { name: "Share", exact: true }).count()).toBe(0)
    await isFit(colleague, "flow-viewed")
  })

  it("who is taken off does not find it any more", async () => {
    await owner.reload()
    await keys.do("button", "Share")
    await keys.do("button", "Stop sharing with Ben")
    await keys.do("button", "Save shares")
    await owner.getByText("Who comes how far with Payroll is saved").first().waitFor()
    await colleague.goto("/flows")
    await settle(colleague)
    expect(await colleague.getByText("Payroll").count()).toBe(0)
    await colleague.goto(`/flows/${ids.flow}`)
    await colleague.getByText("There is no such flow").waitFor()
  })

  it.each([
    ["crew", "Readers"],
    ["agent", "Reader"],
  ] as const)(
    "a %s is shared the same way, and only looked at by whom it is shared with for that",
    async (is, name) => {
      await owner.goto(`/${is}s/${ids[is]}`)
      await keys.do("button", "Share")
      await keys.write("Add a person", "Ben", "combobox")
      await owner.getByRole("option", { name: "Ben" }).waitFor()
      await keys.press("Enter")
      await isFit(owner, `${is}-shared`)
      await keys.do("button", "Save shares")
      await owner.getByText(`Who comes how far with ${name} is saved`).first().waitFor()
      await colleague.goto(`/${is}s/${ids[is]}`)
      await colleague.getByRole("heading", { name, level: 1 }).waitFor()
      await settle(colleague)
      expect(await colleague.getByRole("button", { name: "Share", exact: true }).count()).toBe(0)
      expect(await colleague.getByRole("button", { name: /^Save/ }).count()).toBe(0)
    },
  )

  it("says when somebody else has shared it meanwhile", async () => {
    await owner.goto(`/agents/${ids.agent}`)
    await keys.do("button", "Share")
    await owner.getByRole("combobox", { name: "Who finds it" }).waitFor()
    await acme.admin.ask(sharesApi.shareAgent.reply, "PUT", `/agents/${ids.agent}/shares`, {
      body: { access: "role", shares: [] },
    })
    await keys.do("button", "Save shares")
    await owner.getByText("Somebody else has shared it meanwhile", { exact: false }).waitFor()
    await isFit(owner, "agent-stale")
  })
})
