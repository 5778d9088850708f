import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { startFresh, type Server } from "#test/kit/server"
import { launch, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { chain, create, register, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let visitor: Visitor
let page: Page
let acme: Tenant

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  visitor = await arrive({ width: 1440, height: 900 })
  page = visitor.page
})
afterAll(async () => {
  await browser?.close()
  await end()
})
beforeEach(() => {
  visitor.complaints.length = 0
})

async function arrive(size: { width: number; height: number }): Promise<Visitor> {
  const one = await Visitor.arrive(browser, server.address, size)
  await one.page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(one.page, acme)
  return one
}

const nodeOf = (id: string, on = page): Locator => on.locator(`.react-flow__node[data-id="${id}"]`)
const edges = (): Promise<number> => page.locator(".react-flow__edge").count()
const palette = (name: string): Locator =>
  page.getByRole("complementary", { name: "Nodes to add" }).getByRole("button", { name, exact: true })
const properties = (): Locator => page.getByRole("complementary", { name: "Properties" })
const button = (name: string | RegExp, within: Locator = page.locator("body")): Locator =>
  within.getByRole("button", { name, exact: true })

/** What is drawn is saved after a moment of quiet. */
const patient = { timeout: 10_000, interval: 100 }

/** What the server keeps of a flow, once the page says that it has all. */
async function kept(flow: string): Promise<FlowNode[]> {
  await page.getByText(/^Saved/).waitFor()
  return (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow.nodes
}
const parentsOf = (nodes: FlowNode[]): Record<string, string | undefined> =>
  Object.fromEntries(nodes.map((node) => [node.id, node.parent_id]))

/** A point of a node, by parts of its width and height. */
async function pointOf(id: string, part: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const box = await nodeOf(id).boundingBox()
  if (!box) throw new Error(`${id} is not in view`)
  return { x: box.x + box.width * part.x, y: box.y + box.height * part.y }
}

async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 10, from.y + 10, { steps: 2 })
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await page.mouse.up()
}

/** From the palette to a point of the page, as a hand does it. */
async function drop(kind: string, to: { x: number; y: number }): Promise<void> {
  const area = await page.locator("[data-canvas]").boundingBox()
  if (!area) throw new Error("There is no canvas.")
  await palette(kind).dragTo(page.locator("[data-canvas]"), {
    targetPosition: { x: to.x - area.x, y: to.y - area.y },
  })
}

async function open(flow: string, query = ""): Promise<void> {
  await page.goto(`/flows/${flow}${query}`)
  await page.locator(".react-flow__node").first().waitFor()
  await settle(page)
}

const blank = (name: string) => ({ name, ...chain({ id: "input", type: "input", data: {} }) })

it("draws a map with a child and a loop inside it, by click and by mouse; undo, save and reload agree", async () => {
  const flow = await create(acme.admin, blank("Frames"))
  await open(flow)
  await nodeOf("input").click()
  await palette("Map").click()
  await page.getByText("Drop what is done for each item here").waitFor()
  await expect.poll(edges, patient).toBe(1)

  // With the map selected a click adds inside of it; the next goes behind that.
  await palette("Loop").click()
  await palette("Model").click()
  await drop("Transform", await pointOf("map", { x: 0.98, y: 0.6 }))
  await nodeOf("transform").waitFor()
  await expect
    .poll(async () => parentsOf(await kept(flow)), patient)
    .toEqual({ input: undefined, map: undefined, loop: "map", llm: "loop", transform: "map" })
  const drawn = await kept(flow)
  // What is inside lies inside, whatever it grew to.
  for (const id of ["loop", "transform"]) {
    const [outer, inner] = await Promise.all([nodeOf("map").boundingBox(), nodeOf(id).boundingBox()])
    expect(inner!.x, id).toBeGreaterThan(outer!.x)
    expect(inner!.y + inner!.height, id).toBeLessThan(outer!.y + outer!.height)
  }

  for (let i = 0; i < 4; i++) await page.keyboard.press("Control+z")
  await expect.poll(() => page.locator(".react-flow__node").count(), patient).toBe(1)
  for (let i = 0; i < 4; i++) await page.keyboard.press("Control+Shift+z")
  await expect.poll(() => page.locator(".react-flow__node").count(), patient).toBe(5)
  await expect.poll(() => kept(flow), patient).toEqual(drawn)

  await open(flow)
  await expect.poll(() => page.locator(".react-flow__node").count(), patient).toBe(5)
  expect(await kept(flow)).toEqual(drawn)
  expect(visitor.complaints).toEqual([])
})

it("takes a node into a map and out again, and moves what is inside with it", async () => {
  const flow = await create(acme.admin, {
    ...blank("In and out"),
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      {
        id: "map",
        type: "map",
        position: { x: 0, y: 120 },
        data: { items: "input.list" },
        size: { width: 376, height: 200 },
      },
      { id: "step", type: "transform", position: { x: 0, y: 400 }, data: { value: "1" } },
    ],
    edges: [{ id: "a", source: "input", target: "step" }],
  })
  await open(flow)
  await drag(await pointOf("step", { x: 0.3, y: 0.5 }), await pointOf("map", { x: 0.4, y: 0.7 }))
  await page.getByText("An edge was taken away").waitFor()
  await expect.poll(async () => parentsOf(await kept(flow))["step"], patient).toBe("map")
  await expect.poll(edges, patient).toBe(0)

  const before = await nodeOf("step").boundingBox()
  const bar = await pointOf("map", { x: 0.5, y: 0.1 })
  await drag(bar, { x: bar.x + 80, y: bar.y - 16 })
  const after = await nodeOf("step").boundingBox()
  expect(Math.round(after!.x - before!.x)).toBeGreaterThan(60)

  await drag(await pointOf("step", { x: 0.3, y: 0.5 }), await pointOf("map", { x: 0.4, y: 1.5 }))
  await expect.poll(async () => parentsOf(await kept(flow))["step"], patient).toBeUndefined()

  // Delete takes what is inside along, in one step.
  await page.keyboard.press("Control+z")
  await expect.poll(async () => parentsOf(await kept(flow))["step"], patient).toBe("map")
  await page.keyboard.press("Escape")
  const inside = await pointOf("map", { x: 0.5, y: 0.1 })
  await page.mouse.click(inside.x, inside.y)
  await page.keyboard.press("Delete")
  await expect.poll(() => page.locator(".react-flow__node").count(), patient).toBe(1)
  await page.keyboard.press("Control+z")
  await expect.poll(() => page.locator(".react-flow__node").count(), patient).toBe(3)
})

it("refuses an edge over a map's border with the reason, puts nodes on edges, and plugs an edge elsewhere", async () => {
  const flow = await create(acme.admin, {
    ...blank("Borders"),
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      {
        id: "map",
        type: "map",
        position: { x: 272, y: 0 },
        data: { items: "input.list" },
        size: { width: 376, height: 200 },
      },
      { id: "step", type: "transform", position: { x: 24, y: 80 }, data: { value: "1" }, parent_id: "map" },
      { id: "output", type: "output", position: { x: 720, y: 0 }, data: {} },
    ],
    edges: [
      { id: "a", source: "input", target: "map" },
      { id: "b", source: "map", target: "output" },
    ],
  })
  await open(flow)
  const handle = async (id: string, kind: string) => {
    const box = await nodeOf(id).locator(`.react-flow__handle.${kind}`).first().boundingBox()
    return { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 }
  }
  await drag(await handle("input", "source"), await handle("step", "target"))
  await page.getByText(/cannot cross the border of “Map”/).waitFor()
  await expect.poll(edges, patient).toBe(2)

  await page.locator('.react-flow__edge[data-id="a"]').hover()
  await page.locator('.react-flow__edge[data-id="a"] .edge-insert').click()
  await page.getByRole("menu", { name: "Add a node here" }).getByRole("menuitem", { name: "Merge" }).click()
  await nodeOf("merge").waitFor()
  // Edges are drawn once their nodes are measured.
  await expect.poll(edges, patient).toBe(3)
  await settle(page)
  // What stands behind it makes room.
  const room = async (): Promise<number> =>
    (await pointOf("map", { x: 0, y: 0 })).x - (await pointOf("merge", { x: 1, y: 0 })).x
  await expect.poll(room, patient).toBeGreaterThan(0)

  // From the palette onto an edge.
  const line = await page.locator('.react-flow__edge[data-id="b"] path').first().boundingBox()
  await drop("Transform", { x: line!.x + line!.width / 2, y: line!.y + line!.height / 2 })
  await nodeOf("transform").waitFor()
  await expect.poll(edges, patient).toBe(4)

  // The end of an edge is taken up and plugged elsewhere.
  await page.keyboard.press("Escape")
  await page.keyboard.press("Shift+1")
  await settle(page)
  const edge = page.locator('.react-flow__edge[data-id="a"]')
  await edge.hover()
  const end = await edge.locator(".react-flow__edgeupdater-target").boundingBox()
  await drag({ x: end!.x + end!.width / 2, y: end!.y + end!.height / 2 }, await handle("output", "target"))
  await page.getByLabel("From input to output").waitFor({ state: "attached" })
  await expect.poll(edges, patient).toBe(4)
})

it("completes an expression with the item of the map, by keys alone", async () => {
  const flow = await create(acme.admin, {
    ...blank("Completion"),
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      {
        id: "map",
        type: "map",
        position: { x: 272, y: 0 },
        data: { items: "input.list" },
        size: { width: 376, height: 200 },
      },
      { id: "step", type: "llm", position: { x: 24, y: 80 }, data: { prompt: "" }, parent_id: "map" },
    ],
    edges: [{ id: "a", source: "input", target: "map" }],
  })
  await open(flow, "?node=step")
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true })
  await prompt.focus()
  await page.keyboard.type("About {{ i")
  await page.getByRole("listbox", { name: "Data to insert" }).waitFor()
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("ArrowUp")
  await page.keyboard.press("Enter")
  await expect.poll(() => prompt.inputValue()).toBe("About {{ item }}")
  await page.keyboard.press("Control+Space")
  await page.getByRole("listbox", { name: "Data to insert" }).waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.keyboard.press("Escape")
  await expect.poll(() => page.getByRole("listbox").count(), patient).toBe(0)
})

it("runs one step with what came before it the last time, and gives a pinned output", async () => {
  const flow = await create(acme.admin, {
    name: "Parts",
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "double", type: "transform", data: { value: "input.n * 2" } },
      { id: "plus", type: "transform", data: { value: "nodes.double + 1" } },
      { id: "output", type: "output", data: {} },
    ),
    input_schema: {
      type: "object",
      properties: { n: { type: "number", title: "Number" } },
      required: ["n"],
    },
  })
  await open(flow, "?node=plus")
  const results = (): Locator => properties().getByRole("tabpanel", { name: "Result" })
  // Nothing was executed yet, so nothing is known of what comes before.
  await button("Run at this step").click()
  await page.getByRole("menuitem", { name: "Run this step" }).click()
  await page
    .getByText(/have no results/)
    .first()
    .waitFor()

  await button("Run").first().click()
  // The form takes the keyboard by itself.
  const number = properties().getByLabel("Number")
  await expect.poll(() => number.evaluate((field) => field === document.activeElement), patient).toBe(true)
  await page.keyboard.type("20")
  await page.keyboard.press("Enter")
  await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor({ timeout: 30_000 })
  await nodeOf("plus").click()
  await results().getByText("41", { exact: true }).waitFor()

  await properties().getByRole("tab", { name: "Set-up" }).click()
  await page.getByRole("textbox", { name: "Value", exact: true }).fill("nodes.double + 2")
  await button("Run at this step").click()
  await page.getByRole("menuitem", { name: "Run this step" }).click()
  await results().getByText("42", { exact: true }).waitFor()
  const executed = await acme.admin.ask(
    executionsApi.list.reply,
    "GET",
    `/executions?flow_id=${flow}&limit=1&sort=-created_at`,
  )
  expect(executed.executions[0]?.status).toBe("succeeded")

  await nodeOf("double").click()
  await button("Pin this output", properties()).click()
  await nodeOf("double").getByRole("img", { name: "Pinned" }).waitFor()
  await properties().getByRole("tab", { name: "Set-up" }).click()
  await properties().getByLabel("Output", { exact: true }).fill("100")
  await page.reload()
  await nodeOf("double").getByRole("img", { name: "Pinned" }).waitFor()
  await button("Run").first().click()
  await page.getByText("gives its pinned output").waitFor()
  await button("Run", properties()).click()
  await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor({ timeout: 30_000 })
  await nodeOf("plus").click()
  await results().getByText("102", { exact: true }).waitFor()
})

it("shows frames, notes and the sheet of keys to everybody alike, on a desk and on a phone, light and dark", async () => {
  const flow = await create(acme.admin, {
    ...blank("For all"),
    nodes: [
      { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
      { id: "map", type: "map", position: { x: 272, y: 0 }, data: { items: "input.list" } },
      {
        id: "note",
        type: "note",
        position: { x: 0, y: 120 },
        data: { text: "**Read** [this](https://example.com)" },
      },
      { id: "group", type: "group", position: { x: 0, y: 300 }, data: {} },
    ],
    edges: [{ id: "a", source: "input", target: "map" }],
  })
  await open(flow)
  await page.keyboard.press("?")
  await page.getByRole("dialog", { name: "Keys" }).waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" })
  const onTheWay = await arrive(phone)
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await onTheWay.page.emulateMedia({ colorScheme: scheme })
    await onTheWay.page.goto(`/flows/${flow}`)
    await nodeOf("map", onTheWay.page).waitFor()
    for (const one of [page, onTheWay.page]) {
      await settle(one)
      expect(await violationsOf(one), scheme).toEqual([])
    }
  }
  await onTheWay.context.close()

  // A note is written where it lies; its words are words, whatever they look like.
  await nodeOf("note").dblclick()
  await page.getByRole("textbox", { name: "Note" }).fill("<img src=x onerror=alert(1)> *fine*")
  await page.keyboard.press("Escape")
  await nodeOf("note").getByText("<img src=x onerror=alert(1)>").waitFor()
  await expect.poll(() => nodeOf("note").locator("em").innerText()).toBe("fine")
  expect(await nodeOf("note").locator("img").count()).toBe(0)
  expect(visitor.complaints).toEqual([])
})
