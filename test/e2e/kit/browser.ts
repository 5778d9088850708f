import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
  type Request,
} from "playwright-core"
import { setTimeout as sleep } from "node:timers/promises"
import axe from "axe-core"

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

export const phone = { width: 390, height: 844 }
export const desk = { width: 1280, height: 800 }

/** Debian's Chromium, or what `npm test` found. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium", args: flags })

/** Requests that a page waits for, and when the last of them ended. */
const traffic = new WeakMap<Page, { open: number; endedAt: number }>()

/** One person's browser, and everything that its pages complained about. */
export class Visitor {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors in the console (broken content policies among them), and what no script caught. */
  readonly complaints: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
  }

  static async arrive(browser: Browser, address: string, viewport = desk): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: address, viewport })
    // A machine that does other things as well is slow, not wrong.
    context.setDefaultTimeout(20_000)
    const visitor = new Visitor(context, await context.newPage())
    visitor.#listen(visitor.page)
    return visitor
  }

  /** One more tab. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage()
    this.#listen(page)
    await page.goto(path)
    return page
  }

  #listen(page: Page): void {
    const requests = { open: 0, endedAt: 0 }
    traffic.set(page, requests)
    page.on("request", (request) => {
      if (!isEndless(request)) requests.open++
    })
    for (const end of ["requestfinished", "requestfailed"] as const) {
      page.on(end as "requestfinished", (request) => {
        if (isEndless(request)) return
        requests.open--
        requests.endedAt = performance.now()
      })
    }
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        this.complaints.push(`${page.url()}: ${message.text()}`)
    })
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error.message}`))
    page.on("response", (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.url()} answered ${response.status()}`)
    })
  }
}

/** A chat's stream ends when somebody leaves the page. */
const isEndless = (request: Request): boolean => /\/chat\/sessions\/[^/]+\/stream/.test(request.url())

/** Waits until nothing on a page moves any more. */
export const still = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    // A change of style begins its transitions with the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const moving = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(moving.map((one) => one.finished))
  })

function isLoading(page: Page): boolean {
  const { open, endedAt } = traffic.get(page) ?? { open: 0, endedAt: 0 }
  return open > 0 || performance.now() - endedAt < 100
}

/** Waits until a page has drawn what it was asked for: nothing is loading, nothing moves. */
export async function settle(page: Page): Promise<void> {
  await page.locator("h1, h2").first().waitFor({ state: "attached" })
  // What one answer leads to is asked for at once, so a tenth of a second without a request is the end.
  while (isLoading(page)) await sleep(20)
  await still(page)
}

/** What axe-core finds wrong with a page as it stands: the rule, and where. All rules, unless some are named. */
export async function violationsOf(page: Page, rules?: string[]): Promise<string[]> {
  // A dialog that is still fading in is none to axe, which then blames what it hides.
  await still(page)
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source)
  return page.evaluate(async (only) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"],
      // Files are fetched for two rules alone, about sound that plays by itself and locked orientation: no page has either.
      preload: false,
      ...(only ? { runOnly: only } : {}),
    })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? node.failureSummary ?? ""}`,
      ),
    )
  }, rules)
}

/** How many pixels the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

/** Everything that the page says, but for how long ago things were. */
export const wordsOf = (page: Page): Promise<string> =>
  page.getByRole("main").evaluate((main) => {
    const copy = main.cloneNode(true) as HTMLElement
    for (const time of copy.querySelectorAll("time")) time.remove()
    return copy.textContent.replaceAll(/\s+/g, " ").trim()
  })

/** How light the page's ground is, from 0 to 1. */
export const lightnessOf = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const paint = document.createElement("canvas").getContext("2d")
    if (!paint) throw new Error("This browser has no canvas.")
    // Laid over each other from the back, as they are on the screen.
    for (const element of [
      document.documentElement,
      document.body,
      ...document.querySelectorAll("#root, main"),
    ]) {
      paint.fillStyle = getComputedStyle(element).backgroundColor
      paint.fillRect(0, 0, 1, 1)
    }
    const [red = 0, green = 0, blue = 0] = paint.getImageData(0, 0, 1, 1).data
    return (red + green + blue) / 3 / 255
  })

/** Walks with Tab, or back with Shift and Tab, until something has the focus. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  await target.first().waitFor()
  for (let presses = 0; presses < 80; presses++) {
    if (await target.first().evaluate((one) => one === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error(`No key leads to ${String(target)}`)
}
