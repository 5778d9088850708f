import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { startFresh, type Server } from "#test/kit/server"
import { largeFlow } from "../bench/canvas/flow.ts"
import { launch, settle, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { gapBetween } from "./kit/edge-end.ts"
import { noteRenders } from "./kit/renders.ts"
import { signIn } from "./kit/sign-in.ts"
import { create, register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const patient = { timeout: 10_000, interval: 100 }
const kept = async (flow: string): Promise<FlowNode[]> =>
  (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow.nodes
const frame = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve())))
const nodeOf = (page: Page, id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`)

async function middleOf(node: Locator): Promise<{ x: number; y: number }> {
  const box = (await node.boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** A page with a flow open, and one of its nodes in the hand. */
async function takeUp(flow: string, id: string, prepare?: (page: Page) => Promise<void>) {
  const { page } = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  await noteRenders(page)
  await signIn(page, acme)
  await page.goto(`/flows/${flow}`)
  await page.getByText(/^Saved/).waitFor({ timeout: 40_000 })
  await prepare?.(page)
  const { x, y } = await middleOf(nodeOf(page, id))
  await page.mouse.move(x, y)
  await page.mouse.down()
  // Taking it up selects it, which the one that was selected before hears too.
  for (let i = 1; i <= 5; i++) await page.mouse.move(x, y + 2 * i)
  await settle(page)
  await page.evaluate(() => {
    window.nodeRenders = []
    window.edgeRenders = []
  })
  return { page, x, y: y + 10 }
}

it("renders no node and no edge of a thousand while one is dragged: it and its edge follow the hand past React", async () => {
  const flow = await create(acme.admin, largeFlow(998))
  const { page, x, y } = await takeUp(flow, "step_2")
  const node = nodeOf(page, "step_2")
  for (let i = 1; i <= 20; i++) {
    await page.mouse.move(x + 4 * i, y + 6 * i)
    await frame(page)
    const at = await middleOf(node)
    // As near as the grid and the lines of others let it come.
    expect(Math.hypot(at.x - x - 4 * i, at.y - y - 6 * i)).toBeLessThan(20)
    expect(await gapBetween(page, "e2", "step_2")).toBeLessThan(1.5)
  }
  const renders = await page.evaluate(() => [...window.nodeRenders, ...window.edgeRenders])
  expect(renders).toEqual([])

  const carried = await node.evaluate((element) => element.style.transform)
  await page.mouse.up()
  await page.getByText(/^Saved/).waitFor()
  expect(await node.evaluate((element) => element.style.transform)).toBe(carried)
  await expect
    .poll(async () => {
      const { position } = (await kept(flow)).find(({ id }) => id === "step_2")!
      return `translate(${position.x}px, ${position.y}px)`
    }, patient)
    .toBe(carried)
  expect(await gapBetween(page, "e2", "step_2")).toBeLessThan(1.5)
  await page.keyboard.press("Control+z")
  await expect
    .poll(() => node.evaluate((element) => element.style.transform), patient)
    .toBe("translate(480px, 0px)")
  await expect.poll(() => gapBetween(page, "e2", "step_2"), patient).toBeLessThan(1.5)
})

it("carries what is inside a frame, and the edges of that, before it is put down", async () => {
  const inside = { type: "transform", data: { value: "1" }, parent_id: "group" }
  const flow = await create(acme.admin, {
    name: "A frame in the hand",
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      {
        id: "group",
        type: "group",
        position: { x: 300, y: 0 },
        data: { title: "Group" },
        size: { width: 376, height: 184 },
      },
      { id: "step", position: { x: 48, y: 80 }, ...inside },
    ],
    edges: [{ id: "in", source: "input", target: "step" }],
  })
  const { page, x, y } = await takeUp(flow, "step")
  await page.mouse.up()
  await settle(page)
  const bar = (await nodeOf(page, "group").boundingBox())!
  const grip = { x: bar.x + bar.width / 2, y: bar.y + 8 }
  await page.mouse.move(grip.x, grip.y)
  await page.mouse.down()
  await page.mouse.move(grip.x + 4, grip.y + 4, { steps: 2 })
  const before = await middleOf(nodeOf(page, "step"))
  await page.mouse.move(grip.x + 90, grip.y + 130, { steps: 6 })
  await frame(page)
  const after = await middleOf(nodeOf(page, "step"))
  expect(after.x - before.x).toBeGreaterThan(60)
  expect(after.y - before.y).toBeGreaterThan(90)
  expect(await gapBetween(page, "in", "step")).toBeLessThan(1.5)
  await page.mouse.up()
  await settle(page)
  expect(await middleOf(nodeOf(page, "step"))).toEqual(after)
  expect(after.y).toBeGreaterThan(y)
  expect(after.x).toBeGreaterThan(x)

  // Of several that are selected the frame around them goes with the hand as well.
  const area = (await page.locator("[data-canvas]").boundingBox())!
  await page.mouse.move(area.x + 8, area.y + 8)
  await page.mouse.down()
  await page.mouse.move(area.x + area.width - 8, area.y + area.height - 90, { steps: 6 })
  await page.mouse.up()
  const around = page.locator(".react-flow__nodesselection-rect")
  const was = (await around.boundingBox())!
  const input = await middleOf(nodeOf(page, "input"))
  const hold = { x: was.x + 6, y: was.y + was.height - 6 }
  await page.mouse.move(hold.x, hold.y)
  await page.mouse.down()
  await page.mouse.move(hold.x + 4, hold.y + 4, { steps: 2 })
  await page.mouse.move(hold.x + 70, hold.y + 50, { steps: 6 })
  // A busy machine takes the hand along some frames later.
  await expect
    .poll(async () => (await around.boundingBox())!.x - was.x, { timeout: 10_000 })
    .toBeGreaterThan(40)
  const now = (await around.boundingBox())!
  const there = await middleOf(nodeOf(page, "input"))
  expect(there.x - input.x).toBeCloseTo(now.x - was.x, 0)
  expect(there.y - input.y).toBeCloseTo(now.y - was.y, 0)
  await page.mouse.up()
})

it("draws what comes into view inside a frame in the hand, before it is put down", async () => {
  const inside = (id: string, x: number) => ({
    id,
    type: "transform",
    position: { x, y: 80 },
    data: { value: "1" },
    parent_id: "group",
  })
  const flow = await create(acme.admin, {
    name: "A wide frame",
    nodes: [
      {
        id: "group",
        type: "group",
        position: { x: 0, y: 0 },
        data: { title: "Group" },
        size: { width: 2_800, height: 200 },
      },
      inside("near", 48),
      inside("far", 1_500),
    ],
    edges: [],
  })
  const { page } = await takeUp(flow, "near")
  await page.mouse.up()
  await settle(page)
  const area = (await page.locator("[data-canvas]").boundingBox())!
  const bar = (await nodeOf(page, "group").boundingBox())!
  const grip = { x: area.x + area.width - 120, y: bar.y + 8 }
  const far = nodeOf(page, "far")
  expect(await far.count()).toBe(0)
  await page.mouse.move(grip.x, grip.y)
  await page.mouse.down()
  await page.mouse.move(grip.x - 440, grip.y, { steps: 8 })
  // A rest of the hand: what came into view since the last look is drawn with the next step.
  await page.waitForTimeout(150)
  await page.mouse.move(grip.x - 460, grip.y)
  await far.waitFor()
  const apart = await page.evaluate(() => {
    const leftOf = (id: string) => {
      const node = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`)!
      return new DOMMatrix(node.style.transform).e
    }
    return leftOf("far") - leftOf("group")
  })
  expect(apart).toBe(1_500)
  await page.mouse.up()
})
