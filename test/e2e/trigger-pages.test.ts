import { execFile } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { promisify } from "node:util"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { WebhookConfig } from "#core/contract/trigger-config"
import { triggersApi } from "#core/contract/triggers"
import { startFresh, type Server } from "#test/kit/server"
import { curlOf } from "#web/features/triggers/model/curl.ts"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { chain, publish, register, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

const run = promisify(execFile)

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let flow: string
let member: Visitor
const visitors: Visitor[] = []

async function arrive(size = desk): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, server.address, size)
  await visitor.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  visitors.push(visitor)
  return visitor
}

/** A flow that greets whoever is named. */
const greeting = {
  name: "Greeting",
  ...chain(
    { id: "input", type: "input", data: {} },
    { id: "greet", type: "transform", data: { value: "'Hello, ' & input.name & '!'" } },
    { id: "result", type: "output", data: { value: "{{ nodes.greet }}" } },
  ),
  input_schema: {
    type: "object",
    properties: { name: { type: "string", title: "Your name", minLength: 2, examples: ["Ada"] } },
    required: ["name"],
  },
}

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  flow = await publish(acme.admin, greeting)
  member = await arrive()
  const { page } = member
  await signIn(page, acme)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

/** Opens the dialog for a kind and chooses the flow by a part of its name. */
async function begin(page: Page, kind: string, name: string): Promise<void> {
  await page.goto("/triggers")
  await page.getByRole("button", { name: "New trigger" }).click()
  await page.getByRole("menuitem", { name: kind }).click()
  await page.getByRole("dialog").waitFor()
  await page.getByLabel("Name", { exact: true }).fill(name)
  await page.getByRole("combobox", { name: "Flow", exact: true }).fill("greet")
  await page.getByRole("option", { name: /Greeting/ }).click()
}

/** The new trigger's page is there, and the dialog that made it is gone. */
async function created(page: Page): Promise<void> {
  await page.waitForURL("**/triggers/trig_*")
  await page.getByRole("dialog").waitFor({ state: "hidden" })
}

const textOf = async (page: Page, label: string): Promise<string> =>
  (await page.getByLabel(label, { exact: true }).textContent()) ?? ""

async function looksWell(page: Page): Promise<void> {
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await settle(page)
  expect(await violationsOf(page, ["color-contrast"])).toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
}

describe("a webhook", () => {
  it("is made in the page, sent to, and shows what came in and what it started", async () => {
    const { page } = member
    await begin(page, "Webhook", "New order")
    await looksWell(page)
    await page.getByRole("button", { name: "Create webhook" }).click()
    await created(page)
    const address = await textOf(page, "Address")
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "do-not-show" },
      body: JSON.stringify({ name: "Ada" }),
    })
    expect(response.status).toBe(202)
    const row = page.getByRole("row", { name: /Accepted/ })
    await row.waitFor({ timeout: 10_000 })
    await looksWell(page)
    await row.click()
    const dialog = page.getByRole("dialog")
    await expect.poll(() => dialog.textContent()).toContain("Ada")
    expect(await dialog.textContent()).not.toContain("do-not-show")
    await looksWell(page)
    await dialog.getByRole("link", { name: "Execution" }).click()
    await page.waitForURL("**/executions/exec_*")
    await page.getByText("Succeeded").first().waitFor()
  })

  it("is listened to before it starts anything", async () => {
    const { page } = member
    await begin(page, "Webhook", "Heard")
    await page.getByRole("button", { name: "Create webhook" }).click()
    await created(page)
    const address = await textOf(page, "Address")
    await page.getByRole("button", { name: "Listen for a delivery" }).click()
    await page.getByText("Waiting for a delivery…").waitFor()
    await fetch(`${address}?from=shop`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Bo" }),
    })
    await page.getByText("This came in").waitFor()
    await looksWell(page)
    await page.getByRole("row", { name: /Captured/ }).waitFor()
    await page.getByRole("button", { name: "Use as inputs in the editor" }).click()
    await page.waitForURL(`**/flows/${flow}`)
    await page.getByRole("button", { name: "Run", exact: true }).click()
    await expect.poll(() => page.getByLabel("Your name").inputValue()).toBe("Bo")
  })

  it.each([
    { kind: "none" },
    { kind: "header" },
    { kind: "hmac_sha256" },
    {
      kind: "hmac_sha256",
      header: "X-Slack-Signature",
      prefix: "v0=",
      timestamp_header: "X-Slack-Request-Timestamp",
      content: "v0:{timestamp}:{body}",
    },
    { kind: "hmac_sha256", encoding: "base64", timestamp_header: "X-Time" },
    { kind: "github" },
    { kind: "gitlab" },
    { kind: "stripe" },
    { kind: "standard_webhooks" },
  ])("signed as %j is sent to by the line that its page shows", async (signature) => {
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    const config = WebhookConfig.parse({ signature, inputs: "body" })
    const body = { kind: "webhook", name: "Signed", flow_id: flow, config }
    const { trigger } = await acme.admin.ask(triggersApi.create.reply, "POST", "/triggers", {
      body: signature.kind === "none" ? body : { ...body, secret },
    })
    const address = `${server.address}${trigger.address}`
    const sendWith = async (key: string) => {
      const line = curlOf(config, address, { name: "It's $Ada" }).replace("the secret of this webhook", key)
      const { stdout } = await run("bash", ["-c", line.replace("curl ", "curl -s -w '\\n%{http_code}' ")])
      return Number(stdout.split("\n").at(-1))
    }
    expect(await sendWith(secret)).toBe(202)
    if (signature.kind !== "none") expect(await sendWith(secret.replace("MfK", "NfK"))).toBe(401)
  })
})

describe("a schedule", () => {
  it("shows its next fires while it is typed, and fires by hand", async () => {
    const { page } = member
    await begin(page, "Schedule", "Every morning")
    const fires = page.getByRole("region", { name: "Next fires" })
    await expect.poll(() => fires.getByRole("listitem").count()).toBe(3)
    await page.getByLabel("Cron", { exact: true }).fill("0 9 31 2 *")
    await page.getByText("No date fits this, so it would never fire").waitFor()
    await page.getByLabel("Presets").selectOption({ label: "Every day at 09:00" })
    await page.getByRole("combobox", { name: "Time zone" }).fill("kolkata")
    await page.getByRole("listbox").getByRole("option").first().click()
    const first = (await fires.getByRole("listitem").first().textContent()) ?? ""
    expect(first).toContain("09:00")
    await looksWell(page)
    await page.getByLabel("Inputs of the flow").fill('{ "name": "Clock" }')
    await page.getByRole("button", { name: "Create schedule" }).click()
    await created(page)
    await page.getByText("At 09:00 every day").first().waitFor()
    await looksWell(page)
    await page.getByRole("button", { name: "Test", exact: true }).click()
    await page.getByRole("button", { name: "Fire now" }).click()
    await page.getByRole("dialog").getByText("Accepted").waitFor()
  })
})

describe("a hosted form", () => {
  it("is filled in by a stranger on a phone, in and out of a frame, and kept from others' frames", async () => {
    const { page } = member
    await begin(page, "Hosted form", "Guests")
    await page.getByRole("button", { name: "Create hosted form" }).click()
    await created(page)
    const link = await textOf(page, "Link")
    await looksWell(page)

    const stranger = await arrive(phone)
    await stranger.page.goto(link)
    await stranger.page.getByRole("heading", { level: 1, name: "Greeting" }).waitFor()
    await looksWell(stranger.page)
    await stranger.page.getByLabel("Your name").fill("A")
    await stranger.page.getByRole("button", { name: "Send" }).click()
    await expect.poll(() => stranger.page.getByLabel("Your name").getAttribute("aria-invalid")).toBe("true")
    await stranger.page.getByLabel("Your name").fill("Ada")
    await stranger.page.getByRole("button", { name: "Send" }).click()
    await stranger.page.getByText("Thank you.").waitFor()
    await looksWell(stranger.page)
    await page.getByRole("row", { name: /Accepted/ }).waitFor({ timeout: 10_000 })

    const host = createServer((request, response) => {
      response.setHeader("content-type", "text/html")
      response.end(
        `<iframe title="in" style="width:600px;height:600px" src="${request.url === "/form" ? link : `${server.address}/login`}">`,
      )
    })
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve))
    const site = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
    const guest = await browser.newPage()
    await guest.goto(`${site}/form`)
    await guest.frameLocator("iframe").getByLabel("Your name").waitFor()
    await guest.goto(`${site}/login`)
    await guest.waitForTimeout(500)
    expect(await guest.frameLocator("iframe").getByLabel("Email").count()).toBe(0)
    host.close()

    await page.getByRole("switch", { name: "Guests is active" }).click()
    await page.getByText(/It is off: the link/).waitFor()
    await stranger.page.goto(link)
    await stranger.page.getByRole("heading", { name: "There is no such form" }).waitFor()
    stranger.complaints.length = 0
  })
})

describe("the list", () => {
  it("is usable, turns one off, and brings back what was deleted", async () => {
    const { page } = member
    await page.goto("/triggers")
    await page.getByRole("row", { name: "New order" }).waitFor()
    await looksWell(page)
    await page.getByRole("button", { name: "Actions for New order" }).click()
    await page.getByRole("menuitem", { name: "Delete" }).click()
    await page.getByRole("row", { name: "New order" }).waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByRole("row", { name: "New order" }).waitFor()
    await page.goto(`/triggers?kind=schedule`)
    await page.getByRole("row", { name: "Every morning" }).waitFor()
    expect(await page.getByRole("row", { name: "New order" }).count()).toBe(0)
    await page.setViewportSize(phone)
    await looksWell(page)
    await page.setViewportSize(desk)
  })

  it("had nothing to complain about", () => {
    expect(visitors.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
