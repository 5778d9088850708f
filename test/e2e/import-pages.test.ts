import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { password, register, type Tenant } from "./kit/world.ts"

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

const folder = join(import.meta.dirname, "../fixtures/exchange")
const textOf = (file: string): string => readFileSync(join(folder, file), "utf8")
const pictures = process.env["PICTURES"]
const picture = async (name: string): Promise<void> => {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, animations: "disabled" })
}

/** In both themes and on a phone: nothing that axe finds wrong, and nothing wider than its window. */
async function looksRight(name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    await settle(page)
    expect(await violationsOf(page), `${name} ${colorScheme}`).toEqual([])
    await picture(`${name}-${colorScheme}`)
  }
  await page.setViewportSize(phone)
  await settle(page)
  expect(await overflowOf(page), name).toBeLessThanOrEqual(0)
  expect(await violationsOf(page), `${name} phone`).toEqual([])
  await picture(`${name}-phone`)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: "light" })
}

const dialog = () => page.getByRole("dialog", { name: "Import a flow" })

it("says why a broken file cannot be read, and makes nothing", async () => {
  await page.getByRole("button", { name: "Import a flow from a file" }).click()
  await dialog().getByLabel("Or paste its text").fill('{"nodes":[{"type":"x"}],"connections":{}}')
  await dialog().getByRole("button", { name: "Look at it" }).click()
  await dialog().getByText("content.nodes.0.name").waitFor()
  await looksRight("refused")
})

it("shows what would become of each step before anything is made, and narrows it", async () => {
  await dialog().getByLabel("Or paste its text").fill(textOf("n8n/support-agent.json"))
  await dialog().getByRole("button", { name: "Look at it" }).click()
  await dialog().getByText("Nothing is made yet.").waitFor()
  const steps = dialog().getByRole("list", { name: "Steps" }).getByRole("listitem")
  await expect.poll(() => steps.count()).toBe(8)
  await looksRight("report")
  await dialog()
    .getByRole("radio", { name: /Placeholder/ })
    .press("Space")
  await expect.poll(() => steps.count()).toBe(2)
  const { flows } = await acme.admin.ask(flowsApi.list.reply, "GET", "/flows")
  expect(flows).toEqual([])
})

it("imports it, opens the flow with its marks, and shows a placeholder's original", async () => {
  await dialog().getByLabel("Name").fill("Support from n8n")
  await dialog().getByRole("button", { name: "Import flow" }).click()
  await page.waitForURL(/\/flows\/flow_/)
  const placeholder = page.locator('.react-flow__node[data-id="manual"]')
  await placeholder.getByRole("img", { name: /comes from n8n/ }).waitFor()
  await placeholder.click()
  const panel = page.getByRole("complementary", { name: "Properties" })
  await panel.getByText("toolDescription").waitFor()
  await looksRight("placeholder")
})

it("takes CrewAI's two files at once by choosing them", async () => {
  await page.goto("/flows?import=true")
  const both = JSON.parse(textOf("crewai/report.json")) as { agents_yaml: string; tasks_yaml: string }
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    dialog().getByRole("button", { name: "Choose a file" }).click(),
  ])
  await chooser.setFiles([
    { name: "tasks.yaml", mimeType: "application/yaml", buffer: Buffer.from(both.tasks_yaml) },
    { name: "agents.yaml", mimeType: "application/yaml", buffer: Buffer.from(both.agents_yaml) },
  ])
  await dialog().getByText("CrewAI", { exact: true }).waitFor()
  await dialog().getByRole("button", { name: "Another file" }).click()
  await dialog().getByRole("button", { name: "Cancel" }).click()
  await dialog().waitFor({ state: "detached" })
})

it("finds a template by its words and shows it larger before it is taken", async () => {
  await page.goto("/flows?new=true")
  const fresh = page.getByRole("dialog", { name: "New flow" })
  await fresh.getByRole("searchbox", { name: "Search templates" }).fill("approval refund")
  await expect.poll(() => fresh.getByRole("radio").count()).toBe(1)
  // Enter takes what was found, and makes nothing yet.
  await fresh.getByRole("searchbox", { name: "Search templates" }).press("Enter")
  await expect.poll(() => fresh.getByRole("radio").isChecked()).toBe(true)
  await fresh.getByRole("region", { name: "Preview of Approve refunds" }).waitFor()
  await looksRight("gallery")
  await fresh.getByRole("searchbox", { name: "Search templates" }).fill("submarine")
  await fresh.getByText("No template has all of these words.").waitFor()
})
