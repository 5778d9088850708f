import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import type { Flow } from "#core/contract/flows"
import { agentsApi } from "#core/contract/agents"
import { builderApi, type Proposal } from "#core/contract/flow-builder"
import type { ChatRequest } from "#test/kit/llm/openai-request"
import type { Scenario } from "#test/kit/llm/openai-scenarios"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { chain, create, provider as vendorAccount, register, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let vendor: OpenAiServer
/** How the vendor's model behaves in the test that is under way. */
let play: (chat: ChatRequest) => Scenario | undefined = () => undefined

beforeAll(async () => {
  vendor = await startOpenAiServer({ choose: (chat) => play(chat) })
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
})
afterAll(async () => {
  await browser?.close()
  await end()
  await vendor?.close()
})

const patient = { timeout: 10_000, interval: 100 }
const nodes = (page: Page): Locator => page.locator("[data-canvas] .react-flow__node")
const shots = process.env["SHOTS"]

async function arrive(flow: string, viewport = { width: 1440, height: 900 }): Promise<Visitor> {
  const one = await Visitor.arrive(browser, server.address, viewport)
  await one.page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(one.page, acme)
  await one.page.goto(`/flows/${flow}`)
  await nodes(one.page).first().waitFor()
  await settle(one.page)
  return one
}
const letters = () =>
  create(acme.admin, {
    name: "Letters",
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "draft", type: "llm", data: { prompt: "Write about {{ input }}" } },
      { id: "output", type: "output", data: {} },
    ),
  })
const onServer = async (flow: string): Promise<Flow> =>
  (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow
const wish =
  "Add a model that summarises the text after draft; rename draft to “Writer”; add a note saying “Ask Ana first”"

it("[CV5] is asked in words, draws the answer, makes what is accepted for everybody, and takes it back as one", async () => {
  const flow = await letters()
  const [one, other] = await Promise.all([arrive(flow), arrive(flow)])
  const { page } = one
  // By keys alone: the panel, the request, the boxes, the end.
  await page.locator("[data-canvas]").press("b")
  const field = page.getByRole("textbox", { name: "What should change" })
  await expect.poll(() => field.evaluate((element) => element === document.activeElement), patient).toBe(true)
  if (shots) await page.screenshot({ path: `${shots}/builder-empty.png` })
  await field.fill(wish)
  await field.press("Enter")
  const list = page.getByRole("list", { name: "Proposed changes" })
  await list.waitFor()
  const review = page.getByRole("region", { name: "Proposed changes on the canvas" })
  await review.getByText("Added").first().waitFor()
  await expect.poll(() => review.getByText("Added").count()).toBe(2)
  await expect.poll(() => review.getByText("Changed").count()).toBe(1)
  // Nothing is made yet, here or elsewhere.
  await expect.poll(() => nodes(other.page).count()).toBe(3)
  expect((await onServer(flow)).nodes).toHaveLength(3)
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  if (shots) await shoot(page, "builder-review")

  const rename = page.getByRole("checkbox", { name: /Rename/ })
  await rename.press("Space")
  await review.getByText("Changed").waitFor({ state: "detached" })
  await page.getByRole("button", { name: /^Accept 5 of 6/ }).press("Enter")
  const theirs = other.page.locator('[data-canvas] .react-flow__node[data-id="summarise_the_text"]')
  await theirs.waitFor()
  await page.getByText(/^Saved/).waitFor()
  const made = await onServer(flow)
  expect(made.nodes.map(({ id }) => id)).toEqual([
    "input",
    "draft",
    "output",
    "summarise_the_text",
    expect.any(String),
  ])
  expect(made.nodes.find(({ id }) => id === "draft")?.label).toBeUndefined()
  expect(made.edges.map(({ source, target }) => `${source} ${target}`).toSorted()).toEqual([
    "draft summarise_the_text",
    "input draft",
    "summarise_the_text output",
  ])
  await settle(page)
  if (shots) await page.screenshot({ path: `${shots}/builder-made.png` })

  // What somebody else does meanwhile stays when it is taken back.
  await other.page.getByLabel("Name", { exact: true }).fill("Letters to answer")
  await other.page.getByText(/^Saved/).waitFor()
  await page.getByRole("heading", { name: "Letters to answer" }).waitFor()
  await page.locator("[data-canvas]").press("Control+z")
  await theirs.waitFor({ state: "detached" })
  await page.getByText(/^Saved/).waitFor()
  const back = await onServer(flow)
  expect(back.name).toBe("Letters to answer")
  expect(back.nodes.map(({ id }) => id)).toEqual(["input", "draft", "output"])
  expect(back.edges.map(({ source, target }) => `${source} ${target}`).toSorted()).toEqual([
    "draft output",
    "input draft",
  ])
  expect([...one.complaints, ...other.complaints]).toEqual([])
})

async function shoot(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    await settle(page)
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
}

it("works on a phone, from the palette, and says what it did not understand", async () => {
  const flow = await letters()
  const { page, complaints } = await arrive(flow, phone)
  await page.keyboard.press("Control+k")
  await page.getByRole("option", { name: /Build in words/ }).click()
  const field = page.getByRole("textbox", { name: "What should change" })
  await field.fill("Make it wonderful")
  await page.getByRole("button", { name: "Propose changes" }).click()
  await page
    .getByText(/I did not understand “Make it wonderful”/)
    .first()
    .waitFor()
  await field.fill("Remove the draft")
  await page.getByRole("button", { name: "Propose changes" }).click()
  await page.getByRole("list", { name: "Proposed changes" }).waitFor()
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  expect(await overflowOf(page)).toBe(0)
  if (shots) await shoot(page, "builder-phone")
  await page.getByRole("button", { name: "Refuse all" }).click()
  expect((await onServer(flow)).nodes).toHaveLength(3)
  expect(complaints).toEqual([])
})

it("is not there for those who only look", async () => {
  const flow = await letters()
  const { page } = await arrive(flow)
  await page.route("**/api/v1/auth/me", async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { capabilities: string[] }
    await route.fulfill({
      json: { ...body, capabilities: body.capabilities.filter((one) => one !== "flow.edit") },
    })
  })
  await page.reload()
  await nodes(page).first().waitFor()
  await page.locator("[data-canvas]").press("b")
  expect(await page.getByRole("button", { name: "Build in words" }).count()).toBe(0)
  expect(await page.getByRole("textbox", { name: "What should change" }).count()).toBe(0)
})

/** Answers one after the other; the last one again and again. */
function says(...answers: (object | string)[]): () => number {
  let asked = 0
  play = () => {
    const said = answers[Math.min(asked++, answers.length - 1)]!
    return { about: "a builder", text: () => (typeof said === "string" ? said : JSON.stringify(said)) }
  }
  return () => asked
}

describe("a model that errs, or means harm", () => {
  let provider: string
  let flow: string
  beforeAll(async () => {
    provider = await vendorAccount(acme.admin, vendor)
    flow = await letters()
  })
  const wished = (more: object = {}) => ({
    body: { message: "Do what you like", llm_provider_id: provider, model: "gpt-test", ...more },
  })
  const propose = (): Promise<Proposal> =>
    acme.admin.ask(builderApi.propose.reply, "POST", `/flows/${flow}/propose`, wished())
  const refused = async () => {
    const { status, body } = await acme.admin.send("POST", `/flows/${flow}/propose`, wished())
    return { status, code: (body as { code?: string }).code }
  }

  it("is shown what cannot be made, twice at most", async () => {
    const wrong = { reply: "Here.", operations: [{ op: "connect", from: "draft", to: "ghost" }] }
    const right = { reply: "Sorry.", operations: [{ op: "rename", node: "draft", label: "Writer" }] }
    const asked = says(wrong, right)
    expect(await propose()).toMatchObject({ reply: "Sorry.", rounds: 2, operations: [{ faults: [] }] })
    expect(asked()).toBe(2)
    const sent = JSON.stringify(vendor.requests.at(-1)!.body)
    expect(sent).toContain("There is no node ghost.")

    says({ ...wrong, reply: "A" }, { ...wrong, reply: "B" }, { ...wrong, reply: "C" })
    const left = await propose()
    expect(left).toMatchObject({ reply: "C", rounds: 3, items: [{ faults: ["There is no node ghost."] }] })
  })

  it("says what is no answer, and is asked three times, not more", async () => {
    for (const nonsense of ["I cannot do that.", '{"reply":', { reply: "x", operations: "all" }]) {
      const asked = says(nonsense)
      expect(await refused()).toEqual({ status: 502, code: "builder.unusable" })
      expect(asked()).toBe(3)
    }
    says({
      reply: "x",
      operations: Array.from({ length: 10_000 }, (_, i) => ({ op: "remove", node: `n${i}` })),
    })
    expect(await refused()).toEqual({ status: 502, code: "builder.unusable" })
  })

  it("gets neither kinds nor agents that are not there, and changes nothing by itself", async () => {
    const other = await register(await Client.of(server.address))
    const { agent } = await other.admin.ask(agentsApi.create.reply, "POST", "/agents", {
      body: { name: "Foreigner", role: "spy", goal: "Spy." },
    })
    const operations = [
      { op: "add_node", id: "kit", kind: "rootkit" },
      { op: "add_node", id: "spy", kind: "agent", data: { agent_id: agent.id, task: "Spy" } },
      { op: "connect", from: "draft", to: "spy" },
      { op: "execute", command: "rm -rf /" },
      { op: "set", node: "draft", field: "__proto__.x", value: 1 },
      { op: "rename", node: "draft", label: "<img src=x onerror=alert(1)>" },
    ]
    says({ reply: "<script>alert(1)</script>", operations })
    const { items, operations: read } = await propose()
    expect(items.map(({ faults }) => faults.length > 0)).toEqual([true, true, true, true, true, false])
    expect(read[1]!.faults).toEqual(["This agent does not exist. Choose another."])
    expect((await onServer(flow)).nodes.map(({ id }) => id)).toEqual(["input", "draft", "output"])

    const { page, complaints } = await arrive(flow)
    const alarms: string[] = []
    page.on("dialog", (dialog) => {
      alarms.push(dialog.message())
      void dialog.dismiss()
    })
    await page.getByRole("button", { name: "Build in words" }).click()
    await page.getByRole("button", { name: "Choose the model" }).click()
    await page.getByLabel("Provider").selectOption(provider)
    await page.getByLabel(/^Model or alias/).fill("gpt-test")
    await page.getByRole("textbox", { name: "What should change" }).fill("Do what you like")
    await page.getByRole("button", { name: "Propose changes" }).click()
    await page.getByRole("button", { name: "Accept 1 of 6" }).waitFor()
    await expect.poll(() => page.getByText("<script>alert(1)</script>").count()).toBe(1)
    await expect.poll(() => page.getByRole("checkbox", { disabled: true }).count()).toBe(5)
    await settle(page)
    if (shots) await page.screenshot({ path: `${shots}/builder-hostile.png` })
    await page.getByRole("button", { name: "Accept 1 of 6" }).click()
    await page.getByText(/^Saved/).waitFor()
    expect((await onServer(flow)).nodes[1]!.label).toBe("<img src=x onerror=alert(1)>")
    expect([alarms, complaints]).toEqual([[], []])
  })

  it("is stopped by whoever asked, and its connection closed", async () => {
    play = () => ({
      about: "thinks for ever",
      text: () => "x".repeat(100),
      after: { chunks: 1, act: "stall" },
    })
    const before = vendor.disconnects
    const { page } = await arrive(flow)
    await page.getByRole("button", { name: "Build in words" }).click()
    await page.getByRole("button", { name: "Choose the model" }).click()
    await page.getByLabel("Provider").selectOption(provider)
    await page.getByLabel(/^Model or alias/).fill("gpt-test")
    const asked = vendor.requests.length
    await page.getByRole("textbox", { name: "What should change" }).fill("Think")
    await page.getByRole("button", { name: "Propose changes" }).click()
    await expect.poll(() => vendor.requests.length, patient).toBeGreaterThan(asked)
    await page.getByRole("button", { name: "Stop" }).first().click()
    await page.getByText("Stopped. Nothing was changed.").first().waitFor()
    await expect.poll(() => vendor.disconnects, patient).toBeGreaterThan(before)
  })

  it("that refuses or breaks off is told with what to do", async () => {
    play = () => ({ about: "breaks off", text: () => "x".repeat(400), after: { chunks: 1, act: "cut" } })
    const { status, body } = await acme.admin.send("POST", `/flows/${flow}/propose`, wished())
    expect([status, body]).toMatchObject([
      502,
      {
        code: "builder.model_failed",
        detail: expect.stringContaining("Try again, or choose another model."),
      },
    ])
  })
})
