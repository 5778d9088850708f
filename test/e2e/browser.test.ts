import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh, type Server } from "#test/kit/server"
import { launch, lightnessOf, settle, Visitor, wordsOf } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { holdTale, slowestModel, tale } from "./kit/tale.ts"
import { password, unique } from "./kit/world.ts"
import { inTurn } from "./kit/in-turn.ts"

let vendor: OpenAiServer
let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let visitor: Visitor
let page: Page

const email = `${unique("ana")}@example.com`
/** Found out on the way. */
let flowPath = ""
let executionPath = ""

beforeAll(async () => {
  vendor = await startOpenAiServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  server = started.server
  end = started.end
  browser = await launch()
  visitor = await Visitor.arrive(browser, server.address)
  page = visitor.page
})
afterAll(async () => {
  await browser?.close()
  await end()
  await vendor.close()
})

const button = (name: string | RegExp, within = page.locator("body")) =>
  within.getByRole("button", { name, exact: true })
const properties = () => page.getByRole("complementary", { name: "Properties" })
const canvas = () => page.getByRole("application", { name: "Flow canvas" })

/** What the model has said so far, wherever on the page it stands. */
const said = async (on = page): Promise<string> => {
  const words = await on.getByRole("main").innerText()
  return /word1\b(?:\s+word\d+)*/.exec(words)?.[0].replaceAll(/\s+/g, " ") ?? ""
}

describe("a newcomer", () => {
  inTurn()

  it("is led to the door, and registers by hand", async () => {
    await page.goto("/")
    await page.waitForURL("**/login")
    await page
      .getByRole("link", { name: "Create a tenant" })
      .or(page.getByRole("link", { name: /create|register|sign up/i }))
      .first()
      .click()
    await page.waitForURL("**/register")
    await page.getByLabel("Your name").fill("Ana")
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("short")
    await page.getByLabel("Tenant name").fill("Harbour Office")
    await expect.poll(() => page.getByLabel("Tenant address").inputValue()).toBe("harbour-office")
    await button("Create tenant").click()
    await page.getByText("Use at least 12 characters").waitFor()
    await page.getByLabel("Password", { exact: true }).fill(password)
    await button("Create tenant").click()
    await page.waitForURL("**/flows")
    await page.getByRole("heading", { name: "Begin with a flow that works" }).waitFor()
  })

  it("adds a model provider and sees that it answers", async () => {
    await page.getByRole("link", { name: "Models" }).click()
    await button("Add provider").first().click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Type").selectOption({ label: "OpenAI-compatible" })
    await dialog.getByLabel("Name", { exact: true }).fill("Vendor")
    await dialog.getByLabel(/URL/).fill(vendor.url)
    await dialog.getByLabel("API key").fill(vendor.apiKey)
    await button("Add provider", dialog).click()
    await dialog.waitFor({ state: "detached" })
    const row = page.getByRole("row", { name: "Vendor" })
    await button("Test", row).click()
    await row
      .getByText(/Answers|Works|OK|ms/)
      .first()
      .waitFor()
    expect(await page.getByRole("main").innerText()).not.toContain(vendor.apiKey)
  })

  it("draws input, model and output by the palette, and what is drawn is saved", async () => {
    await page.getByRole("link", { name: "Flows", exact: true }).click()
    await button(/Blank flow/).click()
    await page.waitForURL("**/flows/flow_*")
    flowPath = new URL(page.url()).pathname
    await page.getByLabel("Name", { exact: true }).fill("Gist")
    await canvas().getByRole("group", { name: "Output, output" }).click()
    await page.keyboard.press("Delete")
    await canvas().getByRole("group", { name: "Input, input" }).click()
    await button("Add a field", properties()).click()
    await button("Model").click()
    await page.getByRole("textbox", { name: "Prompt", exact: true }).click()
    await page.keyboard.type("Tell a tale about this.\n\n")
    await button("Insert data", properties()).first().click()
    await page
      .getByRole("dialog", { name: "Insert data" })
      .getByRole("button", { name: /text/ })
      .first()
      .click()
    expect(await page.getByRole("textbox", { name: "Prompt", exact: true }).inputValue()).toBe(
      "Tell a tale about this.\n\n{{ input.text }}",
    )
    await properties().getByLabel("Provider").selectOption({ label: "Vendor" })
    await properties().getByLabel("Model", { exact: true }).fill(slowestModel)
    await button("Output").click()
    await canvas().getByRole("group", { name: "Output, output" }).waitFor()
    await page.getByText("No problems").waitFor()
    await page.getByText(/^Saved/).waitFor()

    await page.reload()
    await settle(page)
    for (const edge of ["From input to llm", "From llm to output"])
      await canvas().getByLabel(edge).waitFor({ state: "attached" })
    expect(
      await canvas()
        .getByRole("group", { name: /, (input|llm|output)$/ })
        .count(),
    ).toBe(3)
  })

  it("publishes it, runs it with the form and watches the answer stream in", async () => {
    await button("Publish version 1").click()
    await button("Publish version 1", page.getByRole("dialog")).click()
    await button(/Version 1 (is )?published/)
      .first()
      .waitFor()

    await canvas().getByRole("group", { name: "Model, llm" }).click()
    await button("Run").click()
    await button("Run", properties()).click()
    // Nothing is entered yet: the form says so, and nothing is started.
    await properties().getByText("Fill this in").waitFor()
    await properties().getByLabel("text").fill("The harbour of a small town")
    await button("Run", properties()).click()

    const seen: string[] = []
    await expect
      .poll(
        async () => {
          const now = await said()
          if (now !== "" && now !== seen.at(-1)) seen.push(now)
          return now
        },
        { timeout: 15_000, interval: 50 },
      )
      .toBe(tale)
    // It grew word by word, never took one back.
    expect(seen.length).toBeGreaterThan(5)
    for (const text of seen) expect(tale.startsWith(text), text).toBe(true)
    expect(seen.map((text) => text.length)).toEqual(seen.map((text) => text.length).toSorted((a, b) => a - b))
    await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor()
  })

  it("sees the same words when the execution's page is closed and opened in the middle", async () => {
    const tellOn = holdTale()
    await button("Run").click()
    await button("Run", properties()).click()
    await page.getByRole("status").filter({ hasText: "Running" }).waitFor()
    await page.getByRole("link", { name: "Open", exact: true }).click()
    await page.waitForURL("**/executions/exec_*")
    executionPath = new URL(page.url()).pathname
    await page.getByText("word3").first().waitFor()
    const second = await visitor.open(executionPath)
    await second.getByText("word8").first().waitFor()
    await second.close()
    await page.reload()
    await expect.poll(() => said()).toContain("word9")
    const middle = await said()
    expect(tale.startsWith(middle)).toBe(true)
    expect(middle.length).toBeLessThan(tale.length)

    tellOn()
    await expect.poll(() => said(), { timeout: 10_000 }).toBe(tale)
    await page.getByRole("status").filter({ hasText: "Succeeded" }).waitFor()
    await settle(page)
    const words = await wordsOf(page)
    await page.reload()
    await settle(page)
    await expect.poll(() => wordsOf(page), { timeout: 10_000 }).toBe(words)
    const third = await visitor.open(executionPath)
    await settle(third)
    await expect.poll(() => wordsOf(third), { timeout: 10_000 }).toBe(words)
    await third.close()
  })

  it("finds both executions in the list, the newest first", async () => {
    await page.getByRole("link", { name: "Executions", exact: true }).first().click()
    await page.waitForURL("**/executions")
    const rows = page.getByRole("grid", { name: "Executions" }).getByRole("row", { name: /Gist/ })
    await expect.poll(() => rows.count()).toBe(2)
    await rows.first().click()
    await page.waitForURL(`**${executionPath}*`)
  })

  it("makes an API key in the settings, and its program runs the same", async () => {
    await page.getByRole("link", { name: "Settings", exact: true }).click()
    await page.getByRole("link", { name: "API keys" }).click()
    await button(/^(Create a|New) key$/)
      .first()
      .click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Name", { exact: true }).fill("Edge app")
    await button("Create key", dialog).click()
    const secret = (await dialog.locator("code").filter({ hasText: /^eck_/ }).innerText()).trim()
    expect(secret).toMatch(/^eck_[\w-]{43}$/)
    await page.keyboard.press("Escape")

    const program = (await Client.of(server.address)).as(secret)
    const flow = flowPath.replace("/flows/", "")
    const answer = await program.send("POST", `/flows/${flow}/execute`, {
      body: { inputs: { text: "The harbour of a small town" } },
      headers: { prefer: "wait=30" },
    })
    expect(executionsApi.execute.also[200].schema.parse(answer.body)).toMatchObject({
      status: "succeeded",
      outputs: tale,
    })
    await page.reload()
    await page.getByRole("row", { name: /Edge app/ }).waitFor()
    expect(await page.getByRole("main").innerText()).not.toContain(secret)
  })

  it("finds the way back from an address that leads nowhere", async () => {
    const before = page.url()
    await page.goto(new URL("/nowhere/at-all", server.address).href)
    await page.getByRole("heading", { name: "There is no such page" }).waitFor()
    await page.getByRole("link", { name: "Go to flows" }).click()
    await page.waitForURL("**/flows")
    await page.goto(before)
  })

  it("chooses the dark theme, which stays", async () => {
    await page.getByRole("link", { name: "Appearance" }).click()
    await page.getByRole("radiogroup", { name: "Theme" }).waitFor()
    await expect.poll(() => lightnessOf(page)).toBeGreaterThan(0.9)
    await page.getByRole("radio", { name: "Dark" }).check({ force: true })
    await expect.poll(() => lightnessOf(page)).toBeLessThan(0.2)
    await page.reload()
    await page.getByRole("radiogroup", { name: "Theme" }).waitFor()
    await expect.poll(() => lightnessOf(page)).toBeLessThan(0.2)
    await page.getByRole("radio", { name: "System" }).check({ force: true })
    await expect.poll(() => lightnessOf(page)).toBeGreaterThan(0.9)
  })

  it("[A63] signs out in all tabs, and leaves nothing of theirs in the browser", async () => {
    const beside = await visitor.open(executionPath)
    await beside.getByRole("button", { name: "Ana" }).waitFor()
    for (const tab of [page, beside])
      await tab.evaluate(
        "sessionStorage.setItem('edgecrew.pins.flow_none', '{}'), localStorage.setItem('edgecrew.folds.flow_none', '[]')",
      )
    await button("Ana").click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    for (const tab of [page, beside]) {
      await tab.waitForURL("**/login")
      const left = () =>
        tab.evaluate(
          "[localStorage, sessionStorage].flatMap(Object.keys).filter((key) => key.startsWith('edgecrew.'))",
        )
      await expect.poll(left).toEqual(["edgecrew.appearance"])
    }
    await beside.close()
  })

  it("comes back to where it wanted to go", async () => {
    await page.goto(executionPath)
    await page.waitForURL("**/login?next=*")
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("not-the-password")
    await button("Sign in").click()
    await page.getByText("The email address or the password is wrong.").waitFor()
    await page.getByLabel("Password", { exact: true }).fill(password)
    await button("Sign in").click()
    await page.waitForURL(`**${executionPath}`)
    await expect.poll(() => said()).toBe(tale)
  })

  it("has seen no error in the console and no broken content policy", () => {
    // The one refusal that was provoked: the wrong password.
    const complaints = visitor.complaints.filter((text) => !/login.*\b401\b/.test(text))
    expect(complaints).toEqual([])
  })
})
