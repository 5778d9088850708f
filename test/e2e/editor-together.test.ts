import type { Browser, Page, WebSocketRoute } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { startFresh, type Server } from "#test/kit/server"
import { launch, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { join } from "./kit/member.ts"
import { signIn } from "./kit/sign-in.ts"
import { chain, create, register, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let ben: Tenant

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  ben = await join(server, acme, "editor", "Ben")
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const patient = { timeout: 10_000, interval: 100 }

async function arrive(who: Tenant, flow: string): Promise<Visitor> {
  const one = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  await one.page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(one.page, who)
  await open(one.page, flow)
  return one
}

async function open(page: Page, flow: string): Promise<void> {
  await page.goto(`/flows/${flow}`)
  await page.locator(".react-flow__node").first().waitFor()
  await settle(page)
  await page.getByText(/^Saved/).waitFor()
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"]
  if (folder === undefined) return
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: "light" })
}

const drawing = (name: string) => ({
  name,
  ...chain(
    { id: "input", type: "input", data: {} },
    { id: "ask", type: "llm", data: { prompt: "Say hello" } },
    { id: "work", type: "code", data: { source: "export default (input) => input\n" } },
    { id: "result", type: "output", data: {} },
  ),
})

const select = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`).click()

const dataOf = async (flow: string, id: string) =>
  (await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow.nodes.find((one) => one.id === id)
    ?.data

describe("who is here", () => {
  it("shows other people once, and one's own second window as nobody", async () => {
    const flow = await create(acme.admin, drawing("Here"))
    const one = await arrive(acme, flow)
    const own = await one.open(`/flows/${flow}`)
    await own.getByText(/^Saved/).waitFor()
    const two = await arrive(ben, flow)
    await one.page.getByRole("button", { name: "Follow Ben" }).waitFor()
    await expect
      .poll(() => one.page.getByRole("list", { name: "Also here" }).getByRole("listitem").count())
      .toBe(1)
    await expect
      .poll(() => two.page.getByRole("list", { name: "Also here" }).getByRole("listitem").count())
      .toBe(1)
    expect(await violationsOf(one.page)).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })
})

describe("comments", () => {
  inTurn()
  let flow: string
  let one: Visitor
  let two: Visitor
  const threads = (page: Page) => page.getByRole("list", { name: "Threads" }).locator("[data-thread]")

  it("stand on a node, call somebody by name, and are with the other at once", async () => {
    flow = await create(acme.admin, drawing("Talk"))
    ;[one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    await select(one.page, "ask")
    await one.page.getByRole("button", { name: /^Comments/ }).click()
    const field = one.page.getByRole("textbox", { name: /^Comment on/ })
    await field.pressSequentially("Too short, @be")
    await one.page.getByRole("option", { name: "Ben" }).waitFor()
    await field.press("Enter")
    await expect.poll(() => field.inputValue(), patient).toBe("Too short, @Ben ")
    await field.pressSequentially("what do you think?")
    await field.press("Control+Enter")
    await threads(one.page).getByText("what do you think?").waitFor()

    await two.page.getByRole("button", { name: "1 open comment", exact: true }).waitFor()
    await two.page.getByRole("button", { name: "Comments, 1 open, some new" }).click()
    await two.page.getByText("For you 1").click()
    await threads(two.page).getByText("@Ben").waitFor()
    expect(await violationsOf(two.page)).toEqual([])
    await shoot(two.page, "comments")
  })

  it("are answered, settled and opened again, and one's own are written anew", async () => {
    await two.page.getByRole("button", { name: "Reply" }).click()
    await two.page.getByRole("textbox", { name: "Reply" }).fill("I agree")
    await two.page.getByRole("button", { name: "Reply" }).click()
    await threads(one.page).getByText("I agree").waitFor()
    await two.page.getByRole("button", { name: "Comment of Ben" }).click()
    await two.page.getByRole("menuitem", { name: "Edit" }).click()
    await two.page.getByRole("textbox", { name: "Your comment" }).fill("I agree with all of it")
    await two.page.getByRole("button", { name: "Save" }).click()
    await threads(one.page).getByText("I agree with all of it").waitFor()
    await one.page.getByRole("button", { name: "Resolve" }).click()
    await two.page.getByText("Nobody asks for you").waitFor()
    await two.page.getByRole("button", { name: "1 open comment", exact: true }).waitFor({ state: "detached" })
    await two.page.getByText("Resolved", { exact: true }).click()
    await two.page.getByRole("button", { name: "Reopen" }).click()
    await threads(one.page).getByText("I agree with all of it").waitFor()
  })

  it("stay when their node goes, and an admin takes away another's", async () => {
    await one.page.locator('.react-flow__node[data-id="ask"]').focus()
    await one.page.keyboard.press("Delete")
    await two.page.getByText("Open", { exact: true }).click()
    await threads(two.page).getByText("A node that was deleted").waitFor()
    await one.page.getByText("A node that was deleted").waitFor()
    // Ben has no say over the admin's words.
    await expect.poll(() => two.page.getByRole("button", { name: /^Comment of/ }).count()).toBe(1)
    await one.page.getByRole("button", { name: "Comment of Ben" }).click()
    await one.page.getByRole("menuitem", { name: "Delete" }).click()
    await one.page.getByRole("button", { name: "Delete comment" }).click()
    await threads(two.page).getByText("I agree with all of it").waitFor({ state: "detached" })
    await one.page.getByRole("textbox", { name: "Comment on the flow" }).fill("The whole of it is nice")
    await one.page.getByRole("button", { name: "Comment", exact: true }).click()
    await threads(two.page).getByText("The whole of it is nice").waitFor()
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await two.page.setViewportSize(phone)
    await threads(two.page).getByText("The whole of it is nice").waitFor()
    expect(await violationsOf(two.page)).toEqual([])
    await shoot(two.page, "comments-phone")
    await Promise.all([one.context.close(), two.context.close()])
  })
})

describe("comments about a place", () => {
  it("stand on the canvas for both, where they were made, and lead to their thread by keys", async () => {
    const flow = await create(acme.admin, drawing("Places"))
    const [one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    await one.page.getByLabel("Flow canvas").click({ button: "right", position: { x: 300, y: 120 } })
    await one.page.getByRole("menuitem", { name: "Comment here" }).click()
    const field = one.page.getByRole("textbox", { name: "Comment on this place" })
    await expect.poll(() => field.evaluate((it) => it === document.activeElement), patient).toBe(true)
    await field.pressSequentially("Leave room for the answer")
    await field.press("Control+Enter")
    const pin = (page: Page) => page.getByRole("button", { name: "Comment here: Leave room for the answer" })
    const canvas = (await one.page.getByLabel("Flow canvas").boundingBox())!
    await expect
      .poll(async () => {
        const { x, y, height } = (await pin(one.page).boundingBox())!
        return [Math.abs(x - canvas.x - 300) < 3, Math.abs(y + height - canvas.y - 120) < 3]
      }, patient)
      .toEqual([true, true])
    // Nodes move past it.
    const before = await pin(two.page).boundingBox()
    await select(one.page, "input")
    await one.page.locator('.react-flow__node[data-id="input"]').focus()
    await one.page.keyboard.press("Shift+ArrowDown")
    await one.page.getByText(/^Saved/).waitFor()
    expect(await pin(two.page).boundingBox()).toEqual(before)
    await pin(two.page).focus()
    await two.page.keyboard.press("Enter")
    const thread = two.page.getByRole("list", { name: "Threads" }).locator("[data-thread]")
    await expect.poll(() => thread.evaluate((it) => it === document.activeElement), patient).toBe(true)
    expect(await violationsOf(two.page)).toEqual([])
    await shoot(two.page, "comment-place")
    await two.page.keyboard.press("Escape")
    await expect.poll(() => pin(two.page).evaluate((it) => it === document.activeElement), patient).toBe(true)
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })
})

describe("named versions", () => {
  it("keep what the draft was; restored for everybody, and taken back like any step", async () => {
    const flow = await create(acme.admin, drawing("Named"))
    const [one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    const count = (page: Page) => page.locator(".react-flow__node").count()
    await one.page.getByRole("button", { name: /published$/ }).click()
    await one.page.getByLabel("Versions shown").getByText("Named", { exact: true }).click()
    await one.page.getByLabel("Name of the draft as it is now").fill("Before the cut")
    await one.page.getByRole("button", { name: "Keep" }).click()
    await one.page
      .getByRole("list", { name: "Named versions" })
      .getByText("Before the cut", { exact: true })
      .waitFor()
    expect(await violationsOf(one.page)).toEqual([])
    await shoot(one.page, "versions")
    await two.page.locator('.react-flow__node[data-id="work"]').focus()
    await two.page.keyboard.press("Enter")
    await two.page.keyboard.press("Escape")
    await two.page.locator('.react-flow__node[data-id="work"]').click()
    await two.page.getByRole("button", { name: "Delete node" }).click()
    await expect.poll(() => count(one.page), patient).toBe(3)
    await one.page.getByRole("link", { name: "Compare with the draft" }).click()
    await one.page.getByText("1 removed").waitFor()
    expect(await violationsOf(one.page)).toEqual([])
    await shoot(one.page, "versions-compared")
    await open(one.page, flow)
    await one.page.getByRole("button", { name: /published$/ }).click()
    await one.page.getByLabel("Versions shown").getByText("Named", { exact: true }).click()
    // The server does it, so that its audit log says who did.
    const told = one.page.waitForResponse((reply) => reply.url().endsWith("/restore"))
    await one.page.getByRole("button", { name: "Restore" }).click()
    expect((await told).status()).toBe(200)
    await expect.poll(() => count(two.page), patient).toBe(4)
    await one.page.getByRole("button", { name: "Undo", exact: true }).first().click()
    await expect.poll(() => count(two.page), patient).toBe(3)
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })
})

describe("long texts", () => {
  const prompt = (page: Page) => page.getByRole("textbox", { name: "Prompt", exact: true })

  it("are written by two at once, each with their caret and their own undo", async () => {
    const flow = await create(acme.admin, drawing("Prompt"))
    const [one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    await Promise.all([select(one.page, "ask"), select(two.page, "ask")])
    await prompt(one.page).press("Home")
    await prompt(two.page).press("End")
    await one.page.locator('[data-caret-of="Ben"]').waitFor()
    await Promise.all([
      prompt(one.page).pressSequentially("Please. ", { delay: 20 }),
      prompt(two.page).pressSequentially(", and be kind", { delay: 20 }),
    ])
    const both = "Please. Say hello, and be kind"
    await expect.poll(() => prompt(one.page).inputValue(), patient).toBe(both)
    await expect.poll(() => prompt(two.page).inputValue(), patient).toBe(both)
    await one.page.getByText(/^Saved/).waitFor()
    await expect.poll(async () => (await dataOf(flow, "ask"))?.["prompt"], patient).toBe(both)
    expect(await violationsOf(one.page)).toEqual([])
    await shoot(one.page, "prompt")
    const others = "Say hello, and be kind"
    /** A typist who paused has words in more than one step: they go back, or forth, until all are. */
    const until = async (text: string, step: () => Promise<void>): Promise<void> => {
      for (let i = 0; i < 8 && (await prompt(one.page).inputValue()) !== text; i++) await step()
      await expect.poll(() => prompt(two.page).inputValue(), patient).toBe(text)
    }
    await until(others, () => prompt(one.page).press("Control+z"))
    await until(both, () => prompt(one.page).press("Control+Shift+z"))
    // The canvas takes back the last thing too, whatever it was.
    await until(others, () => one.page.getByRole("button", { name: "Undo", exact: true }).first().click())
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })

  it("are code with the other's caret in it", async () => {
    const flow = await create(acme.admin, drawing("Code"))
    const [one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    await Promise.all([select(one.page, "work"), select(two.page, "work")])
    const code = (page: Page) => page.locator(".cm-content")
    await code(one.page).press("Control+Home")
    await code(two.page).press("Control+End")
    await one.page.locator('[data-caret-of="Ben"]').waitFor()
    await code(one.page).pressSequentially("// By Ada\n", { delay: 15 })
    await code(two.page).pressSequentially("// By Ben", { delay: 15 })
    const whole = "// By Ada\nexport default (input) => input\n// By Ben"
    await expect.poll(async () => (await dataOf(flow, "work"))?.["source"], patient).toBe(whole)
    const lines = (page: Page) => page.locator(".cm-line").allInnerTexts()
    for (const { page } of [one, two])
      await expect
        .poll(async () => (await lines(page)).map((line) => line.trim()), patient)
        .toEqual(whole.split("\n"))
    expect(await violationsOf(one.page)).toEqual([])
    await shoot(one.page, "code")
    await code(one.page).press("Control+z")
    await expect
      .poll(async () => (await dataOf(flow, "work"))?.["source"], patient)
      .toBe("export default (input) => input\n// By Ben")
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })

  it("are notes, by one on the canvas and by another in the panel", async () => {
    const note = { id: "memo", type: "note", position: { x: 0, y: 200 }, data: { text: "Ask Ana" } }
    const drawn = drawing("Notes")
    const flow = await create(acme.admin, { ...drawn, nodes: [...drawn.nodes, note] })
    const [one, two] = await Promise.all([arrive(acme, flow), arrive(ben, flow)])
    await one.page.locator('.react-flow__node[data-id="memo"]').dblclick()
    await select(two.page, "memo")
    const sheet = one.page.getByRole("textbox", { name: "Note", exact: true })
    const field = two.page.getByRole("textbox", { name: "Text", exact: true })
    await sheet.press("Control+Home")
    await field.press("Control+End")
    // On the canvas, and in this person's own panel beside it.
    await expect.poll(() => one.page.locator('[data-caret-of="Ben"]').count(), patient).toBe(2)
    await Promise.all([
      sheet.pressSequentially("First: ", { delay: 20 }),
      field.pressSequentially(", then *Ben*", { delay: 20 }),
    ])
    const both = "First: Ask Ana, then *Ben*"
    await expect.poll(() => sheet.inputValue(), patient).toBe(both)
    await expect.poll(() => field.inputValue(), patient).toBe(both)
    await expect.poll(async () => (await dataOf(flow, "memo"))?.["text"], patient).toBe(both)
    expect(await violationsOf(one.page)).toEqual([])
    expect(await violationsOf(two.page)).toEqual([])
    await shoot(one.page, "note-sheet")
    await shoot(two.page, "note-panel")
    await sheet.press("Control+z")
    await expect.poll(() => field.inputValue(), patient).toBe("Ask Ana, then *Ben*")
    await sheet.press("Escape")
    await one.page.locator('.react-flow__node[data-id="memo"]').getByText("Ask Ana, then").waitFor()
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await Promise.all([one.context.close(), two.context.close()])
  })

  it("keep every letter that is typed while they open, however slow the machine", async () => {
    const flow = await create(acme.admin, drawing("Hurry"))
    const one = await arrive(acme, flow)
    const { page } = one
    const cdp = await one.context.newCDPSession(page)
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 3 })
    const words = 'export default ({ table }) => "tried " + typeof table'
    for (const field of ["prompt", "source"] as const) {
      const [node, place] = field === "prompt" ? ["ask", prompt(page)] : ["work", page.locator(".cm-content")]
      await page.keyboard.press("Escape")
      await select(page, node)
      await place.click()
      await page.keyboard.press("Control+a")
      await page.keyboard.type(words)
      await expect.poll(async () => (await dataOf(flow, node))?.[field], patient).toBe(words)
      const shown = field === "prompt" ? await place.inputValue() : await place.innerText()
      expect(shown.trim()).toBe(words)
    }
    expect(one.complaints).toEqual([])
    await one.context.close()
  })

  it("are merged when one of them was away", async () => {
    const flow = await create(acme.admin, drawing("Away"))
    const one = await arrive(acme, flow)
    const two = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
    let isCut = false
    const lines: WebSocketRoute[] = []
    await two.context.routeWebSocket(/\/canvas\?/, async (line) => {
      if (isCut) return line.close({ code: 1011 })
      line.connectToServer()
      lines.push(line)
    })
    await signIn(two.page, ben)
    await open(two.page, flow)
    await Promise.all([select(one.page, "ask"), select(two.page, "ask")])
    await prompt(one.page).press("Home")
    await prompt(two.page).press("End")
    await one.page.locator('[data-caret-of="Ben"]').waitFor()
    isCut = true
    await Promise.all(lines.map((line) => line.close({ code: 1011 })))
    await two.page.getByText("Reconnecting").waitFor()
    await prompt(two.page).pressSequentially(" to all")
    await prompt(one.page).pressSequentially("Now: ")
    await two.page.getByText(/^Offline, kept here/).waitFor()
    isCut = false
    for (const { page } of [one, two])
      await expect
        .poll(() => prompt(page).inputValue(), { timeout: 30_000, interval: 200 })
        .toBe("Now: Say hello to all")
    await two.page.getByText(/^Saved/).waitFor()
    await expect
      .poll(async () => (await dataOf(flow, "ask"))?.["prompt"], patient)
      .toBe("Now: Say hello to all")
    await Promise.all([one.context.close(), two.context.close()])
  })
})
