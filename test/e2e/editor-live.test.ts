import type { Browser, Locator, Page, WebSocketRoute } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { startFresh, type Server } from "#test/kit/server"
import { launch, settle, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { gapBetween } from "./kit/edge-end.ts"
import { join } from "./kit/member.ts"
import { signIn } from "./kit/sign-in.ts"
import { chain, create, register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let ben: Tenant

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  ben = await join(server, acme, "editor", "Ben")
})
afterAll(async () => {
  await browser?.close()
  await end()
})

async function arrive(who = acme): Promise<Visitor> {
  const one = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  await one.page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(one.page, who)
  return one
}

const patient = { timeout: 10_000, interval: 100 }
const blank = (name: string) => ({ name, ...chain({ id: "input", type: "input", data: {} }) })
const steps = (...types: string[]) => types.map((type) => ({ id: type, type, data: {} }))
const nodes = (page: Page): Locator => page.locator(".react-flow__node")
const add = (page: Page, name: string): Promise<void> =>
  page.getByRole("complementary", { name: "Nodes to add" }).getByRole("button", { name, exact: true }).click()

async function open(page: Page, flow: string): Promise<void> {
  await page.goto(`/flows/${flow}`)
  await nodes(page).first().waitFor()
  await settle(page)
}

const onServer = async (flow: string): Promise<FlowNode[]> =>
  (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow.nodes

it("shows each what the other does, and each takes back their own", async () => {
  const flow = await create(acme.admin, blank("Together"))
  const [one, other] = await Promise.all([arrive(), arrive(ben)])
  await Promise.all([open(one.page, flow), open(other.page, flow)])
  await add(one.page, "Model")
  await expect.poll(() => nodes(other.page).count(), patient).toBe(2)
  await add(other.page, "Transform")
  await expect.poll(() => nodes(one.page).count(), patient).toBe(3)

  await one.page.locator("[data-canvas]").press("Control+z")
  await expect.poll(() => nodes(other.page).count(), patient).toBe(2)
  await expect.poll(() => other.page.locator('.react-flow__node[data-id="transform"]').count()).toBe(1)
  await one.page.getByText(/^Saved/).waitFor()
  expect((await onServer(flow)).map(({ id }) => id).toSorted()).toEqual(["input", "transform"])

  // What a program writes comes to both, too.
  const { flow: now } = await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)
  await acme.admin.ask(flowsApi.update.reply, "PUT", `/flows/${flow}`, {
    body: { name: "By program", nodes: now.nodes, edges: now.edges },
    headers: { "if-match": `"v${now.version}"` },
  })
  for (const { page } of [one, other])
    await page.getByRole("heading", { name: "By program", exact: true }).waitFor()
  expect([...one.complaints, ...other.complaints]).toEqual([])
})

it("shows who else is here, where they point, what they hold and what they drag", async () => {
  const flow = await create(acme.admin, { name: "Presence", ...chain(...steps("input", "transform")) })
  const [one, other] = await Promise.all([arrive(), arrive(ben)])
  await Promise.all([open(one.page, flow), open(other.page, flow)])
  await other.page.getByRole("list", { name: "Also here" }).waitFor()

  const node = one.page.locator('.react-flow__node[data-id="transform"]')
  const theirs = other.page.locator('.react-flow__node[data-id="transform"]')
  const cursor = other.page.locator("[data-cursor]")
  const [from, before] = await Promise.all([node.boundingBox(), theirs.boundingBox()])
  const at = { x: from!.x + from!.width / 2, y: from!.y + from!.height / 2 }
  await one.page.mouse.move(at.x, at.y)
  await cursor.waitFor()
  await one.page.mouse.down()
  await one.page.mouse.move(at.x + 20, at.y + 20, { steps: 2 })
  await one.page.mouse.move(at.x + 80, at.y + 120, { steps: 6 })
  await expect.poll(async () => (await theirs.boundingBox())!.y, patient).toBeGreaterThan(before!.y + 80)
  // Its edge follows, on both pages.
  const edge = "input-transform"
  for (const { page } of [one, other]) expect(await gapBetween(page, edge, "transform")).toBeLessThan(1.5)
  // In the hand still: nothing is written before it is put down.
  const placed = (await onServer(flow)).find(({ id }) => id === "transform")?.position
  expect(placed).toEqual({ x: 240, y: 0 })
  if (process.env["SHOTS"]) await other.page.screenshot({ path: `${process.env["SHOTS"]}/presence.png` })
  await one.page.mouse.up()
  const name = await cursor.getAttribute("data-cursor")
  await theirs.getByText(name!, { exact: true }).waitFor()
  await one.page.getByText(/^Saved/).waitFor()
  const put = (await onServer(flow)).find(({ id }) => id === "transform")!.position
  expect(put.y).toBeGreaterThan(80)
  await expect
    .poll(async () => theirs.evaluate((element) => element.style.transform), patient)
    .toBe(`translate(${put.x}px, ${put.y}px)`)
  for (const { page } of [one, other])
    await expect.poll(() => gapBetween(page, edge, "transform"), patient).toBeLessThan(1.5)

  await one.page.close()
  await other.page.getByRole("list", { name: "Also here" }).waitFor({ state: "detached" })
  await cursor.waitFor({ state: "detached" })
  expect([...one.complaints, ...other.complaints]).toEqual([])
})

it("keeps what is drawn while the line is broken, and the next window sends it", async () => {
  const flow = await create(acme.admin, blank("Broken line"))
  const { page, context } = await arrive()
  let isCut = false
  const lines: WebSocketRoute[] = []
  await context.routeWebSocket(/\/canvas\?/, async (line) => {
    if (isCut) return line.close({ code: 1011 })
    line.connectToServer()
    lines.push(line)
  })
  await open(page, flow)
  await page.getByText(/^Saved/).waitFor()
  isCut = true
  await Promise.all(lines.map((line) => line.close({ code: 1011 })))
  await page.getByText("Reconnecting").waitFor()
  await add(page, "Model")
  await page.getByText(/^Offline, kept here/).waitFor()
  expect((await onServer(flow)).map(({ id }) => id)).toEqual(["input"])
  await page.close()

  isCut = false
  const next = await context.newPage()
  await open(next, flow)
  await expect.poll(() => nodes(next).count(), patient).toBe(2)
  await next.getByText(/^Saved/).waitFor()
  // Named after its window: somebody else may have added an "llm" meanwhile.
  expect((await onServer(flow)).map(({ id }) => id)).toEqual(["input", "llm_w1"])
})

it("says why it is over when the flow is deleted", async () => {
  const flow = await create(acme.admin, blank("Deleted"))
  const { page } = await arrive()
  await open(page, flow)
  await page.getByText(/^Saved/).waitFor()
  await acme.admin.do("DELETE", `/flows/${flow}`)
  await page.getByText("This flow was deleted").waitFor()
})
