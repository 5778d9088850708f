import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chatApi } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import { tracesApi } from "#core/contract/traces"
import { formatMicros } from "#core/money"
import { launch, overflowOf, phone, still, violationsOf } from "./kit/browser.ts"
import { calls, CrewStage, plays } from "./kit/crew-stage.ts"
import { chain, journal, publish, settled, start, unique } from "./kit/world.ts"

const desk = { width: 1440, height: 900 }
const team = ["researcher", "writer", "critic"] as const
const [lead, member, second] = ["gpt-4o", "gpt-4o-mini", "gpt-4.1-mini"]

let stage: CrewStage
let browser: Browser
let page: Page
let crew: string

beforeAll(async () => {
  plays(lead, [
    ...team.map((position) => ({
      text: `I ask the ${position}.`,
      calls: [calls(`delegate_to_${position}`, { task: `Part of the ${position}` })],
    })),
    { text: "All in all: trams." },
  ])
  plays(member, [{ text: "one two three four five six" }], 40)
  // The writer has its words judged before it gives them back: a delegation within a delegation.
  plays(second, [
    { text: "Judge this.", calls: [calls("delegate_to_critic", { task: "Judge my draft" })] },
    { text: "Written and judged." },
  ])
  stage = await CrewStage.set()
  const agents = {
    boss: await stage.agent("Boss", lead),
    researcher: await stage.agent("Researcher", member),
    writer: await stage.agent("Writer", second, { config: { allow_delegation: true } }),
    critic: await stage.agent("Critic", member),
  }
  crew = await stage.crew("Team", {
    agents,
    manager: "boss",
    tasks: [{ id: "report", description: "Report on {{ input.message ? input.message : input.topic }}" }],
    config: {
      max_depth: 3,
      delegation: [...team.map((to) => ({ from: "boss", to })), { from: "writer", to: "critic" }],
    },
  })
  browser = await launch()
  page = (await stage.visit(browser, desk)).page
})
afterAll(async () => {
  await browser?.close()
  await stage?.strike()
})

const canvas = (on = page) => on.getByRole("region", { name: "Canvas" })
const cards = (name: string, on = page): Locator =>
  canvas(on).locator(".react-flow__node").filter({ hasText: name })
const fact = (name: string, on = page): Locator =>
  on.locator("header dl div").filter({ hasText: name }).locator("dd")

/** "1,100 tok" on a card, or "1,100 tokens" in a line. */
async function tokensOn(place: Locator): Promise<number> {
  const said = /([\d,]+) tok/.exec((await place.textContent()) ?? "")?.[1]
  return Number(said?.replaceAll(",", ""))
}

const teamFlow = () =>
  publish(stage.tenant.admin, {
    name: unique("Crew"),
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "team", type: "crew", data: { crew_id: crew, input: { topic: "{{ input.topic }}" } } },
      { id: "result", type: "output", data: { value: "{{ nodes.team }}" } },
    ),
  })

describe("a crew of three with a manager, in the execution's page", () => {
  let execution = ""
  let bill = { tokens: 0, micros: 0 }

  it("opens to show who works at what as it happens, delegations within delegations too", async () => {
    const before = stage.vendor.requests.length
    execution = await start(stage.tenant.admin, await teamFlow(), { topic: "trams" })
    await page.goto(`/executions/${execution}`)
    await page.getByRole("button", { name: "Look into Crew" }).click()
    await cards("Researcher").waitFor()
    await settled(stage.tenant.admin, execution)
    await cards("All in all").waitFor({ state: "detached" })
    for (const name of ["report · Boss", "Researcher", "Writer"]) await cards(name).first().waitFor()
    // Once for the manager, once for the writer.
    await expect.poll(() => cards("Critic").count()).toBe(2)
    await page.getByText("4 delegations").waitFor()
    bill = stage.billed(before)
    expect(bill.tokens).toBe(9 * 1_100)
  })

  it("says everywhere what the vendor counted: on the cards, in the head, in the traces", async () => {
    await expect.poll(() => fact("Tokens").textContent()).toBe(bill.tokens.toLocaleString("en"))
    await expect.poll(() => fact("Cost").textContent()).toBe(formatMicros(bill.micros))
    // The manager's four thoughts and everything that it handed on.
    await expect.poll(() => tokensOn(cards("report · Boss").first())).toBe(bill.tokens)
    // Its own two thoughts, and the critic's.
    await expect.poll(() => tokensOn(cards("Writer").first())).toBe(3 * 1_100)
    await expect.poll(() => tokensOn(cards("Researcher").first())).toBe(1_100)
    const { spans } = await stage.tenant.admin.ask(
      tracesApi.ofExecution.reply,
      "GET",
      `/executions/${execution}/spans`,
    )
    const asked = spans.filter((span) => span.kind === "model")
    expect(asked.reduce((sum, span) => sum + span.input_tokens + span.output_tokens, 0)).toBe(bill.tokens)
    expect(asked.reduce((sum, span) => sum + span.cost_micros, 0)).toBe(bill.micros)
    const works = spans.filter((span) => span.attributes["gen_ai.operation.name"] === "invoke_agent")
    expect(works.map((span) => String(span.attributes["gen_ai.agent.name"])).toSorted()).toEqual(
      ["Boss", "Critic", "Critic", "Researcher", "Writer"].toSorted(),
    )
  })

  it("opens a delegation of any depth from its card, and shows where it is in the timeline", async () => {
    await cards("Critic").first().click()
    await page.getByRole("heading", { name: "critic" }).waitFor()
    const line = page.getByRole("tree", { name: "Steps" }).getByRole("treeitem", { selected: true })
    await expect.poll(() => line.textContent()).toContain("Critic")
    expect(new URL(page.url()).searchParams.get("node")).toBe("to_critic")
    // Only what the crew did is in the timeline, until somebody wants it otherwise.
    await expect
      .poll(() => page.getByRole("button", { name: "Only Crew" }).getAttribute("aria-pressed"))
      .toBe("true")
  })

  it("is reached and left by keys", async () => {
    await page.goto(`/executions/${execution}`)
    const node = canvas().locator('.react-flow__node[data-id="team"]')
    await node.focus()
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Crew", exact: true }).waitFor()
    await node.focus()
    await page.keyboard.press("Enter")
    await cards("Researcher").first().focus()
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "researcher" }).waitFor()
    await page.keyboard.press("Escape")
    await page
      .getByRole("navigation", { name: "What is looked into" })
      .getByRole("button")
      .first()
      .press("Enter")
    await node.waitFor()
  })

  it("has one card for each colleague where somebody wants it so", async () => {
    await page.goto(`/executions/${execution}?scope=team`)
    await page.getByText("By colleague", { exact: true }).click()
    await expect.poll(() => cards("Critic").count()).toBe(2)
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
    await still(page)
    expect(await violationsOf(page, ["color-contrast"])).toEqual([])
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  })

  it("is a list on a phone, with the same figures", async () => {
    const { page: small, visitor } = await stage.visit(browser, phone)
    await small.goto(`/executions/${execution}?scope=team`)
    await small.getByRole("tab", { name: "Canvas" }).click()
    const list = small.getByRole("list", { name: "Who works at what" })
    await expect.poll(() => tokensOn(list.getByRole("button", { name: /^report · Boss/ }))).toBe(bill.tokens)
    await expect.poll(() => list.getByRole("button").count()).toBe(5)
    expect(await overflowOf(small)).toBeLessThanOrEqual(0)
    expect(await violationsOf(small)).toEqual([])
    await list.getByRole("button", { name: /^Writer/ }).click()
    await small.getByRole("heading", { name: "writer" }).waitFor()
    await visitor.context.close()
  })

  it("costs the same in a chat, where each delegation is told", async () => {
    const { admin } = stage.tenant
    const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", {
      body: { crew_id: crew },
    })
    const before = stage.vendor.requests.length
    const path = `/chat/sessions/${session.id}`
    await admin.ask(chatApi.send.reply, "POST", `${path}/messages`, { body: { content: "trams" } })
    await expect
      .poll(
        async () =>
          (await admin.ask(chatApi.messages.reply, "GET", `${path}/messages`)).messages.find(
            (one) => one.role === "assistant",
          )?.status,
        {
          timeout: 30_000,
        },
      )
      .toBe("done")
    const { messages } = await admin.ask(chatApi.messages.reply, "GET", `${path}/messages`)
    const said = messages.find((one) => one.role === "assistant")!
    expect(said.cost_micros).toBe(stage.billed(before).micros)
    expect(said.steps.filter((step) => step.type === "delegation")).toHaveLength(4)
    await page.goto(`/chat/${session.id}`)
    await page.getByText("All in all: trams.").waitFor()
    await page.getByText(formatMicros(said.cost_micros)).first().waitFor()
  })
})

describe("a crew on the builtin model", () => {
  it("shows each delegation of the journal, and counts what the journal counts", async () => {
    const { admin } = stage.tenant
    const { crew: made } = await admin.ask(crewsApi.useExample.reply, "POST", "/crew-examples/newsroom")
    const body = {
      input: { text: "The port handled 438 million tonnes of cargo last year. Coal fell sharply." },
    }
    const { execution_id } = await admin.ask(crewsApi.test.reply, "POST", `/crews/${made.id}/test`, { body })
    await settled(admin, execution_id)
    const events = await journal(admin, execution_id)
    const delegated = events.filter((event) => event.type === "agent.delegated").length
    const tokens = events.reduce(
      (sum, event) =>
        event.type === "model.finished"
          ? sum + event.data.usage.input_tokens + event.data.usage.output_tokens
          : sum,
      0,
    )
    expect(delegated).toBeGreaterThan(0)
    await page.goto(`/executions/${execution_id}`)
    await page.getByText(delegated === 1 ? "1 delegation" : `${delegated} delegations`).waitFor()
    await expect.poll(() => fact("Tokens").textContent()).toBe(tokens.toLocaleString("en"))
    const tasks = canvas()
      .locator(".react-flow__node")
      .filter({ hasText: "·" })
      .filter({ hasText: "Coordinator" })
    let shown = 0
    for (const task of await tasks.all()) shown += await tokensOn(task)
    expect(shown).toBe(tokens)
  })
})
