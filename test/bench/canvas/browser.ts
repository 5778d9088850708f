import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { chromium, type Browser, type Page } from "playwright-core"
import { needChromium } from "../../../scripts/lib/chromium.ts"
import { noteRenders } from "../../e2e/kit/renders.ts"
import { openWire } from "../../kit/canvas/net.ts"
import { Window } from "../../kit/canvas/window.ts"
import { newState, Server } from "../../kit/server.ts"
import { Client } from "../client.ts"
import { machineLine } from "../machine.ts"
import { short, table } from "../table.ts"
import { largeFlow } from "./flow.ts"
import { costOf, frames, middle, watchCost, type Cost } from "./frames.ts"

export const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

export type Me = { email: string; password: string }
type Place = { x: number; y: number }

/** Script time a frame while somebody drags, others drag and others edit. */
export async function benchEditor(sizes: readonly number[], rounds: number): Promise<void> {
  const state = newState()
  const server = await Server.start({ state })
  const browser = await chromium.launch({ executablePath: await needChromium(), args: flags })
  try {
    const client = await Client.register(server.address)
    const token = await client.apiKey(["flow.read", "flow.edit"])
    const me = client.account
    const rows: string[][] = []
    for (const size of sizes) {
      const id = await client.publish(largeFlow(size - 2))
      const page = await open(browser, server.address, me, id)
      const other = await new Window("bench-other-person-1", (opening) =>
        openWire(server.address, id, token, opening),
      ).come()
      const drawn = await page.locator(".react-flow__node").count()
      const { own, carried, edited } = await costs(page, other, rounds)
      other.leave()
      await page.context().close()
      const say = ({ script, p95 }: Cost): string[] => [short(script), short(p95)]
      const renders = await rendersOf(browser, server.address, me, id)
      rows.push([String(size), String(drawn), ...say(own), ...say(carried), ...say(edited), renders])
    }
    console.log(`\n${machineLine()}\n`)
    const titles = ["own drag", "their drag", "their edit"].flatMap((one) => [one, "p95"])
    console.log(table(["nodes", "drawn", ...titles, "nodes rendered"], rows))
    console.log(`
Script of a frame in ms of the main thread's own processor time; median of ${rounds} rounds of ${frames} frames each. Taking the node up
and putting it down are not among the frames. "Nodes rendered": of the node components, how many React renders in a frame of one's own
drag at most.`)
  } finally {
    await browser.close()
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

async function costs(page: Page, other: Window, rounds: number) {
  const cdp = await page.context().newCDPSession(page)
  await watchCost(cdp)
  const own: Cost[] = []
  const carried: Cost[] = []
  const edited: Cost[] = []
  for (let round = 0; round < rounds; round++) {
    const from = await takeUp(page)
    own.push(await costOf(cdp, (i) => page.mouse.move(...wayOf(from, i))))
    await page.mouse.up()
    await rest()
    const carry = (i: number) => other.say({ drag: [{ id: "step_5", x: 1_000 + i * 3, y: 100 + i }] })
    carry(0)
    await rest()
    carried.push(await costOf(cdp, carry))
    other.say({ drag: [] })
    await rest()
    const edit = (i: number) =>
      other.edit({ type: "move", moves: [{ id: "step_7", x: 1_700 + i, y: 100 + round + i }] })
    edited.push(await costOf(cdp, edit))
    await rest()
  }
  return { own: middle(own), carried: middle(carried), edited: middle(edited) }
}

/** What was set off is over, and what waits for a pause has had it. */
const rest = (): Promise<void> => sleep(1_200)

/** Takes a node in the middle by the hand, and carries it a little: the drag has begun. */
async function takeUp(page: Page): Promise<Place> {
  const box = await page.locator('.react-flow__node[data-id="step_3"]').boundingBox()
  if (!box) throw new Error("The node to be dragged is not drawn.")
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 6, from.y + 6, { steps: 3 })
  await rest()
  return from
}

const wayOf = ({ x, y }: Place, i: number): [number, number] => [x + (i % 30) * 3, y + (i % 20) * 2]

/** How many node components React renders at once at most while one is dragged; in a page of its own, since looking costs time. */
async function rendersOf(browser: Browser, address: string, me: Me, id: string): Promise<string> {
  const page = await open(browser, address, me, id, noteRenders)
  const from = await takeUp(page)
  await page.evaluate(() => (window.nodeRenders = []))
  for (let i = 1; i <= frames; i++) await page.mouse.move(...wayOf(from, i))
  const most = await page.evaluate(() => Math.max(0, ...window.nodeRenders.map((one) => one.length)))
  await page.mouse.up()
  await page.context().close()
  return String(most)
}

async function open(
  browser: Browser,
  address: string,
  me: Me,
  id: string,
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const page = await pageOf(browser, address, me, prepare)
  await page.goto(`${address}/flows/${id}`)
  await page.locator(".react-flow__node").first().waitFor()
  await page.getByText(/^Saved/).waitFor()
  await rest()
  return page
}

/** A page of somebody who has signed in. */
export async function pageOf(
  browser: Browser,
  address: string,
  { email, password }: Me,
  prepare?: (page: Page) => Promise<void>,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  await prepare?.(page)
  await page.goto(`${address}/login`)
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.keyboard.press("Enter")
  await page.waitForURL("**/flows")
  return page
}
