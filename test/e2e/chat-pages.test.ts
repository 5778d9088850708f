import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { chatApi, type ChatMessage } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import { scenarios } from "#test/kit/llm/openai-scenarios"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, tabTo, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { Cutter } from "./kit/cutter.ts"
import { slowestModel, slowModel, tale } from "./kit/tale.ts"
import { chain, keyOf, password, provider, publish, register, type Tenant } from "./kit/world.ts"
import { payloads, wordsOfPayload } from "./kit/payloads.ts"

let vendor: OpenAiServer
let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let agents: Record<"ada" | "ben" | "villain", string>
let crew: string
let member: Visitor
const visitors: Visitor[] = []

const villain = "e2e-xss"
const desk = { width: 1440, height: 900 }
scenarios[villain] = { about: "answers with every payload there is", text: () => payloads.join("\n\n") }

beforeAll(async () => {
  vendor = await startOpenAiServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  const { admin } = acme
  const account = await provider(admin, vendor)
  const agent = async (name: string, model: string) => {
    const body = { name, role: name, model, llm_provider_id: account }
    return (await admin.ask(agentsApi.create.reply, "POST", "/agents", { body })).agent.id
  }
  agents = {
    ada: await agent("Ada", slowModel),
    ben: await agent("Ben", slowestModel),
    villain: await agent("Villain", villain),
  }
  const made = await admin.ask(crewsApi.create.reply, "POST", "/crews", {
    body: {
      name: "Storytellers",
      collaboration_pattern: "sequential",
      agents: [
        { agent_id: agents.ada, position: "ada" },
        { agent_id: agents.ben, position: "ben" },
      ],
      tasks: [{ id: "tell", description: "Tell {{ input.message }}", position: "ada" }],
    },
  })
  crew = made.crew.id
  await publish(admin, {
    name: "Greeting",
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "greet", type: "transform", data: { value: "'Hello, ' & input.message" } },
      { id: "result", type: "output", data: { value: "{{ nodes.greet }}" } },
    ),
  })
  await publish(admin, asking)
  member = await arrive()
})
afterAll(async () => {
  await browser?.close()
  await end()
  await vendor.close()
})

/** A flow that a person has to let go on. */
const asking = {
  name: "Careful",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "ask",
      type: "approval",
      position: { x: 240, y: 0 },
      data: {
        title: "May it go out?",
        message: "Look at it first.",
        buttons: [{ id: "yes", label: "Let it go" }],
      },
    },
    { id: "result", type: "output", position: { x: 480, y: 0 }, data: { value: "It went out." } },
  ],
  edges: [
    { id: "a", source: "input", target: "ask" },
    { id: "b", source: "ask", target: "result", source_handle: "yes" },
  ],
}

async function arrive(address = server.address, size = desk): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, address, size)
  visitors.push(visitor)
  const { page } = visitor
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  await page.goto("/login")
  await page.getByLabel("Email").fill(acme.email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.keyboard.press("Enter")
  // Not by the address, which changes before the page does: the page for strangers knows no keys.
  await page.getByRole("heading", { level: 1, name: "Flows" }).waitFor()
  return visitor
}

const begin = async (body: object): Promise<string> =>
  (await acme.admin.ask(chatApi.create.reply, "POST", "/chat/sessions", { body })).session.id

const messagesOf = async (chat: string): Promise<ChatMessage[]> =>
  (
    await acme.admin.ask(chatApi.messages.reply, "GET", `/chat/sessions/${chat}/messages`)
  ).messages.toReversed()

const box = (page: Page) => page.getByRole("textbox", { name: /^Message to/ })
const answers = (page: Page) => page.getByRole("article", { name: /^Answer of/ })
const done = (page: Page, n = -1) => answers(page).nth(n).getByRole("button", { name: "Answer once more" })

/** What is waited for comes soon, and late on a busy machine. */
const soon = { timeout: 20_000 }

const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env["EDGECREW_SHOTS"])
    await page.screenshot({ path: `${process.env["EDGECREW_SHOTS"]}/${name}.png` })
}

/** To one member alone, with a flow before it, and stopped in the middle. */
async function stopAFirstAnswer(page: Page): Promise<void> {
  const press = (key: string) => page.keyboard.press(key)
  await tabTo(page, page.getByRole("button", { name: "To: Everyone" }))
  await press("Enter")
  await tabTo(page, page.getByRole("menuitemcheckbox", { name: /Ben/ }), "ArrowDown")
  await press("Enter")
  await page.getByRole("button", { name: "To: Ben" }).waitFor()
  await tabTo(page, page.getByRole("button", { name: "Attach a flow" }))
  await press("Enter")
  await page.getByRole("searchbox", { name: "Search flows" }).waitFor()
  await page.keyboard.type("Greet")
  await expect.poll(() => page.getByRole("dialog").getByRole("listitem").count(), soon).toBe(1)
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Greeting" }))
  await press("Enter")
  await page.getByRole("button", { name: "Without Greeting" }).waitFor()
  await tabTo(page, box(page), "Shift+Tab")
  await page.keyboard.type("Tell me something")
  await press("Enter")
  await expect.poll(() => answers(page).last().textContent(), { timeout: 20_000 }).toContain("word2")
  await tabTo(page, page.getByRole("button", { name: "Stop", exact: true }))
  await press("Enter")
  await page.getByText("Stopped", { exact: true }).waitFor()
}

/** Writes the message anew, answers it once more, and goes back to the answer before. */
async function makeBranches(page: Page, chat: string): Promise<void> {
  const press = (key: string) => page.keyboard.press(key)
  await tabTo(page, page.getByRole("button", { name: "To: Ben" }), "Shift+Tab")
  await press("Enter")
  await tabTo(page, page.getByRole("menuitemcheckbox", { name: /^Everyone/ }), "ArrowUp")
  await press("Enter")
  await tabTo(
    page,
    page.getByRole("article", { name: "Message" }).getByRole("button", { name: "Edit" }),
    "Shift+Tab",
  )
  await press("Enter")
  await page.getByRole("form", { name: "Edit message" }).waitFor()
  await press("ControlOrMeta+a")
  await page.keyboard.type("Tell me a tale")
  await press("Enter")
  await page.getByText("2/2").waitFor()
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor()
  await tabTo(page, page.getByRole("button", { name: "Stop", exact: true }))
  await press("Enter")
  await done(page).waitFor({ timeout: 20_000 })
  await tabTo(page, done(page), "Shift+Tab")
  await press("Enter")
  await expect.poll(async () => (await messagesOf(chat)).length, soon).toBe(5)
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor()
  await tabTo(page, page.getByRole("button", { name: "Stop", exact: true }))
  await press("Enter")
  await done(page).waitFor({ timeout: 20_000 })
  const before = page.getByRole("button", { name: "Branch before" })
  await tabTo(page, before.last(), "Shift+Tab")
  await press("Enter")
  await page.getByText("1/2").waitFor()
}

async function renameAndShare(page: Page): Promise<void> {
  const press = (key: string) => page.keyboard.press(key)
  await tabTo(page, page.getByRole("button", { name: "More about this chat" }), "Shift+Tab")
  await press("Enter")
  await tabTo(page, page.getByRole("menuitem", { name: "Rename…" }), "ArrowDown")
  await press("Enter")
  await page.getByRole("dialog").waitFor()
  await page.keyboard.type("Tales of the harbour")
  await press("Enter")
  await page.getByRole("dialog").waitFor({ state: "hidden" })
  await tabTo(page, page.getByRole("button", { name: "More about this chat" }))
  await press("Enter")
  await tabTo(page, page.getByRole("menuitem", { name: "Share…" }), "ArrowDown")
  await press("Enter")
  await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Make an address" }))
  await press("Enter")
  await page.getByRole("textbox", { name: "Address" }).waitFor()
  await press("Escape")
  await page.getByRole("dialog").waitFor({ state: "hidden" })
}

async function findAndDelete(page: Page): Promise<void> {
  const press = (key: string) => page.keyboard.press(key)
  await press("/")
  await page.keyboard.type("harb tale")
  const found = page.getByRole("navigation", { name: "Chats" }).getByRole("listitem")
  await expect.poll(() => found.count(), soon).toBe(1)
  await tabTo(page, found.getByRole("link"))
  await press("Enter")
  await tabTo(page, page.getByRole("button", { name: "More about this chat" }))
  await press("Enter")
  await tabTo(page, page.getByRole("menuitem", { name: "Delete…" }), "ArrowDown")
  await press("Enter")
  await page.getByRole("alertdialog").waitFor()
  await page.keyboard.type("Tales of the harbour")
  await press("Enter")
  await page.getByRole("alertdialog").waitFor({ state: "hidden" })
  await page.waitForURL(/\/chat\/?(\?.*)?$/)
}

describe("a chat with keys alone", () => {
  it("is begun, addressed, given a flow, stopped, edited, retried, branched, renamed, shared, found and deleted", async () => {
    const { page } = member
    const press = (key: string) => page.keyboard.press(key)
    await settle(page)
    await press("ControlOrMeta+k")
    await page.getByRole("dialog").getByRole("combobox").waitFor()
    await page.keyboard.type("New chat")
    await page
      .getByRole("option", { name: /New chat/ })
      .first()
      .waitFor()
    await press("Enter")
    await page.waitForURL("**/chat/new")
    await tabTo(page, page.getByRole("searchbox", { name: "Search crews, agents and flows" }))
    await page.keyboard.type("Storyt")
    await page.getByRole("button", { name: /Storytellers/ }).waitFor()
    await expect.poll(() => page.locator("main section li button").count(), soon).toBe(1)
    await press("ArrowDown")
    await press("Enter")
    await page.waitForURL(/\/chat\/chat_/)
    await expect.poll(() => box(page).evaluate((one) => one === document.activeElement), soon).toBe(true)

    await stopAFirstAnswer(page)
    const chat = new URL(page.url()).pathname.slice("/chat/".length)
    const [first] = await messagesOf(chat)
    expect(first).toMatchObject({ to_agent_id: agents.ben, content: "Tell me something" })
    await makeBranches(page, chat)
    await renameAndShare(page)
    await findAndDelete(page)
    expect((await acme.admin.send("GET", `/chat/sessions/${chat}`)).status).toBe(404)
  })

  it("is let go on by a person where it waits for one", async () => {
    const { page } = member
    const flows = await acme.admin.send("GET", "/flows?search=Careful")
    const { id } = (flows.body as { flows: { id: string }[] }).flows[0] ?? { id: "" }
    await page.goto(`/chat/${await begin({ flow_id: id })}`)
    await tabTo(page, box(page))
    await page.keyboard.type("Send it")
    await page.keyboard.press("Enter")
    await tabTo(page, page.getByRole("button", { name: "Let it go" }), "Shift+Tab")
    await page.keyboard.press("Enter")
    await page.getByText("It went out.").waitFor({ timeout: 20_000 })
  })
})

describe("a chat on a line that is cut every 200 ms", () => {
  it("comes to the same text in its page, and so does whoever reads it shared", async () => {
    const cutter = await Cutter.before(server.address, 200)
    try {
      const chat = await begin({ agent_id: agents.ben })
      const { page } = await arrive(cutter.address)
      await page.goto(`/chat/${chat}`)
      await box(page).fill("Tell me a tale")
      await page.keyboard.press("Enter")
      await done(page).waitFor({ timeout: 60_000 })
      await expect.poll(() => answers(page).textContent(), { timeout: 10_000 }).toContain(tale)
      expect((await messagesOf(chat)).at(-1)!.content).toBe(tale)
      expect(cutter.cuts).toBeGreaterThan(2)
      const { session } = await acme.admin.ask(chatApi.share.reply, "POST", `/chat/sessions/${chat}/share`)
      await page.goto(`${cutter.address}${new URL(session.share_url!).pathname}`)
      await page.getByText(tale).waitFor()
    } finally {
      await cutter.close()
    }
  })
})

describe("words over the OpenAI-compatible endpoint", () => {
  it("come from an agent without tools while it still speaks", async () => {
    const key = await keyOf(acme.admin, "execution.start")
    const response = await fetch(`${server.address}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: `agent/${agents.ben}`,
        stream: true,
        messages: [{ role: "user", content: "Go" }],
      }),
    })
    let [text, pieces] = ["", 0]
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream()))
      for (const [, data] of bytes.matchAll(/^data: (\{.*\})$/gm)) {
        const [choice] = (JSON.parse(data ?? "") as { choices: { delta: { content?: string } }[] }).choices
        if (choice?.delta.content) pieces++
        text += choice?.delta.content ?? ""
      }
    expect(text).toBe(tale)
    expect(pieces).toBeGreaterThan(5)
  })
})

describe("what people and models write", () => {
  it("is shown as words, in titles, messages, answers and shared pages: nothing runs, nothing is fetched", async () => {
    const { page, complaints } = await arrive()
    const dialogs: string[] = []
    const foreign: string[] = []
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    page.on("request", (request) => {
      if (!request.url().startsWith(server.address) && !/^(data|blob|about):/.test(request.url()))
        foreign.push(request.url())
    })
    const chat = await begin({ agent_id: agents.villain, title: payloads[0] })
    for (const payload of payloads.slice(1, 6))
      await begin({ agent_id: agents.ada, title: payload.slice(0, 200) })
    await page.goto(`/chat/${chat}`)
    await box(page).fill(payloads.join("\n"))
    await page.keyboard.press("Enter")
    await done(page).waitFor({ timeout: 20_000 })
    const log = page.getByRole("log")
    expect(
      await log
        .locator("script, iframe, img:not([data-ours]), object, embed, form[action], [onerror], [onload]")
        .count(),
    ).toBe(0)
    const hrefs = await log
      .locator("a")
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol))
    expect(hrefs.filter((protocol) => !/^(https?|mailto):$/.test(protocol))).toEqual([])
    for (const words of wordsOfPayload) expect(await log.textContent()).toContain(words)
    await page.goto("/chat")
    await page.getByRole("navigation", { name: "Chats" }).getByRole("link").nth(2).waitFor()
    await page.getByRole("searchbox", { name: "Search chats" }).fill("alert")
    await page.getByRole("navigation", { name: "Chats" }).locator("mark").first().waitFor()
    const { session } = await acme.admin.ask(chatApi.share.reply, "POST", `/chat/sessions/${chat}/share`)
    await page.goto(session.share_url!)
    await page.getByRole("heading", { level: 1 }).waitFor()
    expect([dialogs, foreign]).toEqual([[], []])
    expect(complaints).toEqual([])
  })
})

describe("the pages of chats", () => {
  it.each(["light", "dark"] as const)(
    "are readable and without flaws for axe on a desk and a phone, %s",
    async (colorScheme) => {
      const chat = await begin({ crew_id: crew })
      for (const size of [desk, phone]) {
        const { page } = await arrive(server.address, size)
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
        await page.goto(`/chat/${chat}`)
        if (size === desk) {
          await box(page).fill("the story of the **harbour**")
          await page.keyboard.press("Enter")
        }
        await done(page).waitFor({ timeout: 30_000 })
        await settle(page)
        await picture(page, `chat-${colorScheme}-${size.width}`)
        expect(await violationsOf(page)).toEqual([])
        expect(await overflowOf(page)).toBeLessThanOrEqual(0)
        await page.goto("/chat?q=word")
        await page.getByRole("navigation", { name: "Chats" }).locator("mark").first().waitFor()
        await settle(page)
        await picture(page, `chats-${colorScheme}-${size.width}`)
        expect(await violationsOf(page)).toEqual([])
      }
    },
  )

  it("have complained of nothing", () => {
    expect(member.complaints).toEqual([])
  })
})
