import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { chain, create, password, publish, register, summary, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let visitor: Visitor
let page: Page
let acme: Tenant
let flow: string

/** The second version asks otherwise, waits no more but sends; the draft has one thing moved. */
beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  const first = chain(
    { id: "input", type: "input", data: {} },
    { id: "say", type: "llm", data: { prompt: "Summarise this mail in one sentence: {{ input.text }}" } },
    { id: "rest", type: "wait", data: { seconds: 5 } },
    { id: "result", type: "output", data: { value: "{{ nodes.say }}" } },
  )
  const { input_schema } = summary()
  flow = await publish(acme.admin, { name: "Mails", input_schema, ...first })
  const second = chain(
    { id: "input", type: "input", data: {} },
    { id: "say", type: "llm", data: { prompt: "Summarise this letter in two sentences: {{ input.text }}" } },
    { id: "keep", type: "transform", data: { value: "nodes.say" } },
    { id: "result", type: "output", data: { value: "{{ nodes.keep }}" } },
  )
  await save({ ...second, settings: { timeout_seconds: 60 } })
  await acme.admin.ask(flowsApi.publish.reply, "POST", `/flows/${flow}/publish`, { body: {} })
  const nodes = second.nodes.map((one) =>
    one.id === "result" ? { ...one, position: { x: 960, y: 80 } } : one,
  )
  await save({ ...second, nodes, settings: { timeout_seconds: 60 } })
  visitor = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  page = visitor.page
  await page.emulateMedia({ reducedMotion: "reduce" })
  await page.goto("/login")
  await page.getByLabel("Email").fill(acme.email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.waitForURL("**/flows")
})
afterAll(async () => {
  await browser?.close()
  await end()
})

async function save(drawn: object): Promise<void> {
  const { flow: was } = await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)
  await acme.admin.ask(flowsApi.update.reply, "PUT", `/flows/${flow}`, {
    body: { name: "Mails", input_schema: was.input_schema, ...drawn },
    headers: { "if-match": `"v${was.version}"` },
  })
}

const changes = () => page.getByRole("complementary", { name: "Changes" })
const row = (name: RegExp) => changes().getByRole("button", { name })
const nodeOf = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`)
const shown = async () => {
  await changes().waitFor()
  await settle(page)
}

it("leads from the editor's versions to what differs, drawn on one canvas and said in words", async () => {
  await page.goto(`/flows/${flow}`)
  await page.getByRole("button", { name: "Version 2 published" }).click()
  await page.getByRole("button", { name: /^Version 1/ }).click()
  await page.getByRole("link", { name: "Compare with the draft" }).click()
  await shown()
  expect(new URL(page.url()).search).toBe("?from=1&to=draft")
  await expect.poll(() => nodeOf("say").getAttribute("aria-label")).toMatch(/, Changed$/)
  await expect.poll(() => nodeOf("keep").getAttribute("aria-label")).toMatch(/, Added$/)
  await expect.poll(() => nodeOf("rest").getAttribute("aria-label")).toMatch(/, Removed$/)
  await expect.poll(() => page.locator("[data-look=added]").count()).toBe(2)
  await expect.poll(() => page.locator("[data-look=removed]").count()).toBe(2)
  // What is gone does not lie under what took its place.
  const [gone, come] = await Promise.all([nodeOf("rest").boundingBox(), nodeOf("keep").boundingBox()])
  expect(gone!.y).toBeGreaterThan(come!.y + come!.height)

  await row(/Changed · say · prompt/).click()
  const prompt = changes().getByRole("region", { name: "prompt" })
  await expect.poll(() => prompt.locator("del").allInnerTexts()).toEqual(expect.arrayContaining(["mail"]))
  await expect.poll(() => prompt.locator("ins").allInnerTexts()).toEqual(expect.arrayContaining(["letter"]))
  expect(await violationsOf(page)).toEqual([])
})

it("comes back to the same change after a reload, and goes back the way it came", async () => {
  await page.reload()
  await shown()
  await expect.poll(() => changes().getByRole("region", { name: "prompt" }).count()).toBe(1)
  await page.goBack()
  await page.waitForURL(`**/flows/${flow}`)
})

it("compares any two, in either direction, by keyboard alone", async () => {
  await page.goto(`/flows/${flow}/compare`)
  await shown()
  // Without a word: what is published and the draft, of which one node was moved.
  await expect
    .poll(() => changes().getByRole("button").allInnerTexts())
    .toEqual([expect.stringContaining("Moved")])
  await page.getByRole("combobox", { name: "To" }).selectOption({ label: "Version 1" })
  await shown()
  await expect.poll(() => row(/Added · rest/).count()).toBe(1)
  await page.getByRole("button", { name: "Change sides" }).focus()
  await page.keyboard.press("Enter")
  await expect.poll(() => row(/Removed · rest/).count()).toBe(1)
  await row(/The flow/).focus()
  await page.keyboard.press("Enter")
  await changes().getByRole("region", { name: "settings.timeout_seconds" }).waitFor()
  await nodeOf("keep").focus()
  await page.keyboard.press("Enter")
  await expect.poll(() => row(/Added · keep/).getAttribute("aria-expanded")).toBe("true")
})

it("says what is the matter where there is nothing to compare", async () => {
  await page.goto(`/flows/${flow}/compare?from=2&to=2`)
  await page.getByText("Nothing differs").waitFor()
  await page.goto(`/flows/${flow}/compare?from=9`)
  await page.getByText("There is no such version").waitFor()
  const blank = await create(acme.admin, {
    name: "Blank",
    ...chain({ id: "input", type: "input", data: {} }),
  })
  await page.goto(`/flows/${blank}/compare`)
  await page.getByText("Nothing published yet").waitFor()
  await page.getByRole("link", { name: "Open the editor" }).click()
  await page.waitForURL(`**/flows/${blank}`)
})

it("has the canvas over the changes on a phone, and nothing wider than it", async () => {
  await page.setViewportSize(phone)
  await page.goto(`/flows/${flow}/compare?from=1&to=2&at=node.say`)
  await shown()
  expect(await overflowOf(page)).toBe(0)
  expect(await violationsOf(page)).toEqual([])
  const [canvas, list] = await Promise.all([
    page.getByRole("region", { name: "Canvas" }).boundingBox(),
    changes().boundingBox(),
  ])
  expect(list!.y).toBeGreaterThanOrEqual(canvas!.y + canvas!.height - 1)
  expect(visitor.complaints.filter((one) => !one.includes("404"))).toEqual([])
})
