import { rmSync } from "node:fs"
import { chromium, type Browser, type Locator, type Page } from "playwright-core"
import { needChromium } from "../../scripts/lib/chromium.ts"
import { newState, Server } from "../kit/server.ts"
import { Client } from "./client.ts"
import { chatting } from "./flows.ts"
import { median } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

/** Messages of the long chat: a question and an answer each. */
const messages = 5_000
const otherChats = 1_000
const title = "A long chat"
const nth = (n: number): string => `Question ${n} about the harbour`

/** What was asked before the 25 questions that a chat opens with: 2,451 to 2,475. */
const before = /You asked: Question 24(5[1-9]|6\d|7[0-5]) about the harbour/

type Taken = Record<"open" | "linked" | "older" | "shared" | "list" | "search", number[]>

/** A chat of 5,000 messages among 1,000 others, on the real server in Chromium: what a person waits for. */
export async function benchChat(rounds: number): Promise<void> {
  const state = newState()
  const server = await Server.start({ state })
  const browser = await chromium.launch({ executablePath: await needChromium(), args: ["--no-sandbox"] })
  try {
    const client = await Client.register(server.address)
    const since = performance.now()
    const { chat, early } = await fill(client)
    const filled = (performance.now() - since) / 1000
    const shared = await client.share(chat)
    const page = await signedIn(browser, server.address, client.account)
    const taken: Taken = { open: [], linked: [], older: [], shared: [], list: [], search: [] }
    const answer = (n: number) => page.getByRole("log").getByText(`You asked: ${nth(n)}`)
    // The first round warms the browser's cache of scripts, as a person's has them.
    for (let round = -1; round < rounds; round++) {
      const times: Record<keyof Taken, number> = {
        list: await timed(
          () => page.goto("/chat"),
          () => rows(page),
        ),
        open: await timed(
          () => page.getByRole("link", { name: title }).first().click(),
          async () => {
            await answer(messages / 2).waitFor()
            await page.getByRole("textbox", { name: /^Message to/ }).fill("usable")
          },
        ),
        older: await timed(
          () => Promise.resolve(),
          () => scrolledUpTo(page, page.getByRole("log").getByText(before)),
        ),
        linked: await timed(
          () => page.goto(`/chat/${chat}?message=${early}`),
          () => page.getByRole("log").getByText(nth(10), { exact: true }).waitFor(),
        ),
        shared: await timed(
          () => page.goto(shared),
          () => page.getByText(`You asked: ${nth(messages / 2)}`).waitFor(),
        ),
        search: await timed(
          async () => {
            await page.goto("/chat")
            await rows(page)
            await page.getByRole("searchbox", { name: "Search chats" }).fill("question 2345")
          },
          () =>
            page.waitForFunction(() => document.querySelectorAll("nav[aria-label=Chats] li a").length === 1),
        ),
      }
      if (round >= 0) for (const key of Object.keys(taken) as (keyof Taken)[]) taken[key].push(times[key])
    }
    print(taken, filled, await frames(page))
  } finally {
    await browser.close()
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

async function fill(client: Client): Promise<{ chat: string; early: string }> {
  const flow = await client.publish(chatting)
  for (let n = 0; n < otherChats; n++) await client.chat(flow, `Another chat ${n}`)
  const chat = await client.chat(flow, title)
  const questions = Array.from({ length: messages / 2 }, (_, i) => nth(i + 1))
  for (let n = 0; n < questions.length; n += 100) await client.say(chat, questions.slice(n, n + 100))
  // The tenth question has 4,981 messages from it on.
  return { chat, early: await client.messageBefore(chat, messages - 18) }
}

async function signedIn(
  browser: Browser,
  address: string,
  { email, password }: Client["account"],
): Promise<Page> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  await page.goto("/login")
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.keyboard.press("Enter")
  await page.waitForURL("**/flows")
  return page
}

/** Scrolls up until something is there; a chat that is still being opened goes to its end once more. */
async function scrolledUpTo(page: Page, what: Locator): Promise<void> {
  const end = performance.now() + 30_000
  while ((await what.count()) === 0) {
    if (performance.now() > end) throw new Error("What was said before does not come.")
    await page.getByRole("log").evaluate((log) => log.scrollTo(0, 0))
    await page.waitForTimeout(20)
  }
}

const rows = (page: Page): Promise<void> => page.locator("nav[aria-label=Chats] li a").first().waitFor()

async function timed(act: () => Promise<unknown>, until: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await act()
  await until()
  return performance.now() - since
}

/** How long frames take while the list of chats is scrolled from its top to its end. */
async function frames(page: Page): Promise<number[]> {
  await page.goto("/chat")
  await rows(page)
  return page.evaluate(async () => {
    const list = [...document.querySelectorAll("nav[aria-label=Chats] *")].find(
      (one) => one.scrollHeight > one.clientHeight + 50,
    )
    if (!list) return []
    const taken: number[] = []
    let before = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
    for (let still = 0; still < 30;) {
      const top = list.scrollTop
      list.scrollBy(0, 240)
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      taken.push(now - before)
      before = now
      still = list.scrollTop === top ? still + 1 : 0
    }
    return taken
  })
}

function print(taken: Taken, filled: number, scrolled: readonly number[]): void {
  const row = (what: string, times: readonly number[], most: string): string[] => {
    const sorted = times.toSorted((a, b) => a - b)
    return [what, short(median(times)), short(sorted.at(-1) ?? Number.NaN), most]
  }
  const sorted = scrolled.toSorted((a, b) => a - b)
  console.log(`\n${machineLine()}\n`)
  console.log(
    `a chat of ${messages} messages among ${otherChats} others in Chromium, ${taken.open.length} rounds; ms (filled in ${short(filled)} s)\n`,
  )
  console.log(
    table(
      ["what", "median", "slowest", "most"],
      [
        row("the list of chats, from its address", taken.list, ""),
        row("opened from the list: last answer readable, box usable", taken.open, "1,000"),
        row("scrolled up past the first page", taken.older, ""),
        row("a link to its tenth question", taken.linked, ""),
        row("shared, from its address", taken.shared, ""),
        row("found by a word deep in it, page load included", taken.search, ""),
      ],
    ),
  )
  const late = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
  console.log(`\nthe list scrolled to its end: ${sorted.length} frames, p95 ${short(late)} ms\n`)
}
