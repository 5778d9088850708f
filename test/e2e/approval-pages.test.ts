import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { look, publish, register, settled, start, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let flow: string
let member: Visitor
const visitors: Visitor[] = []

const asking = {
  name: "Payments",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "ask",
      type: "approval",
      position: { x: 280, y: 0 },
      data: {
        title: "Pay {{ input.sum }}?",
        message: "To **{{ input.to }}**, [the order](https://example.com/4711)",
        buttons: [
          { id: "yes", label: "Pay" },
          { id: "no", label: "Refuse" },
        ],
        form_schema: {
          type: "object",
          properties: { reason: { type: "string", title: "Reason", minLength: 3 } },
          required: ["reason"],
        },
        timeout_seconds: 3_000,
      },
    },
    { id: "paid", type: "output", position: { x: 560, y: 0 }, data: { value: "{{ nodes.ask }}" } },
  ],
  edges: [
    { id: "a", source: "input", target: "ask" },
    { id: "b", source: "ask", target: "paid", source_handle: "yes" },
    { id: "c", source: "ask", target: "paid", source_handle: "no" },
    { id: "d", source: "ask", target: "paid", source_handle: "timeout" },
  ],
}

async function arrive(size = desk): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, server.address, size)
  await visitor.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  visitors.push(visitor)
  return visitor
}

/** Starts an execution that asks about a sum; gives its id once it waits. */
async function asked(sum: number): Promise<string> {
  const execution = await start(acme.admin, flow, { sum, to: "<b>Bo</b>" })
  for (let looks = 0; looks < 100; looks++) {
    const { nodes } = await look(acme.admin, execution)
    if (nodes.some((node) => node.status === "waiting")) return execution
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error("It never asked.")
}

async function looksWell(page: Page): Promise<void> {
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await settle(page)
  expect(await violationsOf(page, ["color-contrast"])).toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
}

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  flow = await publish(acme.admin, asking)
  member = await arrive()
  const { page } = member
  await signIn(page, acme)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

it("says that nothing waits", async () => {
  const { page } = member
  await page.goto("/approvals")
  await page.getByText("Nothing waits for you").waitFor()
  await looksWell(page)
})

it("is answered in the inbox by keys, and the execution goes on", async () => {
  const { page } = member
  const execution = await asked(7)
  await page.goto("/approvals")
  await page.getByRole("link", { name: "Approvals 1 open" }).waitFor()
  const question = page.getByRole("region", { name: "Question" })
  await question.getByRole("heading", { name: "Pay 7?" }).waitFor()
  expect(await question.getByText("<b>Bo</b>").evaluate((one) => one.tagName)).toBe("STRONG")
  await looksWell(page)
  await page.keyboard.press("2")
  await page.getByText("answers “Refuse”").waitFor()
  await page.keyboard.press("Enter")
  await expect.poll(() => page.getByLabel("Reason").getAttribute("aria-invalid")).toBe("true")
  await page.getByLabel("Reason").fill("Too dear")
  await page.getByRole("button", { name: "Refuse" }).click()
  await question.getByText("You answered").waitFor()
  await looksWell(page)
  const { outputs } = await settled(acme.admin, execution)
  expect(outputs).toMatchObject({ button: "no", form: { reason: "Too dear" } })
  await page.getByRole("link", { name: "Approvals", exact: true }).waitFor()
  await question.getByRole("link", { name: "Execution at this step" }).click()
  await page.waitForURL(`**/executions/${execution}?node=ask`)
})

it("is answered by a stranger with a link, once, while somebody else looks at it", async () => {
  const { page } = member
  const execution = await asked(8)
  await page.goto("/approvals")
  await page.getByRole("heading", { name: "Pay 8?" }).waitFor()
  await page.getByRole("button", { name: "Signed link" }).click()
  await page.getByRole("button", { name: "Make a link" }).click()
  const link = await page.getByLabel("Link", { exact: true }).inputValue()
  await looksWell(page)

  const stranger = await arrive(phone)
  await stranger.page.goto(link)
  await stranger.page.getByRole("heading", { level: 1, name: "Pay 8?" }).waitFor()
  await expect
    .poll(() => stranger.page.locator("meta[name=robots]").getAttribute("content"))
    .toContain("noindex")
  await looksWell(stranger.page)
  await stranger.page.getByLabel("Reason").fill("Agreed by phone")
  await stranger.page.getByRole("button", { name: "Pay" }).click()
  await stranger.page.getByText("Thank you.").waitFor()
  await looksWell(stranger.page)
  expect((await settled(acme.admin, execution)).outputs).toMatchObject({ button: "yes" })

  // The inbox still has its buttons, and learns that it is too late.
  await page.keyboard.press("Escape")
  await page.getByLabel("Reason").fill("Not now")
  const refuse = page.getByRole("button", { name: "Refuse" })
  if (await refuse.isVisible()) await refuse.click()
  await page.getByText("Somebody with a signed link answered").waitFor()
  await stranger.page.reload()
  await stranger.page.getByText("Answered").waitFor()
  expect(await stranger.page.getByRole("button").count()).toBe(0)
  // A refusal is said in the console, too: that is the browser's way.
  member.complaints.splice(
    0,
    member.complaints.length,
    ...member.complaints.filter((one) => !/409/.test(one)),
  )
})

it("is answered on a phone, where the list and the question are two pages", async () => {
  const { page } = member
  await asked(9)
  await page.setViewportSize(phone)
  await page.goto("/approvals")
  await page.getByRole("row", { name: "Pay 9?" }).waitFor()
  await looksWell(page)
  await page.getByRole("row", { name: "Pay 9?" }).click()
  await page.getByRole("heading", { level: 2, name: "Pay 9?" }).waitFor()
  await looksWell(page)
  await page.goBack()
  await page.getByRole("row", { name: "Pay 9?" }).waitFor()
  await page.goto("/approvals?view=ended")
  await page.getByRole("row", { name: "Pay 8?" }).waitFor()
  await looksWell(page)
  await page.setViewportSize(desk)
})

it("says nothing of what a forged link would lead to", async () => {
  const stranger = await arrive()
  await stranger.page.goto(`/approve/${"a".repeat(60)}`)
  await stranger.page.getByRole("heading", { name: "This link is not valid" }).waitFor()
  await looksWell(stranger.page)
  stranger.complaints.length = 0
})

it("had nothing to complain about", () => {
  expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([])
})
