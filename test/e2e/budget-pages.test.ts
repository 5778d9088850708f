import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { budgetsApi } from "#core/contract/budgets"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { signIn } from "./kit/sign-in.ts"
import { register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let member: Visitor
const visitors: Visitor[] = []

async function arrive(tenant: Tenant, size = desk): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, server.address, size)
  await visitor.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  await signIn(visitor.page, tenant)
  visitors.push(visitor)
  return visitor
}

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  member = await arrive(acme)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

async function looksWell(page: Page): Promise<void> {
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await settle(page)
  expect(await violationsOf(page, ["color-contrast"])).toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
}

describe("the page of budgets", () => {
  it("says what it is for while there is none, and sets the first one", async () => {
    const { page } = member
    await page.goto("/budgets")
    await page.getByRole("heading", { name: "No budgets yet" }).waitFor()
    await looksWell(page)
    await page.getByRole("button", { name: "Set a budget" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Name", { exact: true }).fill("Everything")
    await looksWell(page)
    await dialog.getByRole("button", { name: "Set budget" }).click()
    await dialog.getByText("Enter a whole number of micro-USD").waitFor()
    await dialog.getByLabel("Limit in US dollars").fill("250.5")
    await dialog.getByRole("button", { name: "Set budget" }).click()
    await dialog.waitFor({ state: "hidden" })
    const row = page.getByRole("row", { name: /Everything/ })
    await row.waitFor()
    await expect.poll(() => row.textContent()).toContain("$250.50 a month")
    const { budgets } = await acme.admin.ask(budgetsApi.list.reply, "GET", "/budgets")
    expect(budgets[0]).toMatchObject({ limit_micros: 250_500_000, scope: "tenant", mode: "hard" })
    await looksWell(page)
  })

  it("shows the secret of a webhook once", async () => {
    const { page } = member
    await page.goto("/budgets?edit=new")
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Name", { exact: true }).fill("Each one")
    await dialog.getByRole("combobox", { name: "Of", exact: true }).selectOption("execution")
    await dialog.getByLabel("Limit in US dollars").fill("0.2")
    await dialog.getByLabel(/^Webhook/).fill("https://alerts.example.com/budgets")
    await dialog.getByRole("button", { name: "Set budget" }).click()
    const secret = page.getByLabel("Secret of the webhook")
    await secret.waitFor()
    await expect.poll(() => secret.textContent()).toMatch(/^whsec_/)
    await looksWell(page)
    await page.getByRole("button", { name: "I have copied it" }).click()
    await page.getByRole("row", { name: /Each one/ }).waitFor()
    expect(await page.content()).not.toContain("whsec_")
  })

  it("opens a budget with the keyboard alone, changes it and deletes it, and takes that back", async () => {
    const { page } = member
    await page.goto("/budgets")
    await page.getByRole("row", { name: /Everything/ }).waitFor()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Held for calls").waitFor()
    await looksWell(page)
    await dialog.getByRole("button", { name: "Edit" }).press("Enter")
    await page.getByRole("dialog").getByLabel("Limit in US dollars").fill("300")
    await page.keyboard.press("Enter")
    await page.getByText("$300.00 a month").first().waitFor()
    const row = page.getByRole("row", { name: /Each one/ })
    await row.click({ button: "right" })
    await page.getByRole("menuitem", { name: "Delete" }).click()
    await row.waitFor({ state: "hidden" })
    await page.getByRole("button", { name: "Undo" }).click()
    await row.waitFor()
  })

  it("fits a phone", async () => {
    const { page } = await arrive(acme, phone)
    await page.goto("/budgets")
    await page.getByText("Everything").first().waitFor()
    await looksWell(page)
    await page.getByText("Everything").first().click()
    await page.getByRole("dialog").getByText("Held for calls").waitFor()
    await looksWell(page)
    await page.goto("/budgets?edit=new")
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).waitFor()
    await looksWell(page)
  })

  it("says what went wrong, and goes on when it is tried again", async () => {
    const { page } = await arrive(acme)
    await page.route("**/api/v1/budgets?*", (route) => route.abort())
    await page.goto("/budgets")
    const again = page.getByRole("button", { name: "Try again" })
    await again.waitFor({ timeout: 30_000 })
    await page.unroute("**/api/v1/budgets?*")
    await again.click()
    await page.getByRole("row", { name: /Everything/ }).waitFor()
    visitors.pop()
  })

  it("complains of nothing", () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
