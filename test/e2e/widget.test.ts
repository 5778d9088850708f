import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { apiKeysApi } from "#core/contract/api-keys"
import { chatApi } from "#core/contract/chat"
import { scenarios } from "#test/kit/llm/openai-scenarios"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { Cutter } from "./kit/cutter.ts"
import { slowestModel, tale } from "./kit/tale.ts"
import { provider, register } from "./kit/world.ts"

let vendor: OpenAiServer
let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let admin: Client
let agents: Record<"teller" | "villain", string>
let shop: Site
let stranger: Site
/** What evil answers would have fetched. */
const canary: string[] = []

/** Somebody's own site: one page with our tag in it, under a policy that allows us and nothing else. */
class Site {
  readonly origin: string
  readonly close: () => void
  tag = ""

  private constructor(origin: string, close: () => void) {
    this.origin = origin
    this.close = close
  }

  static async open(): Promise<Site> {
    let site: Site | undefined
    const host = createServer((request, response) => {
      if (request.url?.startsWith("/canary")) canary.push(request.url)
      const src = /src="(http:\/\/[^/"]+)/.exec(site?.tag ?? "")?.[1] ?? "'none'"
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": `default-src 'none'; img-src 'self'; script-src ${src}; connect-src ${src}; base-uri 'none'`,
      })
      response.end(
        `<!doctype html><html lang="en"><head><title>Shop</title><meta name="viewport" content="width=device-width"></head>
         <body><main><h1>Our shop</h1><p>Tea, and more tea.</p></main>${site?.tag}</body></html>`,
      )
    })
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve))
    const { port } = host.address() as AddressInfo
    site = new Site(`http://127.0.0.1:${port}`, () => host.close())
    return site
  }
}

const villain = "e2e-villain"

beforeAll(async () => {
  shop = await Site.open()
  stranger = await Site.open()
  scenarios[villain] = {
    about: "says what would do harm where it is believed",
    text: () =>
      [
        `<img src="${shop.origin}/canary-html" onerror="alert(1)">`,
        `<script>alert(2)</script>`,
        `![picture](${shop.origin}/canary-markdown)`,
        `[press](javascript:alert(3)) [data](data:text/html,<script>alert(4)</script>)`,
        `<svg onload=alert(5)><iframe srcdoc="<script>alert(6)</script>">`,
        "",
        "| <b onmouseover=alert(7)>x</b> |\n| - |\n| `<img src=x onerror=alert(8)>` |",
        "Done **being** evil.",
      ].join("\n"),
  }
  vendor = await startOpenAiServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  server = started.server
  end = started.end
  browser = await launch()
  admin = (await register(await Client.of(server.address))).admin
  const account = await provider(admin, vendor)
  const agent = async (name: string, model: string) => {
    const body = { name, role: name, model, llm_provider_id: account }
    return (await admin.ask(agentsApi.create.reply, "POST", "/agents", { body })).agent.id
  }
  agents = { teller: await agent("Teller", slowestModel), villain: await agent("Villain", villain) }
})
afterAll(async () => {
  await browser?.close()
  await end()
  await vendor.close()
  shop.close()
  stranger.close()
})

async function keyFor(agent_id: string): Promise<{ id: string; secret: string }> {
  const body = { name: "Shop", scopes: ["chat.write"], restrictions: { agent_id, origins: [shop.origin] } }
  const made = await admin.ask(apiKeysApi.create.reply, "POST", "/api-keys", { body })
  return { id: made.api_key.id, secret: made.secret }
}

const tagOf = (key: string, more = "", from = server.address): string =>
  `<script src="${from}/widget.js" data-key="${key}" ${more} async></script>`

/** Somebody who visits a site with our tag in it. */
async function visit(site: Site, tag: string, size?: { width: number; height: number }) {
  site.tag = tag
  const visitor = await Visitor.arrive(browser, site.origin, size)
  const dialogs: string[] = []
  visitor.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await visitor.page.goto("/")
  return { page: visitor.page, complaints: visitor.complaints, dialogs }
}

const bubble = (page: Page) => page.getByRole("button", { name: /^Open the chat/ })
const box = (page: Page) => page.getByRole("textbox", { name: "Write a message" })
const words = (page: Page) => page.locator("edgecrew-chat .words")

async function ask(page: Page, text: string): Promise<void> {
  await bubble(page).click()
  await box(page).fill(text)
  await page.keyboard.press("Enter")
}

describe("the widget on a site of its own", () => {
  it("asks, streams, and goes on in the middle of an answer after a reload", async () => {
    const { secret } = await keyFor(agents.teller)
    const { page, complaints } = await visit(shop, tagOf(secret))
    await ask(page, "Tell me a tale")
    await expect.poll(() => words(page).textContent(), { timeout: 20_000 }).toMatch(/^word1 word2/)
    const early = (await words(page).textContent()) ?? ""
    expect(early.length).toBeLessThan(tale.length)
    await page.reload()
    await bubble(page).click()
    await expect.poll(() => words(page).textContent(), { timeout: 30_000 }).toBe(tale)
    await expect
      .poll(() => page.locator("edgecrew-chat .message.user").allTextContents())
      .toEqual(["Tell me a tale"])
    expect(complaints).toEqual([])
  })

  it("comes to the same text on a line that is cut every 200 ms", async () => {
    const cutter = await Cutter.before(server.address, 200)
    try {
      const { secret } = await keyFor(agents.teller)
      const { page } = await visit(shop, tagOf(secret, "", cutter.address))
      await ask(page, "Tell me a tale")
      await expect.poll(() => words(page).textContent(), { timeout: 30_000 }).toBe(tale)
      expect(cutter.cuts).toBeGreaterThan(2)
    } finally {
      await cutter.close()
    }
  })

  it("is refused on a site that its key does not name, and keeps what was written", async () => {
    const { secret } = await keyFor(agents.teller)
    const { page } = await visit(stranger, tagOf(secret))
    await ask(page, "Hello?")
    await page.getByRole("alert").waitFor()
    await expect.poll(() => box(page).inputValue()).toBe("Hello?")
    expect(await words(page).count()).toBe(0)
  })

  it("is refused once its key is revoked, in a chat that had begun too", async () => {
    const { id, secret } = await keyFor(agents.villain)
    const { page } = await visit(shop, tagOf(secret))
    await ask(page, "Hello")
    await expect.poll(() => words(page).textContent(), { timeout: 20_000 }).toContain("Done being evil.")
    await admin.do("DELETE", `/api-keys/${id}`)
    await expect
      .poll(
        async () => {
          await box(page).fill("Still there?")
          await page.keyboard.press("Enter")
          // What was sent stands in the box, and cannot be changed, until it is answered.
          await expect.poll(() => box(page).isEditable()).toBe(true)
          return page.getByRole("alert").isVisible()
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toBe(true)
    await expect.poll(() => box(page).inputValue()).toBe("Still there?")
  })

  it("shows what a model says as words: nothing of it runs, nothing is fetched", async () => {
    const { secret } = await keyFor(agents.villain)
    const { page, dialogs, complaints } = await visit(shop, tagOf(secret))
    canary.length = 0
    await ask(page, "<img src=x onerror=alert(9)>")
    await expect.poll(() => words(page).textContent(), { timeout: 20_000 }).toContain("Done being evil.")
    const chat = page.locator("edgecrew-chat")
    expect(await chat.locator("img, script, iframe, svg[onload], [onmouseover], [onerror]").count()).toBe(0)
    const links = await chat
      .locator("a")
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href))
    expect(links.every((href) => href.startsWith(shop.origin))).toBe(true)
    expect([dialogs, canary, complaints]).toEqual([[], [], []])
  })

  it("is worked with keys alone", async () => {
    const { secret } = await keyFor(agents.teller)
    const { page } = await visit(shop, tagOf(secret))
    await bubble(page).waitFor()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "Stop" }).waitFor()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.getByText("Stopped", { exact: true }).waitFor()
    await expect.poll(() => page.locator("edgecrew-chat .message.user").textContent()).toBe("one\ntwo")
    await page.keyboard.press("Escape")
    expect(await page.getByRole("dialog").count()).toBe(0)
    await page.keyboard.press("Enter")
    await page.getByRole("dialog").waitFor()
  })

  it.each(["light", "dark"] as const)(
    "is readable and without flaws for axe, on a desk and a phone, %s",
    async (colorScheme) => {
      const { secret } = await keyFor(agents.villain)
      for (const size of [{ width: 1440, height: 900 }, phone]) {
        const { page, complaints } = await visit(shop, tagOf(secret, 'data-title="Shop help"'), size)
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
        await ask(page, "Hello")
        await expect.poll(() => words(page).textContent(), { timeout: 20_000 }).toContain("Done being evil.")
        expect(await violationsOf(page)).toEqual([])
        const panel = await page.getByRole("dialog", { name: "Shop help" }).boundingBox()
        expect(panel!.x).toBeGreaterThanOrEqual(0)
        expect(panel!.x + panel!.width).toBeLessThanOrEqual(size.width)
        expect(panel!.y).toBeGreaterThanOrEqual(0)
        expect(await overflowOf(page)).toBeLessThanOrEqual(0)
        if (process.env["EDGECREW_SHOTS"])
          await page.screenshot({
            path: `${process.env["EDGECREW_SHOTS"]}/widget-${colorScheme}-${size.width}.png`,
          })
        expect(complaints).toEqual([])
      }
    },
  )

  it("leaves the chat with the tenant, by its key", async () => {
    const { sessions } = await admin.ask(chatApi.list.reply, "GET", "/chat/sessions?limit=200")
    expect(sessions.length).toBeGreaterThan(5)
    expect(sessions.every((one) => one.created_by.startsWith("key_"))).toBe(true)
  })
})
