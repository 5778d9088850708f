import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { settle, violationsOf } from "./kit/browser.ts"
import { inTurn } from "./kit/in-turn.ts"
import { openPlace, type Guest, type Place } from "./kit/keyboard-place.ts"
import type { Keys } from "./kit/keys.ts"
import { create } from "./kit/world.ts"

let place: Place
let guest: Guest
let keys: Keys
let flow: string

beforeAll(async () => {
  place = await openPlace()
  guest = await place.guest()
  keys = guest.keys
  flow = await create(place.tenant.admin, {
    name: "By keys",
    nodes: [],
    edges: [],
    input_schema: {
      type: "object",
      properties: { n: { type: "number", title: "Number" } },
      required: ["n"],
    },
  })
})
afterAll(() => place?.end())

const patient = { timeout: 10_000, interval: 100 }

/** What the server keeps, once the page says that it has all. */
async function kept() {
  await keys.page.getByText(/^Saved/).waitFor()
  return (await place.tenant.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow
}
const edgesOf = async () => (await kept()).edges.map(({ source, target }) => `${source} ${target}`).toSorted()
const said = (words: RegExp) =>
  keys.page.locator("[data-said]").filter({ hasText: words }).waitFor({ state: "attached" })
/** The node with the focus. */
const here = () =>
  keys.page.evaluate(
    () => document.activeElement?.closest(".react-flow__node")?.getAttribute("data-id") ?? null,
  )
/** Presses a key, and waits until it has led on: pressed again too soon, it would lead past where one wants to go. */
async function on(key: string, where: () => Promise<string | null | undefined>): Promise<void> {
  const was = await where()
  await keys.press(key)
  await expect.poll(where, patient).not.toBe(was)
}
const titleOf = async (id: string) => (await kept()).nodes.find((node) => node.id === id)?.label

describe("a flow by keyboard alone", () => {
  inTurn()

  it("begins on an empty canvas: the palette is searched, a kind added after another by its first letter", async () => {
    const { page } = keys
    await page.goto(`/flows/${flow}`)
    await page.getByText("An empty flow").waitFor()
    await settle(page)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      for (const type of ["mousedown", "mousemove", "pointerdown", "touchstart"])
        document.addEventListener(type, () => heard.push(type), true)
    })
    await page.keyboard.press("/")
    await keys.at("searchbox", "Search nodes")
    await page.keyboard.type("input")
    await keys.press("Enter")
    await page.locator('.react-flow__node[data-id="input"]').waitFor()
    await keys.press("Escape", "Escape")
    await expect.poll(here, patient).toBe("input")

    await keys.press("a")
    await page.getByRole("menu", { name: "Add a node here" }).waitFor()
    const transform = page.getByRole("menuitem", { name: "Transform" })
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    const isThere = () => transform.evaluate((one) => one === document.activeElement)
    for (let steps = 0; steps < 4 && !(await isThere()); steps++) await on("t", focused)
    await keys.press("Enter")
    await expect.poll(here, patient).toBe("transform")
    await expect.poll(edgesOf, patient).toEqual(["input transform"])
  })

  it("is set up in the panel, and Escape leads back to the node", async () => {
    await keys.press("Enter")
    await keys.at("textbox", "Title")
    await keys.write("Title", "Double it")
    await keys.write("Value", "input.n * 2")
    await keys.press("Escape")
    await expect.poll(here, patient).toBe("transform")
    await expect.poll(() => titleOf("transform"), patient).toBe("Double it")
  })

  it("connects two nodes without holding anything, and says so", async () => {
    const { page } = keys
    // With nothing selected a node is added by itself.
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type("output")
    await page.keyboard.press("Enter")
    await page.locator('.react-flow__node[data-id="output"]').waitFor()
    await keys.press("Escape", "Escape")
    await expect.poll(here, patient).toBe("output")
    await expect.poll(edgesOf, patient).toEqual(["input transform"])

    for (let steps = 0; (await here()) !== "input" && steps < 4; steps++) await on("Alt+ArrowLeft", here)
    await keys.press("Alt+ArrowRight")
    await expect.poll(here, patient).toBe("transform")
    await keys.press("c")
    await page.getByRole("group", { name: "Connecting" }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await said(/Connecting from Double it/)
    for (let steps = 0; (await here()) !== "output" && steps < 4; steps++) await on("Tab", here)
    await keys.press("Enter")
    await said(/Connected Double it to Output/)
    await expect.poll(edgesOf, patient).toEqual(["input transform", "transform output"])
    // Walking goes along what was drawn.
    await keys.press("Alt+ArrowLeft")
    await expect.poll(here, patient).toBe("transform")
    await keys.press("Alt+ArrowRight")
    await expect.poll(here, patient).toBe("output")
  })

  it("is moved by steps and by pixels, laid out, and executed", async () => {
    const { page } = keys
    const xOf = async () => (await kept()).nodes.find(({ id }) => id === "output")!.position.x
    const before = await xOf()
    await keys.press("ArrowRight", "Control+ArrowRight", "Shift+ArrowRight")
    await expect.poll(xOf, patient).toBe(before + 49)
    await keys.press("Escape", "l")
    await said(/Laid out/)
    await expect
      .poll(async () => (await kept()).nodes.map(({ position }) => position.y), patient)
      .toEqual([0, 0, 0].map(() => expect.any(Number)))
    const [one, two, three] = (await kept()).nodes.map(({ position }) => position)
    expect([two!.x - one!.x, three!.x - two!.x]).toEqual([272, 272])

    await keys.do("button", "Run")
    await keys.at("spinbutton", /Number/).catch(() => keys.at("textbox", /Number/))
    await page.keyboard.type("21")
    await keys.press("Enter")
    await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor({ timeout: 30_000 })
  })

  it("is searched, and what is found is replaced in one step", async () => {
    const { page } = keys
    await keys.press("Control+f")
    await keys.at("textbox", "Find")
    await page.keyboard.type("double")
    await page.getByText("1× in 1 place of 1 node").waitFor()
    await keys.press("Enter")
    await keys.write("Replace with", "Twice")
    await page.getByText("→ Twice it").waitFor()
    expect(await violationsOf(page)).toEqual([])
    await keys.do("button", "Replace in 1 place")
    await expect.poll(() => titleOf("transform"), patient).toBe("Twice it")
    await keys.to("textbox", "Find", "Shift+Tab")
    await keys.press("Escape")
    await expect.poll(here, patient).toBe("transform")
  })

  it("is grouped, folded and opened; undo takes back step by step", async () => {
    const { page } = keys
    await keys.press("Control+a", "Control+g")
    await expect
      .poll(async () => (await kept()).nodes.filter(({ parent_id }) => parent_id === "group").length, patient)
      .toBe(3)
    await keys.press("f")
    await said(/Folded/)
    await page.getByText("3 nodes inside").waitFor()
    await expect.poll(() => page.locator(".react-flow__node").count()).toBe(1)
    expect(await violationsOf(page)).toEqual([])
    await keys.press("f")
    await page.getByText("3 nodes inside").waitFor({ state: "detached" })
    await page.locator('.react-flow__node[data-id="transform"]').waitFor()
    await keys.press("Control+z")
    await said(/Undone/)
    await expect.poll(async () => (await kept()).nodes.length, patient).toBe(3)
    await keys.press("Control+z")
    await expect.poll(() => titleOf("transform"), patient).toBe("Double it")
    await keys.press("Control+Shift+z")
    await expect.poll(() => titleOf("transform"), patient).toBe("Twice it")
  })

  it("is published, and the sheet says every key", async () => {
    const { page } = keys
    await page.keyboard.press("?")
    await page.getByRole("dialog", { name: "Keys" }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press("Escape")
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" })
    await keys.do("button", "Publish version 1")
    await page.getByRole("dialog", { name: "Publish version 1" }).waitFor()
    await keys.do("button", "Publish version 1")
    await page.getByText("Version 1 is published").waitFor()
    await expect.poll(async () => (await kept()).published_version, patient).toBe(1)
    expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([])
    expect(guest.visitor.complaints).toEqual([])
  })
})
