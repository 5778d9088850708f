import { setTimeout as sleep } from "node:timers/promises"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { chatApi } from "#core/contract/chat"
import { crewsApi } from "#core/contract/crews"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, still, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import {
  answered,
  chain,
  create,
  execute,
  keyOf,
  publish,
  register,
  sum,
  summary,
  type Tenant,
} from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
/** Somebody at a desk and with a phone in the hand, at the same time. */
type Person = Record<"desk" | "phone", Visitor>
let stranger: Person
let member: Person
let newcomer: Person
let paths: { flow: string; execution: string; failed: string; agent: string; crew: string; chat: string }

async function arrive(tenant?: Tenant): Promise<Person> {
  const [atDesk, onTheWay] = await Promise.all(
    [desk, phone].map(async (size) => {
      const visitor = await Visitor.arrive(browser, server.address, size)
      await visitor.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
      if (tenant) await signIn(visitor.page, tenant)
      return visitor
    }),
  )
  if (!atDesk || !onTheWay) throw new Error("Nobody came.")
  return { desk: atDesk, phone: onTheWay }
}

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  const client = await Client.of(server.address)
  const acme = await register(client)
  const flow = await publish(acme.admin, { ...summary({}, "Gist"), description: "Says it in one sentence." })
  const { execution_id } = await execute(acme.admin, flow, {
    text: "The harbour opened in 1901. It burnt in 1932.",
  })
  const broken = chain(
    { id: "input", type: "input", data: {} },
    { id: "broken", type: "transform", data: { value: "$error('no such order')" } },
  )
  const failed = await execute(
    acme.admin,
    await publish(acme.admin, {
      name: "A name that is long enough to need more room than a phone has to give",
      ...broken,
    }),
    {},
  )
  await create(acme.admin, sum("Draft"))
  await keyOf(acme.admin, "flow.read")
  paths = {
    flow: `/flows/${flow}`,
    execution: `/executions/${execution_id}`,
    failed: `/executions/${failed.execution_id}`,
    ...(await team(acme.admin)),
  }
  stranger = await arrive()
  member = await arrive(acme)
  newcomer = await arrive(await register(client, "empty"))
})
afterAll(async () => {
  await browser?.close()
  await end()
})

/** A crew of the examples, and a chat with it that has been answered. */
async function team(admin: Client): Promise<{ agent: string; crew: string; chat: string }> {
  const { examples } = await admin.ask(crewsApi.examples.reply, "GET", "/crew-examples")
  const made = await admin.ask(crewsApi.useExample.reply, "POST", `/crew-examples/${examples.at(0)!.id}`)
  const { crew } = made
  const body = { crew_id: crew.id }
  const { session } = await admin.ask(chatApi.create.reply, "POST", "/chat/sessions", { body })
  await answered(
    admin,
    session.id,
    "The harbour opened in 1901.\n\n- It burnt in 1932.\n- It was rebuilt.\n\n`code`",
  )
  return {
    agent: `/agents/${crew.agents.at(0)!.agent_id}`,
    crew: `/crews/${crew.id}`,
    chat: `/chat/${session.id}`,
  }
}

const press = (name: string) => async (page: Page) => {
  await page.getByRole("button", { name, exact: true }).first().click()
  await page.getByRole("dialog").waitFor()
}

interface View {
  name: string
  who: () => Person
  path: () => string
  /** Done before it is looked at. */
  first?: (page: Page) => Promise<void>
}

const views: View[] = [
  { name: "sign in", who: () => stranger, path: () => "/login" },
  { name: "register", who: () => stranger, path: () => "/register" },
  {
    name: "an operation of the reference, for everybody",
    who: () => stranger,
    path: () => "/docs?operation=postFlowsByFlowIdExecute",
  },
  { name: "flows", who: () => member, path: () => "/flows" },
  { name: "flows, none yet", who: () => newcomer, path: () => "/flows" },
  { name: "a new flow", who: () => member, path: () => "/flows", first: press("New flow") },
  { name: "the editor", who: () => member, path: () => paths.flow },
  { name: "the editor at a node", who: () => member, path: () => `${paths.flow}?node=draft` },
  {
    name: "the editor's form to run",
    who: () => member,
    path: () => paths.flow,
    first: (page) => page.getByRole("button", { name: "Run", exact: true }).click(),
  },
  {
    name: "the editor's result",
    who: () => member,
    path: () => `${paths.flow}?execution=${paths.execution.slice(12)}&node=draft`,
  },
  { name: "executions", who: () => member, path: () => "/executions" },
  { name: "executions, none yet", who: () => newcomer, path: () => "/executions" },
  { name: "an execution", who: () => member, path: () => paths.execution },
  { name: "an execution's step", who: () => member, path: () => `${paths.execution}?node=draft` },
  { name: "a failed execution", who: () => member, path: () => paths.failed },
  { name: "agents", who: () => member, path: () => "/agents" },
  { name: "agents, none yet", who: () => newcomer, path: () => "/agents" },
  { name: "an agent", who: () => member, path: () => paths.agent },
  { name: "tools", who: () => member, path: () => "/tools" },
  { name: "crews", who: () => member, path: () => "/crews" },
  { name: "crews, none yet", who: () => newcomer, path: () => "/crews" },
  { name: "a crew", who: () => member, path: () => paths.crew },
  { name: "chats, none yet", who: () => newcomer, path: () => "/chat" },
  { name: "a chat", who: () => member, path: () => paths.chat },
  { name: "models", who: () => member, path: () => "/models" },
  { name: "aliases, none yet", who: () => member, path: () => "/models?tab=aliases" },
  { name: "the health of models", who: () => member, path: () => "/models?tab=health" },
  { name: "prices", who: () => member, path: () => "/models?tab=prices" },
  { name: "a new provider", who: () => member, path: () => "/models", first: press("Add provider") },
  { name: "budgets, none yet", who: () => newcomer, path: () => "/budgets" },
  { name: "a new budget", who: () => member, path: () => "/budgets", first: press("Set budget") },
  { name: "profile", who: () => member, path: () => "/settings/profile" },
  { name: "appearance", who: () => member, path: () => "/settings/appearance" },
  { name: "members", who: () => member, path: () => "/settings/members" },
  { name: "invitations, none yet", who: () => newcomer, path: () => "/settings/members?tab=invitations" },
  { name: "an invitation that is none", who: () => stranger, path: () => "/invite#eci_none" },
  { name: "a forgotten password", who: () => stranger, path: () => "/forgot" },
  { name: "a link that sets no password", who: () => stranger, path: () => "/reset" },
  { name: "API keys", who: () => member, path: () => "/settings/api-keys" },
  { name: "API keys, none yet", who: () => newcomer, path: () => "/settings/api-keys" },
  { name: "credentials, none yet", who: () => newcomer, path: () => "/settings/credentials" },
  { name: "quotas", who: () => member, path: () => "/settings/quotas" },
  { name: "privacy", who: () => newcomer, path: () => "/settings/privacy" },
  { name: "an evidence report", who: () => newcomer, path: () => "/settings/privacy/reports/iso27001" },
  {
    name: "a new credential",
    who: () => member,
    path: () => "/settings/credentials",
    first: press("Add credential"),
  },
  {
    name: "a flow that is not there",
    who: () => member,
    path: () => "/flows/flow_01JD0000000000000000000000",
  },
  { name: "a page that is not there", who: () => member, path: () => "/nowhere" },
]

async function show({ who, path, first }: View, where: keyof Person): Promise<Page> {
  const { page } = who()[where]
  await page.goto(path())
  await settle(page)
  await first?.(page)
  await settle(page)
  return page
}

/** What is wrong on a desk, in both themes; another theme has other colours and nothing else. */
async function onDesk(view: View): Promise<string[]> {
  const page = await show(view, "desk")
  const light = await violationsOf(page)
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await still(page)
  let dark = await violationsOf(page, ["color-contrast"])
  // A busy machine may be late with the new colours; what is wrong stays wrong.
  for (let looks = 0; dark.length > 0 && looks < 5; looks++) {
    await sleep(200)
    dark = await violationsOf(page, ["color-contrast"])
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  return [...light, ...dark.map((one) => `dark: ${one}`)]
}

/** What is wrong on a phone, where nothing may be wider than the screen. */
async function onPhone(view: View): Promise<string[]> {
  const page = await show(view, "phone")
  const wider = await overflowOf(page)
  const found = await violationsOf(page)
  return [...found, ...(wider > 0 ? [`${wider} px wider than the screen`] : [])].map((one) => `phone: ${one}`)
}

describe("each page", () => {
  it.each(views)("$name can be used by everybody, in both themes and on a phone", async (view) => {
    const found = await Promise.all([onDesk(view), onPhone(view)])
    expect(found.flat()).toEqual([])
  })
})

describe("all of them", () => {
  it("had nothing to complain about", () => {
    const people = [stranger, member, newcomer].flatMap((one) => [one.desk, one.phone])
    const complaints = people.flatMap((one) => one.complaints)
    // The flow and the invitation that are not there are asked for.
    expect(complaints.filter((text) => !/flow_01JD0+.*\b404\b|eci_none.*\b400\b/.test(text))).toEqual([])
  })
})
