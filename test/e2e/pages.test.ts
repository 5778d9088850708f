import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import {
  chain,
  create,
  execute,
  keyOf,
  password,
  publish,
  register,
  sum,
  summary,
  type Tenant,
} from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let stranger: Visitor
let member: Visitor
let newcomer: Visitor
let paths: { flow: string; execution: string; failed: string }

async function signIn(visitor: Visitor, { email }: Tenant): Promise<void> {
  const { page } = visitor
  await page.goto("/login")
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.waitForURL("**/flows")
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
  }
  stranger = await Visitor.arrive(browser, server.address)
  member = await Visitor.arrive(browser, server.address)
  newcomer = await Visitor.arrive(browser, server.address)
  await signIn(member, acme)
  await signIn(newcomer, await register(client, "empty"))
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const press = (name: string) => async (page: Page) => {
  await page.getByRole("button", { name, exact: true }).first().click()
  await page.getByRole("dialog").waitFor()
}

interface View {
  name: string
  who: () => Visitor
  path: () => string
  /** Done before it is looked at. */
  first?: (page: Page) => Promise<void>
}

const views: View[] = [
  { name: "sign in", who: () => stranger, path: () => "/login" },
  { name: "register", who: () => stranger, path: () => "/register" },
  { name: "the reference, for everybody", who: () => stranger, path: () => "/docs" },
  {
    name: "an operation of the reference",
    who: () => member,
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
  { name: "models", who: () => member, path: () => "/models" },
  { name: "a new provider", who: () => member, path: () => "/models", first: press("Add provider") },
  { name: "profile", who: () => member, path: () => "/settings/profile" },
  { name: "appearance", who: () => member, path: () => "/settings/appearance" },
  { name: "API keys", who: () => member, path: () => "/settings/api-keys" },
  { name: "API keys, none yet", who: () => newcomer, path: () => "/settings/api-keys" },
  {
    name: "a flow that is not there",
    who: () => member,
    path: () => "/flows/flow_01JD0000000000000000000000",
  },
  { name: "a page that is not there", who: () => member, path: () => "/nowhere" },
]

async function show({ who, path, first }: View): Promise<Page> {
  const { page } = who()
  await page.goto(path())
  await settle(page)
  await first?.(page)
  await settle(page)
  return page
}

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  beforeAll(async () => {
    for (const { page } of [stranger, member, newcomer])
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  })

  it.each(views)("$name can be used by everybody", async (view) => {
    expect(await violationsOf(await show(view))).toEqual([])
  })
})

describe("on a phone", () => {
  beforeAll(async () => {
    for (const { page } of [stranger, member, newcomer]) await page.setViewportSize(phone)
  })
  afterAll(async () => {
    for (const { page } of [stranger, member, newcomer]) await page.setViewportSize(desk)
  })

  it.each(views)("$name fits, and can be used by everybody", async (view) => {
    const page = await show(view)
    expect(await overflowOf(page)).toBe(0)
    expect(await violationsOf(page)).toEqual([])
  })
})

describe("all of them", () => {
  it("had nothing to complain about", () => {
    const complaints = [stranger, member, newcomer].flatMap((one) => one.complaints)
    // The flow that is not there is asked for.
    expect(complaints.filter((text) => !/flow_01JD0+.*\b404\b/.test(text))).toEqual([])
  })
})
