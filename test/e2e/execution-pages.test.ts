import { readFileSync } from "node:fs"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startReceiver, type Receiver } from "#test/kit/receiver"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, still, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { look, publish, register, settled, start, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let receiver: Receiver
let browser: Browser
let acme: Tenant
let page: Page

const at = (x: number, y: number) => ({ position: { x, y }, data: {} })
const edge = (source: string, target: string, source_handle?: string) => ({
  id: `${source}-${target}-${source_handle ?? ""}`,
  source,
  target,
  ...(source_handle === undefined ? {} : { source_handle }),
})

/** Each letter rests for a moment and is noted; then somebody is asked. */
const letters = {
  name: "Letters",
  nodes: [
    { id: "input", type: "input", ...at(0, 100) },
    {
      id: "each",
      type: "map",
      label: "Each letter",
      position: { x: 280, y: 0 },
      size: { width: 560, height: 220 },
      data: { items: "{{ input.letters }}", concurrency: 2 },
    },
    {
      id: "rest",
      type: "wait",
      label: "Rest",
      parent_id: "each",
      position: { x: 32, y: 90 },
      data: { seconds: 2 },
    },
    {
      id: "note",
      type: "transform",
      label: "Note it",
      parent_id: "each",
      position: { x: 300, y: 90 },
      data: { value: "{'letter': item, 'read': true}" },
    },
    {
      id: "ask",
      type: "approval",
      label: "May it go?",
      position: { x: 920, y: 80 },
      data: {
        title: "Close the bag?",
        buttons: [
          { id: "yes", label: "Close it" },
          { id: "no", label: "Keep it open" },
        ],
      },
    },
    { id: "out", type: "output", position: { x: 1200, y: 100 }, data: { value: "{{ nodes.each }}" } },
  ],
  edges: [
    edge("input", "each"),
    edge("rest", "note"),
    edge("each", "ask"),
    edge("ask", "out", "yes"),
    edge("ask", "out", "no"),
  ],
}

/** Five steps for each of many numbers. */
const many = {
  name: "Five thousand steps",
  nodes: [
    { id: "input", type: "input", ...at(0, 100) },
    {
      id: "each",
      type: "map",
      label: "Each number",
      position: { x: 280, y: 0 },
      size: { width: 1240, height: 220 },
      data: { items: "{{ [1..input.count] }}", concurrency: 50 },
    },
    ...[0, 1, 2, 3, 4].map((i) => ({
      id: `s${i}`,
      type: "transform",
      label: `Step ${i + 1}`,
      parent_id: "each",
      position: { x: 32 + 230 * i, y: 90 },
      data: { value: i === 0 ? "item * 2" : `nodes.s${i - 1} + 1` },
    })),
    { id: "out", type: "output", position: { x: 1600, y: 100 }, data: { value: "{{ $sum(nodes.each) }}" } },
  ],
  edges: [edge("input", "each"), ...[0, 1, 2, 3].map((i) => edge(`s${i}`, `s${i + 1}`)), edge("each", "out")],
}

const tree = (on = page) => on.getByRole("tree", { name: "Steps" })
const heading = (name: string | RegExp) => page.getByRole("heading", { name })

async function arrive(): Promise<Page> {
  const visitor = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  await visitor.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  await signIn(visitor.page, acme)
  return visitor.page
}

/** No fault that axe knows, in both themes; nothing beside the window. */
async function looksWell(): Promise<void> {
  await still(page)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await still(page)
  expect(await violationsOf(page, ["color-contrast"])).toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
}

beforeAll(async () => {
  receiver = await startReceiver()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: receiver.host } })
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  page = await arrive()
})
afterAll(async () => {
  await browser?.close()
  await end()
  await receiver.close()
})

/** Found out on the way. */
let first = ""

it("is watched as it goes on: a map counts its items, and an item can be looked at alone", async () => {
  const flow = await publish(acme.admin, letters)
  first = await start(acme.admin, flow, { letters: ["one", "two", "three", "four", "five"] })
  await page.goto(`/executions/${first}`)
  await page
    .getByText(/[1-4] of 5/)
    .first()
    .waitFor()
  await page
    .getByText(/5 of 5/)
    .first()
    .waitFor()
  await page.getByRole("button", { name: "All 5" }).click()
  await page.getByRole("combobox", { name: "Number, item or status" }).fill("three")
  await page.keyboard.press("Enter")
  await heading(/Each letter.*Item 3/).waitFor()
  expect(new URL(page.url()).searchParams.get("scope")).toBe("each[2]")
  await page.getByRole("application").getByText("Note it").click()
  await heading("Note it").waitFor()
  await page.getByRole("group", { name: "Output" }).getByText('"three"').waitFor()
  await page.getByRole("button", { name: "The next one" }).click()
  await page.getByRole("group", { name: "Output" }).getByText('"four"').waitFor()
  await looksWell()
})

it("is answered in another window, and the one that watches sees it end", async () => {
  await page.goto(`/executions/${first}`)
  await page.getByRole("tab", { name: /Waiting/ }).waitFor()
  const other = await arrive()
  await other.goto(`/executions/${first}`)
  await other.getByRole("button", { name: "Close it" }).click()
  await page.getByRole("status").getByText("Succeeded").waitFor()
  await tree().getByText("May it go?").click()
  await page.getByText("You answered").waitFor()
  await looksWell()
  await other.context().close()
})

it("forks at a step of one item with another output, and compares the two", async () => {
  await page.goto(`/executions/${first}?scope=each%5B2%5D&node=note`)
  await page.getByRole("button", { name: "From here" }).click()
  await page.getByRole("menuitem", { name: /Fork with another output/ }).click()
  const output = page.getByRole("textbox", { name: "Output" })
  expect(JSON.parse(await output.inputValue())).toEqual({ letter: "three", read: true })
  await output.fill('{"letter": "thirty", "read": false}')
  await page.getByRole("button", { name: "Start the fork" }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(first))
  await page.getByRole("button", { name: "Keep it open" }).click()
  await page.getByRole("status").getByText("Succeeded").waitFor()
  const fork = new URL(page.url()).pathname.split("/").at(-1)!
  const { execution } = await look(acme.admin, fork)
  expect(execution.fork_of).toBe(first)
  expect(JSON.stringify(execution.outputs)).toContain("thirty")

  await page.getByRole("link", { name: "Compare", exact: true }).click()
  const compared = page.getByRole("listbox", { name: "Compared" })
  await compared.waitFor()
  const before = await compared.getByRole("option").count()
  await page.getByLabel("Only differences").check()
  await expect.poll(() => compared.getByRole("option").count()).toBeLessThan(before)
  await compared.getByText("May it go?").click()
  const differences = page.getByRole("region", { name: "Differences" })
  await differences.getByText("no", { exact: true }).first().waitFor()
  await compared.focus()
  await page.keyboard.press("Home")
  await differences.getByText("thirty").first().waitFor()
  await looksWell()
})

it("is retried from the step that failed, and what had succeeded is taken over", async () => {
  let isDown = true
  receiver.hear = (phase) => (isDown && phase === "acted" ? "drop" : undefined)
  const flow = await publish(acme.admin, {
    name: "Tell them",
    nodes: [
      { id: "input", type: "input", ...at(0, 0) },
      { id: "words", type: "transform", position: { x: 280, y: 0 }, data: { value: "'hello'" } },
      {
        id: "tell",
        type: "http",
        label: "Tell them",
        position: { x: 560, y: 0 },
        data: {
          method: "POST",
          url: `${receiver.url}/told`,
          body: { words: "{{ nodes.words }}" },
          timeout_ms: 2_500,
          may_repeat: true,
        },
      },
      { id: "out", type: "output", position: { x: 840, y: 0 }, data: { value: "{{ nodes.tell.status }}" } },
    ],
    edges: [edge("input", "words"), edge("words", "tell"), edge("tell", "out")],
  })
  const failed = await start(acme.admin, flow, {})
  expect((await settled(acme.admin, failed)).status).toBe("failed")
  isDown = false
  await page.goto(`/executions/${failed}`)
  await page.getByRole("alert").first().waitFor()
  await looksWell()
  await page.getByRole("button", { name: "Retry from the failed step" }).click()
  await page.waitForURL((url) => !url.pathname.endsWith(failed))
  const retried = await settled(acme.admin, new URL(page.url()).pathname.split("/").at(-1)!)
  expect(retried).toMatchObject({ retry_of: failed, status: "succeeded", error: null })
  await page.getByRole("status").getByText("Succeeded").waitFor()
  await page.getByText("Retry of").waitFor()
  await page.getByRole("application").getByText("Transform").click()
  await page.getByText("Taken over").waitFor()
})

it("stays usable with five thousand steps: few rows are drawn, and a step is found and walked to", async () => {
  const flow = await publish(acme.admin, many)
  const id = await start(acme.admin, flow, { count: 1_000 })
  await settled(acme.admin, id)
  await page.goto("/executions")
  const link = page.getByRole("row", { name: /Five thousand steps/ }).first()
  await link.waitFor()
  const began = performance.now()
  await page.goto(`/executions/${id}`)
  await tree().getByRole("treeitem").nth(5).waitFor()
  const took = performance.now() - began
  process.stdout.write(`a page of 5,003 steps opened in ${Math.round(took)} ms, loading the app included\n`)
  expect(took).toBeLessThan(10_000)
  expect(await page.getByRole("treeitem").count()).toBeLessThan(80)
  await tree().focus()
  await page.keyboard.press("End")
  await heading("Output").or(heading("out")).first().waitFor()
  await page.getByLabel("Search steps").fill("step 3")
  const found = page.getByRole("listbox", { name: "Steps found" })
  await found.waitFor()
  await expect.poll(() => found.getByRole("option").first().getAttribute("aria-setsize")).toBe("1004")
  expect(await found.getByRole("option").count()).toBeLessThan(80)
  await found.focus()
  await page.keyboard.press("End")
  await heading("Step 3").waitFor()
  expect(new URL(page.url()).searchParams.get("scope")).toBe("each[999]")
  await page.getByRole("tab", { name: "Output" }).click()
  await page.getByText("2002", { exact: true }).waitFor()
  await looksWell()
})

it("filters the list, exports it, and deletes what is ticked", async () => {
  await page.goto("/executions")
  const grid = page.getByRole("grid", { name: "Executions" })
  await grid.getByRole("row", { name: /Tell them, failed/ }).waitFor()
  await page.getByRole("button", { name: "Filter" }).click()
  await page.getByRole("menuitemcheckbox", { name: "Failed" }).click()
  await page.waitForURL(/status=/)
  await expect.poll(() => grid.getByRole("row", { name: /, succeeded/ }).count()).toBe(0)
  await page.keyboard.press("Escape")
  await looksWell()

  await page.getByRole("button", { name: "Export" }).click()
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV", exact: true }).click(),
  ])
  expect(download.suggestedFilename()).toBe("executions.csv")
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\r\n")
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain("Tell them")

  await grid
    .getByRole("row", { name: /Tell them, failed/ })
    .getByRole("checkbox")
    .check()
  await page
    .getByRole("toolbar", { name: "Selected rows" })
    .getByRole("button", { name: /Delete 1/ })
    .click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete 1 execution" }).click()
  await page.getByText("No execution matches").waitFor()
})

it("is there on a phone, one part at a time", async () => {
  await page.setViewportSize(phone)
  await page.goto(`/executions/${first}?scope=each%5B0%5D&node=note`)
  await heading("Note it").waitFor()
  await looksWell()
  await page.getByRole("tab", { name: "Timeline" }).click()
  await tree().waitFor()
  await looksWell()
  await page.getByRole("tab", { name: "Canvas" }).click()
  await page.getByRole("group", { name: "Each letter" }).getByText("Item 1 of 5").waitFor()
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
})
