import type { Browser, Page } from "playwright-core"
import { createServer } from "node:http"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chatApi } from "#core/contract/chat"
import { farHost, xssPayloads } from "#test/kit/xss-payloads"
import { desk, launch, phone, settle, type Visitor } from "./kit/browser.ts"
import { CrewStage, plays } from "./kit/crew-stage.ts"
import { everything, furnishHostile } from "./kit/hostile-house.ts"
import { answered } from "./kit/world.ts"

/** A picture that would do more than be one, if it were let. */
const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" onload="parent.xss(1)"><script>parent.xss(2)</script><rect width="200" height="100"/></svg>'

/** How long a page is given to draw what it was asked for. */
const longestMs = 2_000

let stage: CrewStage
let browser: Browser
let page: Page
let visitor: Visitor
let places: string[]
let outside: string[]
/** Dialogs, and requests that went anywhere but to the product. */
const strange: string[] = []

beforeAll(async () => {
  stage = await CrewStage.set({ EDGECREW_SANDBOX: "1" })
  ;({ places, outside } = await furnishHostile(stage))
  browser = await launch()
  ;({ page, visitor } = await stage.visit(browser, desk))
  await visitor.context.addInitScript(() => {
    const found: number[] = []
    Object.assign(window, { xss: (n: number) => void found.push(n), xssFound: found })
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      ;(found as unknown[]).push(`${violatedDirective} ${blockedURI}`)
    })
  })
  visitor.context.on("request", (request) => {
    if (!request.url().startsWith(stage.server.address) && !/^(?:data|blob|about):/.test(request.url()))
      strange.push(request.url())
  })
  page.on("dialog", (dialog) => {
    strange.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await stage?.strike()
})

/** What a page shows of the payloads as words, and what in it could do more than words can. */
const inspect = () =>
  page.evaluate((far) => {
    const fields = [...document.querySelectorAll("input, textarea")].map(
      (one) => (one as HTMLInputElement).value,
    )
    const words = [document.body.textContent, ...fields].join("\n")
    const live = [...document.querySelectorAll("*")].flatMap((one) =>
      one
        .getAttributeNames()
        .filter(
          (name) =>
            name.startsWith("on") ||
            (/^(?:src|srcset|href|xlink:href|action|formaction|data|poster|background|ping|style)$/.test(
              name,
            ) &&
              /^\s*(?:javascript|vbscript|data:text)|url\(/i.test(one.getAttribute(name) ?? "")) ||
            (/^(?:src|srcset|data|poster|background|ping|action|formaction)$/.test(name) &&
              one.getAttribute(name)?.includes(far)),
        )
        .map((name) => `<${one.tagName} ${name}=${one.getAttribute(name)}>`),
    )
    const strangers = [
      ...document.querySelectorAll("script, iframe, object, embed, base, meta[http-equiv], link, style"),
    ]
      .filter((one) => /xss\(/.test(one.outerHTML) || one.outerHTML.includes(far))
      .map((one) => one.outerHTML.slice(0, 200))
    const ran = (window as unknown as { xssFound: unknown[] }).xssFound
    return { shows: /xss\(|edgecrew-nowhere/.test(words), live: [...live, ...strangers], ran }
  }, farHost)

async function expectWords(place: string, mustShow: boolean): Promise<void> {
  await page.goto(place)
  // A page that follows something that is not over yet never comes to rest.
  await Promise.race([settle(page), sleep(longestMs)])
  // Whoever waits for a pointer gets one.
  await page.mouse.move(300, 300)
  const { shows, live, ran } = await inspect()
  expect([place, live, ran, strange]).toEqual([place, [], [], []])
  if (mustShow) expect([place, shows]).toEqual([place, true])
}

/** Pages that show none of what was written: they have the search alone. */
const isBare = (place: string): boolean => /\?(?:q|search)=/.test(place)

describe(`${xssPayloads.length} payloads in every text that pages show`, () => {
  it("are many, and each is one of its own", () => {
    expect(new Set(xssPayloads).size).toBeGreaterThanOrEqual(150)
    expect(everything).toContain("xss(160)")
  })

  it("[A3] are words on every page of a tenant", { timeout: 300_000 }, async () => {
    for (const place of places) await expectWords(place, !isBare(place))
  })

  it("[A3] are words on a phone", { timeout: 300_000 }, async () => {
    await page.setViewportSize(phone)
    for (const place of places.filter((one) => !one.includes("?"))) await expectWords(place, true)
    await page.setViewportSize(desk)
  })

  it("[A3] are words for strangers: a form, a question by its link, a chat that is shared", async () => {
    expect(outside.every((place) => place !== "")).toBe(true)
    for (const place of outside) await expectWords(place, true)
  })

  it("[A3] are words in what is searched for, and no place to go to", { timeout: 300_000 }, async () => {
    const told = [
      "/flows?search=",
      "/executions?search=",
      "/traces?q=",
      "/agents?search=",
      "/docs?q=",
      "/login?next=",
      "/",
    ]
    for (const [i, payload] of xssPayloads.entries())
      if (i % 6 === 0)
        await expectWords(`${told[(i / 6) % told.length]}${encodeURIComponent(payload)}`, false)
    for (const next of [
      "javascript:xss(1)",
      `//${farHost}`,
      `https://${farHost}`,
      `/\\${farHost}`,
      "data:text/html,x",
    ]) {
      await expectWords(`/login?next=${encodeURIComponent(next)}`, false)
      expect(page.url().startsWith(stage.server.address)).toBe(true)
    }
  })

  it("have made no page complain", () => {
    // An address that is no page's is a page that is not found; the browser says so.
    expect(visitor.complaints.filter((one) => !one.includes("status of 404"))).toEqual([])
  })
})

describe("a picture from elsewhere in a chat", () => {
  it("is asked for when somebody presses it, once, without a word of who asks, and by nothing else", async () => {
    const asked: { url: string | undefined; referer: string | undefined; cookie: string | undefined }[] = []
    const far = createServer(({ url, headers }, response) => {
      asked.push({ url, referer: headers.referer, cookie: headers.cookie })
      response.writeHead(200, { "content-type": "image/svg+xml" }).end(drawing)
    })
    far.listen(0, "127.0.0.1")
    await once(far, "listening")
    const bound = far.address()
    // Another host than the product's: cookies know no ports.
    const from = `localhost:${typeof bound === "object" && bound ? bound.port : 0}`
    try {
      plays("e2e-picture", [
        { text: `Look: ![A harbour](http://${from}/harbour.png?who=you) and ![](http://${from}/other.png)` },
      ])
      const agent = await stage.agent("Painter", "e2e-picture")
      const { admin } = stage.tenant
      const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", {
        body: { agent_id: agent },
      })
      await answered(admin, session.id, "Show me.")
      await page.goto(`/chat/${session.id}`)
      const button = page
        .getByRole("log")
        .getByRole("button", { name: `A harbour · Load picture from ${from}` })
      await button.waitFor()
      await button.hover()
      await button.focus()
      await settle(page)
      expect(asked).toEqual([])
      await button.click()
      await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1)
      await page.frameLocator("iframe").locator("img").waitFor()
      await settle(page)
      expect((await inspect()).ran).toEqual([])
      expect(asked).toEqual([{ url: "/harbour.png?who=you", referer: undefined, cookie: undefined }])
      // The other one still waits, and so does this one when the page is opened again.
      await page.reload()
      await page
        .getByRole("button", { name: /Load picture from/ })
        .first()
        .waitFor()
      await settle(page)
      expect(asked).toHaveLength(1)
    } finally {
      far.close()
      far.closeAllConnections()
    }
  })
})
