import { setTimeout as sleep } from "node:timers/promises"
import { text } from "node:stream/consumers"
import type { Browser, Download, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { toolsApi } from "#core/contract/tools"
import type { JsonObject } from "#core/json"
import { largeDocument, shopDocument } from "#test/kit/openapi"
import { launch, overflowOf, phone, settle, still, violationsOf, type Visitor } from "./kit/browser.ts"
import { ImportStage, operationCount } from "./kit/import-stage.ts"
import { Keys } from "./kit/keys.ts"

const desk = { width: 1440, height: 900 }

let stage: ImportStage
let browser: Browser
let visitor: Visitor
let page: Page

beforeAll(async () => {
  stage = await ImportStage.set()
  browser = await launch()
  visitor = await stage.visit(browser, desk)
  page = visitor.page
})
afterAll(async () => {
  await browser?.close()
  await stage?.strike()
})

const theme = async (colorScheme: "light" | "dark") => {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  await still(page)
}

/** What is wrong with the page as it stands: for axe in both themes, and where a phone's screen is too small for it. */
async function wrongWith(): Promise<string[]> {
  const light = await violationsOf(page)
  await theme("dark")
  let dark = await violationsOf(page, ["color-contrast"])
  // A busy machine may be late with the new colours; what is wrong stays wrong.
  for (let looks = 0; dark.length > 0 && looks < 5; looks++) {
    await sleep(200)
    dark = await violationsOf(page, ["color-contrast"])
  }
  await theme("light")
  await page.setViewportSize(phone)
  await settle(page)
  const small = await violationsOf(page)
  const wider = await overflowOf(page)
  await page.setViewportSize(desk)
  await settle(page)
  return [...light, ...dark.map((one) => `dark: ${one}`), ...small.map((one) => `phone: ${one}`)].concat(
    wider > 0 ? [`${wider} px wider than a phone`] : [],
  )
}

const ownTools = async (search: string) =>
  (await stage.tenant.admin.ask(toolsApi.list.reply, "GET", `/tools?limit=200&search=${search}`)).tools

const press = (name: string | RegExp) => page.getByRole("button", { name, exact: true }).click()
const filter = async (name: string) => {
  await press("Filter")
  await page
    .getByRole("menuitemcheckbox", { name, exact: true })
    .or(page.getByRole("menuitem", { name, exact: true }))
    .first()
    .click()
}
const readByAddress = async () => {
  await page.goto(`/tools/import/openapi?url=${encodeURIComponent(stage.documentUrl)}`)
  await press("Read the document")
  await page.getByText(`of ${operationCount} chosen`).waitFor()
}

describe("an OpenAPI document", () => {
  it("that is broken says why beside the field, and what was typed stays", async () => {
    await page.goto("/tools/import/openapi")
    const broken = '{ "openapi": "3.1.0", "paths": { "orders": {} } }'
    const field = page.getByLabel("Document", { exact: true })
    await press("Read the document")
    await page.getByText("Paste the document").waitFor()
    await field.fill(broken)
    await press("Read the document")
    await page.getByText("paths › orders: A path begins with /.").waitFor()
    await expect.poll(() => field.inputValue()).toBe(broken)
    expect(await wrongWith()).toEqual([])
    await page.getByText("Address", { exact: true }).click()
    await page.getByLabel("Address of the document").fill(stage.documentUrl.replace("openapi", "none"))
    await press("Read the document")
    await page.getByText("It answered 404.").waitFor()
    await page.getByText("Paste", { exact: true }).click()
    await expect.poll(() => field.inputValue()).toBe(broken)
  })

  it("of many operations is chosen from by heading, and made into tools with a credential made in place", async () => {
    await page.goto("/tools/import/openapi")
    await page.getByText("File", { exact: true }).click()
    const buffer = Buffer.from(JSON.stringify(largeDocument(operationCount)))
    await page
      .getByLabel("OpenAPI document")
      .setInputFiles({ name: "company.json", mimeType: "application/json", buffer })
    await page.getByText("company.json").waitFor()
    await press("Read the document")
    await page.getByText(`0 of ${operationCount} chosen`).waitFor()
    await page.getByLabel("Prefix").fill("co")
    await page.getByText("co_orders_part0", { exact: true }).waitFor()
    expect(await wrongWith()).toEqual([])

    await page.getByRole("button", { name: "New credential" }).first().click()
    const dialog = page.getByRole("dialog")
    await expect.poll(() => dialog.getByLabel("Allowed hosts").inputValue()).toBe("api.example.com")
    await expect.poll(() => dialog.getByLabel("Header", { exact: true }).inputValue()).toBe("X-Company-Key")
    await dialog.getByLabel("Value").fill("a-secret-of-the-company")
    await dialog.getByRole("button", { name: "Add credential" }).click()
    await dialog.waitFor({ state: "detached" })
    const scheme = page.getByLabel("token", { exact: true })
    expect(await scheme.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.label)).toBe(
      "Company token",
    )

    await filter("orders")
    await press("Choose these 75")
    await page.getByText(`75 of ${operationCount} chosen`).waitFor()
    await press("Make 75 tools")
    await page.getByText("Made 75 tools").waitFor()
    expect(await wrongWith()).toEqual([])
    const made = await ownTools("co_orders")
    expect(made).toHaveLength(75)
    const credentialOf = (name: string) => {
      const tool = made.find((one) => one.name === name)
      return tool?.kind === "openapi" ? tool.execution_config.credential_id : "no tool"
    }
    expect(credentialOf("co_orders_part1")).toMatch(/^cred_/)
    expect(credentialOf("co_orders_part0")).toBeUndefined()
    await page.getByRole("link", { name: "co_orders_part3", exact: true }).click()
    await page.getByRole("heading", { name: "co_orders_part3" }).waitFor()
  })

  it("whose names are taken says so, and takes another one", async () => {
    await readByAddress()
    await page.getByLabel("Prefix").fill("co")
    await page.getByText("Taken").first().waitFor()
    await page.getByLabel("Select GET /v2/orders/{id}/parts-0").click()
    await page.getByText("One that you chose needs a change").waitFor()
    // Whoever looks for another document and comes back finds what was chosen.
    await press("Another document")
    await press("Back to the list")
    await page.getByText(`1 of ${operationCount} chosen`).waitFor()
    await press("Make 1 tool")
    const row = page.getByRole("row", { name: "GET /v2/orders/{id}/parts-0" })
    await row.click()
    await page.getByText("Another tool is called co_orders_part0. Choose another name.").waitFor()
    expect(await wrongWith()).toEqual([])
    await page.getByLabel("Name", { exact: true }).fill("first_order")
    await press("Make 1 tool")
    await page.getByText("Made one tool").waitFor()
    expect(await ownTools("first_order")).toHaveLength(1)
  })

  it("says of an operation that cannot be a tool why, and where", async () => {
    await readByAddress()
    await filter("Cannot be a tool")
    const row = page.getByRole("row", { name: /^POST / }).first()
    await row.waitFor()
    await expect.poll(() => row.getByRole("checkbox").isDisabled()).toBe(true)
    await row.click()
    await page.getByRole("heading", { name: "Why it cannot be a tool" }).waitFor()
    await page.getByText(/^paths › \/v2\/.* › post › requestBody/).waitFor()
  })
})

describe("an MCP server", () => {
  it("that does not answer says so beside the address", async () => {
    await page.goto("/tools/import/mcp")
    await press("Ask the server")
    await page.getByText("Enter an address that begins with https://").waitFor()
    const address = page.getByLabel("Address", { exact: true })
    await address.fill(`${stage.mcp.url.replace(/\d+\/mcp$/, "9")}/mcp`)
    await press("Ask the server")
    await expect.poll(() => address.getAttribute("aria-invalid")).toBe("true")
    expect(await wrongWith()).toEqual([])
  })

  it("lists its tools with what they take, is trusted or not, and becomes tools", async () => {
    await page.goto("/tools/import/mcp")
    await page.getByLabel("Address", { exact: true }).fill(stage.mcp.url)
    await press("Ask the server")
    await page.getByText("0 of 5 chosen").waitFor()
    const finds = page.getByRole("row", { name: "find_order", exact: true })
    await finds.getByText("Acts outside").waitFor()
    await page.getByLabel("I trust this server").click()
    await finds.getByText("Reads").waitFor()
    await page.getByLabel("Select find_order").click()
    await page.getByLabel("Select price").click()
    await finds.click()
    await page.getByText("It only reads.").waitFor()
    await page.getByRole("group", { name: "Arguments" }).getByText('"Its number"').waitFor()
    expect(await wrongWith()).toEqual([])
    await press("Make 2 tools")
    await page.getByText("Made 2 tools").waitFor()
    const [found] = await ownTools("find_order")
    expect(found).toMatchObject({ kind: "mcp", risk: "read", needs_approval: false })
    const [price] = await ownTools("price")
    expect(price).toMatchObject({ kind: "mcp", needs_approval: true })
  })
})

const newTool = async (more: JsonObject): Promise<string> => {
  const body = { description: "Made for a try-out", ...more }
  return (await stage.tenant.admin.ask(toolsApi.create.reply, "POST", "/tools", { body })).tool.id
}

const program = (name: string, source: string) =>
  newTool({
    name,
    kind: "container",
    input_schema: {
      type: "object",
      properties: { name: { type: "string", title: "Whose", examples: ["Ana"] } },
      required: ["name"],
    },
    execution_config: { runtime: "bash", source, timeout_seconds: 300 },
  })

const contentOf = async (download: Download): Promise<string> => text(await download.createReadStream())

/** Presses what saves a file, and gives it. */
const saved = async (): Promise<{ name: string; content: string }> => {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("button", { name: /^Download .*table\.csv$/ })
      .first()
      .click(),
  ])
  return { name: download.suggestedFilename(), content: await contentOf(download) }
}

describe("a tool that is called by hand", () => {
  it("shows what it prints and answers, and gives the file that it left, there and in its execution", async () => {
    const id = await program(
      "table_of",
      `cat > /dev/null; echo first; echo careful >&2; printf 'a,b\\n1,2\\n' > /box/out/table.csv; echo '{"rows": 1}'`,
    )
    await page.goto(`/tools/${id}`)
    const aside = page.getByRole("complementary", { name: "Try out" })
    await aside.getByRole("button", { name: "Run", exact: true }).click()
    await aside.getByText("Fill this in").waitFor()
    await aside.getByRole("button", { name: "Fill in an example" }).click()
    await expect.poll(() => aside.getByLabel("Whose").inputValue()).toBe("Ana")
    await aside.getByRole("button", { name: "Run", exact: true }).click()
    await aside.getByText("Succeeded").waitFor({ timeout: 60_000 })
    const log = aside.getByRole("region", { name: "What it printed" })
    await log.getByText("first", { exact: true }).waitFor()
    await log.getByText("careful", { exact: true }).waitFor()
    const left = { name: "table.csv", content: "a,b\n1,2\n" }
    expect(await saved()).toEqual(left)
    expect(await wrongWith()).toEqual([])
    // What was typed and what came of it are there again after a reload.
    await page.reload()
    await aside.getByText("Succeeded").waitFor()
    await expect.poll(() => aside.getByLabel("Whose").inputValue()).toBe("Ana")

    await page.getByRole("tab", { name: "Invocations" }).click()
    const row = page.getByRole("row", { name: "by hand, succeeded" })
    await row.waitFor({ timeout: 30_000 })
    await row.click()
    const dialog = page.getByRole("dialog", { name: "By hand" })
    await dialog.getByText('"Ana"').waitFor()
    expect(await wrongWith()).toEqual([])
    await dialog.getByRole("link", { name: "Open the execution" }).click()
    await page.waitForURL("**/executions/exec_*")
    await page.getByRole("tab", { name: "Output" }).click()
    expect(await saved()).toEqual(left)
  })

  it("is seen while it goes on, and is cancelled; its history is narrowed by how calls ended", async () => {
    const id = await program("sleeper", "echo begun; sleep 600")
    await page.goto(`/tools/${id}`)
    const aside = page.getByRole("complementary", { name: "Try out" })
    await aside.getByLabel("Whose").fill("Bo")
    await page.keyboard.press("Control+Enter")
    await aside.getByText("begun", { exact: true }).waitFor({ timeout: 60_000 })
    await aside.getByText("Running").waitFor()
    await aside.getByRole("button", { name: "Cancel", exact: true }).click()
    await aside.getByText("Cancelled").waitFor({ timeout: 30_000 })
    await page.getByRole("tab", { name: "Invocations" }).click()
    await page.getByRole("row", { name: /^by hand, / }).waitFor({ timeout: 30_000 })
    await filter("Succeeded")
    await page.getByText("No call matches").waitFor()
    await press("Show all calls")
    await page.getByRole("row", { name: /^by hand, / }).waitFor()
  })

  it("asks a person first where it has to, fails in words, and says what is not saved", async () => {
    const id = await newTool({
      name: "half",
      kind: "isolate",
      needs_approval: true,
      input_schema: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] },
      execution_config: {
        source: 'export default ({ n }) => { if (n % 2) throw new Error("odd"); return { half: n / 2 } }',
      },
    })
    await page.goto(`/tools/${id}`)
    const aside = page.getByRole("complementary", { name: "Try out" })
    await aside.getByText("and asks a person first").waitFor()
    await aside.getByLabel("n", { exact: true }).fill("3")
    await aside.getByRole("button", { name: "Run", exact: true }).click()
    await aside.getByRole("button", { name: "Allow" }).click({ timeout: 60_000 })
    await aside.getByText("Failed").waitFor({ timeout: 60_000 })
    await aside.getByText(/odd/).first().waitFor()
    await aside.getByLabel("n", { exact: true }).fill("4")
    await aside.getByRole("button", { name: "Run", exact: true }).click()
    await aside.getByRole("button", { name: "Allow" }).click({ timeout: 60_000 })
    await aside
      .getByRole("group", { name: "Result" })
      .getByText("2", { exact: true })
      .waitFor({ timeout: 60_000 })
    await page.getByLabel("Description").fill("Something else")
    await aside.getByText(/Calls version 1 as it is saved, without your changes/).waitFor()
    await page.getByLabel("Description").fill("Made for a try-out")
  })
})

describe("with a keyboard alone", () => {
  it("a document is read, an operation chosen, named and made", async () => {
    await page.goto("/tools/import/openapi")
    const keys = new Keys(page)
    await keys.write("Document", JSON.stringify(shopDocument()))
    await keys.do("button", "Read the document")
    await keys.row("GET /orders/{id}")
    await keys.press("x", "Enter")
    await keys.write("Name", "find_by_keys")
    await keys.press("Escape")
    await keys.at("row", "GET /orders/{id}")
    await keys.do("button", "Make 1 tool")
    await keys.to("link", "find_by_keys")
    expect(await ownTools("find_by_keys")).toHaveLength(1)
  })
})

describe("all of it", () => {
  it("had nothing to complain about", () => {
    // What is refused with words is a complaint of the console alone.
    expect(visitor.complaints.filter((one) => !/status of 4(04|09|22)/.test(one))).toEqual([])
  })
})
