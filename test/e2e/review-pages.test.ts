import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { reviewsApi } from "#core/contract/reviews"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { join } from "./kit/member.ts"
import { signIn } from "./kit/sign-in.ts"
import { publish, register, summary, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let flow: string
/** The author, an admin, and an editor of the same workspace. */
let [ana, ben]: Visitor[] = []
let author: Page
let reviewer: Page

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  const stranger = await Client.of(server.address)
  acme = await register(stranger)
  const colleague = await join(server, acme, "editor", "Ben")
  flow = await publish(acme.admin, summary({}, "Mails"))
  const size = { width: 1440, height: 900 }
  ana = await Visitor.arrive(browser, server.address, size)
  ben = await Visitor.arrive(browser, server.address, size)
  ;[author, reviewer] = [ana.page, ben.page]
  for (const page of [author, reviewer]) await page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(author, acme)
  await signIn(reviewer, colleague)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })
const dialog = (page: Page) => page.getByRole("dialog")

async function edit(prompt: string): Promise<void> {
  const { flow: was } = await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)
  const { name, description, edges, input_schema, settings } = was
  const nodes = was.nodes.map((one) => (one.id === "draft" ? { ...one, data: { prompt } } : one))
  await acme.admin.ask(flowsApi.update.reply, "PUT", `/flows/${flow}`, {
    body: { name, description, nodes, edges, input_schema, settings },
  })
}

describe("a draft that somebody else must approve", () => {
  inTurn()

  it("is what an admin sets for the workspace", async () => {
    await author.goto("/settings/workspace")
    const rule = author.getByRole("switch", { name: "Review before publishing" })
    await rule.click()
    await expect.poll(() => rule.isChecked()).toBe(true)
    await author.reload()
    await expect.poll(() => rule.isChecked()).toBe(true)
    await settle(author)
    expect(await violationsOf(author)).toEqual([])
    await reviewer.goto("/settings")
    await settle(reviewer)
    expect(await reviewer.getByRole("link", { name: "Workspace", exact: true }).count()).toBe(0)
  })

  it("is asked about in the place of publishing", async () => {
    await edit("Summarise this letter in two sentences: {{ input.text }}")
    await author.goto(`/flows/${flow}`)
    await button(author, "Ask for a review").click()
    await dialog(author).getByLabel("Note").waitFor()
    await settle(author)
    expect(await violationsOf(author)).toEqual([])
    await dialog(author).getByLabel("Note").fill("Letters instead of mails")
    await dialog(author).getByText("Its models cost nothing.").waitFor()
    await dialog(author).getByRole("button", { name: "Ask for a review", exact: true }).click()
    await author.getByRole("link", { name: "Waits for review" }).waitFor()
    expect(await button(author, "Publish version 2").count()).toBe(0)
  })

  it("is marked in the list, which shows those alone on request", async () => {
    await reviewer.goto("/flows?status=review")
    const row = reviewer.getByRole("row", { name: /Mails/ })
    await row.getByText("Waits for review").waitFor()
    await settle(reviewer)
    expect(await violationsOf(reviewer)).toEqual([])
  })

  it("is refused with a reason by who sees what changed, what is wrong and what it costs", async () => {
    await reviewer.goto(`/flows/${flow}`)
    await reviewer.getByRole("link", { name: "Review this draft" }).click()
    const review = reviewer.getByRole("region", { name: "Review", exact: true })
    await review.getByText("Letters instead of mails").waitFor()
    await review.getByText("No problems").waitFor()
    await review.getByText("Its models cost nothing.").waitFor()
    await reviewer
      .getByRole("complementary", { name: "Changes" })
      .getByText(/prompt/)
      .first()
      .waitFor()
    await settle(reviewer)
    expect(await violationsOf(reviewer)).toEqual([])
    await button(reviewer, "Refuse").click()
    await dialog(reviewer).getByRole("button", { name: "Refuse", exact: true }).click()
    await dialog(reviewer).getByText("Say what must change").waitFor()
    await dialog(reviewer).getByLabel("Reason").fill("Two sentences are too many")
    await dialog(reviewer).getByRole("button", { name: "Refuse", exact: true }).click()
    await review.getByText("Two sentences are too many").waitFor()
  })

  it("is read by the author, changed and asked about again", async () => {
    await author.goto(`/flows/${flow}`)
    await author.getByRole("link", { name: "Refused" }).click()
    await author.getByText("Two sentences are too many").waitFor()
    expect(await button(author, "Approve").count()).toBe(0)
    await edit("Summarise this letter in one sentence: {{ input.text }}")
    // What was to be changed is there to be read while it is done.
    await author.goto(`/flows/${flow}`)
    await author.getByRole("link", { name: "Refused" }).click()
    await author.getByText("Changed since it was refused").waitFor()
    await author.getByText("Two sentences are too many").waitFor()
    await author.goto(`/flows/${flow}`)
    await button(author, "Ask for a review").click()
    await dialog(author).getByRole("button", { name: "Ask for a review", exact: true }).click()
    await author.getByRole("link", { name: "Waits for review" }).waitFor()
  })

  it("is approved on a phone, and then published", async () => {
    await reviewer.setViewportSize(phone)
    await reviewer.goto(`/flows/${flow}/review`)
    await button(reviewer, "Approve").waitFor()
    await settle(reviewer)
    expect(await overflowOf(reviewer)).toBe(0)
    expect(await violationsOf(reviewer)).toEqual([])
    await button(reviewer, "Approve").click()
    await dialog(reviewer).getByRole("button", { name: "Approve", exact: true }).click()
    await reviewer.getByText("Approved", { exact: true }).waitFor()
    await author.goto(`/flows/${flow}`)
    await button(author, "Publish version 2").click()
    await author.getByRole("dialog").getByRole("button", { name: "Publish version 2" }).click()
    await expect
      .poll(
        async () =>
          (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow.published_version,
      )
      .toBe(2)
    const { reviews } = await acme.admin.ask(reviewsApi.list.reply, "GET", `/flows/${flow}/reviews`)
    expect(reviews.map(({ status, published_as }) => [status, published_as])).toEqual([
      ["approved", 2],
      ["refused", null],
    ])
  })

  it("says so where nothing waits", async () => {
    await reviewer.goto(`/flows/${flow}/review`)
    await reviewer.getByText("Nothing waits for a review").waitFor()
    expect([ana, ben].flatMap((one) => one?.complaints ?? []).filter((one) => !one.includes("400"))).toEqual(
      [],
    )
  })
})
