import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { startFresh, type Server } from "#test/kit/server"
import { launch, phone, settle, violationsOf } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { Fingers } from "./kit/touch.ts"
import { create, password, register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let page: Page
let acme: Tenant
let fingers: Fingers
let flow: string

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  const context = await browser.newContext({
    baseURL: server.address,
    viewport: phone,
    hasTouch: true,
    isMobile: true,
    reducedMotion: "reduce",
  })
  context.setDefaultTimeout(10_000)
  page = await context.newPage()
  fingers = await Fingers.on(page)
  await page.goto("/login")
  await page.getByLabel("Email").fill(acme.email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).tap()
  await page.waitForURL("**/flows")
  flow = await create(acme.admin, {
    name: "By touch",
    nodes: [],
    edges: [],
    input_schema: {
      type: "object",
      properties: { n: { type: "number", title: "Number" } },
      required: ["n"],
    },
  })
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const patient = { timeout: 10_000, interval: 100 }
const nodeOf = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`)
const button = (name: string | RegExp, within: Locator = page.locator("body")): Locator =>
  within.getByRole("button", { name, exact: true })
const sheet = (): Locator => page.getByRole("complementary", { name: "Properties" })
const bar = (): Locator => page.getByRole("toolbar", { name: "Selection" })

async function kept() {
  await page.getByText(/^Saved/).waitFor({ state: "attached" })
  return (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow
}
const edgesOf = async () => (await kept()).edges.map(({ source, target }) => `${source} ${target}`).toSorted()
const placeOf = async (id: string) => (await kept()).nodes.find((node) => node.id === id)?.position

async function addKind(name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Add a node" })
  await dialog.getByRole("searchbox", { name: "Search nodes" }).tap()
  await page.keyboard.insertText(name)
  await button(name, dialog).tap()
  await dialog.waitFor({ state: "detached" })
}
async function closeSheet(): Promise<void> {
  await button("Close properties").tap()
  await sheet().waitFor({ state: "detached" })
  await settle(page)
}
/** Where nothing lies. */
const emptySpot = { x: 40, y: 130 }
async function tapNode(id: string): Promise<void> {
  await fingers.tap(await fingers.pointOf(nodeOf(id), { x: 0.45, y: 0.5 }))
}

describe("a flow by touch alone", () => {
  inTurn()

  it("begins with the palette as a sheet; the panel is a sheet as well", async () => {
    await page.goto(`/flows/${flow}`)
    await page.getByText("An empty flow").waitFor()
    await settle(page)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      document.addEventListener("pointerdown", ({ pointerType }) => heard.push(pointerType), true)
    })
    await button("Add a node").tap()
    await addKind("Input")
    await sheet().waitFor()
    await closeSheet()
    await bar().getByText("Input").waitFor()
    await button("Add a node after it", bar()).tap()
    await addKind("Transform")
    await sheet().getByRole("textbox", { name: "Value", exact: true }).tap()
    await page.keyboard.insertText("input.n * 2")
    expect(await violationsOf(page)).toEqual([])
    await closeSheet()
    await expect.poll(edgesOf, patient).toEqual(["input transform"])
  })

  it("is tapped to select, dragged by a finger, and made larger by two", async () => {
    await fingers.tap(emptySpot)
    await bar().waitFor({ state: "detached" })
    await tapNode("transform")
    await bar().getByText("Transform").waitFor()
    expect(await sheet().count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])

    const before = await placeOf("transform")
    const from = await fingers.pointOf(nodeOf("transform"), { x: 0.45, y: 0.5 })
    await fingers.move([[from, { x: from.x, y: from.y + 120 }]])
    await expect.poll(async () => (await placeOf("transform"))!.y, patient).toBeGreaterThan(before!.y + 60)

    const width = async () => (await nodeOf("transform").boundingBox())!.width
    const was = await width()
    await fingers.move([
      [
        { x: 180, y: 500 },
        { x: 180, y: 560 },
      ],
      [
        { x: 200, y: 440 },
        { x: 200, y: 400 },
      ],
    ])
    await expect.poll(width, patient).not.toBe(was)
  })

  it("connects by two taps: on the way out of one node, and on the other", async () => {
    await fingers.tap(emptySpot)
    await button("Add a node").tap()
    await addKind("Output")
    await closeSheet()
    await expect.poll(edgesOf, patient).toEqual(["input transform"])
    // A finger that rests on the canvas opens its menu.
    await fingers.tap(emptySpot)
    await fingers.rest(emptySpot, page.getByRole("menu"))
    await page.getByRole("menuitem", { name: "Fit the flow" }).tap()
    await page.getByRole("menu").waitFor({ state: "detached" })
    await settle(page)

    await tapNode("transform")
    await button("Connect to…", bar()).tap()
    await page.getByRole("group", { name: "Connecting" }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await tapNode("output")
    await expect.poll(edgesOf, patient).toEqual(["input transform", "transform output"])

    await button("Undo", page.getByRole("group", { name: "History" })).tap()
    await expect.poll(edgesOf, patient).toEqual(["input transform"])
    await nodeOf("transform").locator(".react-flow__handle.source").first().tap()
    await page.getByRole("group", { name: "Connecting" }).waitFor()
    await tapNode("output")
    await expect.poll(edgesOf, patient).toEqual(["input transform", "transform output"])
  })

  it("is executed, searched and replaced", async () => {
    await button("Run").tap()
    await sheet().getByLabel("Number").tap()
    await page.keyboard.insertText("21")
    await button("Run", sheet()).tap()
    await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor({ timeout: 30_000 })
    if ((await sheet().count()) > 0 && (await button("Close properties").count()) > 0) await closeSheet()

    await button("Find and replace").tap()
    await sheet().getByRole("textbox", { name: "Find" }).tap()
    await page.keyboard.insertText("* 2")
    await sheet().getByRole("textbox", { name: "Replace with" }).tap()
    await page.keyboard.insertText("* 3")
    await page.getByText("1× in 1 place of 1 node").waitFor()
    expect(await violationsOf(page)).toEqual([])
    await button("Replace in 1 place", sheet()).tap()
    await expect
      .poll(async () => (await kept()).nodes.find(({ id }) => id === "transform")!.data["value"], patient)
      .toBe("input.n * 3")
    await button("Close the search", sheet()).tap()
  })

  it("is grouped by choosing several, folded by a tap and taken back", async () => {
    await settle(page)
    await tapNode("transform")
    await button("Select several", bar()).tap()
    await tapNode("output")
    await bar().getByText("2 nodes").waitFor()
    const menu = page.getByRole("menu")
    await fingers.rest(await fingers.pointOf(nodeOf("transform"), { x: 0.45, y: 0.5 }), menu)
    await menu.getByRole("menuitem", { name: "Group" }).tap()
    await expect
      .poll(async () => (await kept()).nodes.filter((node) => node.parent_id === "group").length, patient)
      .toBe(2)
    await button("Fold the frame").tap()
    await page.getByText("2 nodes inside").waitFor()
    await button("Open the frame").tap()
    await nodeOf("output").waitFor()
    await button("Undo", page.getByRole("group", { name: "History" })).tap()
    await expect.poll(async () => (await kept()).nodes.length, patient).toBe(3)
  })

  it("is published; every button of the canvas is as large as a finger", async () => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("main button, main [role=toolbar] button")]
        .filter((one) => one.checkVisibility() && !one.closest(".react-flow__node"))
        .map((one) => ({
          name: one.getAttribute("aria-label") ?? one.textContent,
          box: one.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width > 0 && (box.width < 40 || box.height < 40))
        .map(({ name, box }) => `${name} ${Math.round(box.width)}×${Math.round(box.height)}`),
    )
    expect(small).toEqual([])
    await button("Publish version 1").tap()
    await page
      .getByRole("dialog", { name: "Publish version 1" })
      .getByRole("button", { name: "Publish version 1" })
      .tap()
    await page.getByText("Version 1 is published").waitFor()
    await expect.poll(async () => (await kept()).published_version, patient).toBe(1)
    expect(new Set(await page.evaluate(() => (window as unknown as { heard: string[] }).heard))).toEqual(
      new Set(["touch"]),
    )
  })
})
