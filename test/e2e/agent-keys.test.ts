import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { credentialsApi } from "#core/contract/credentials"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import type { Visitor } from "./kit/browser.ts"
import type { Keys } from "./kit/keys.ts"
import { openPlace, type Place } from "./kit/keyboard-place.ts"
import { inTurn } from "./kit/in-turn.ts"

let outside: HttpServer
let place: Place
let visitor: Visitor
let keys: Keys
let page: Page
const secret = "swordfish-4711-sesame"

beforeAll(async () => {
  outside = await startHttpServer()
  place = await openPlace({ settings: { EDGECREW_EGRESS_ALLOW: outside.host } })
  await place.tenant.admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
    body: {
      name: "Orders",
      kind: "bearer",
      secret,
      allowed_hosts: ["127.0.0.1"],
    },
  })
  const guest = await place.guest()
  visitor = guest.visitor
  keys = guest.keys
  page = visitor.page
})
afterAll(async () => {
  await place?.end()
  await outside?.close()
})

const ended = () =>
  page.getByRole("complementary", { name: "Try out" }).getByText("Succeeded", { exact: true }).waitFor()
const saved = (version: number) => page.getByRole("status").getByText(`Version ${version}`, { exact: true })

describe("a newcomer with a keyboard", () => {
  inTurn()

  it("makes an HTTP tool with arguments and a credential, told beside the field what is wrong", async () => {
    await keys.do("link", "Tools")
    await keys.to("button", "New tool")
    await keys.menu("HTTP request")
    await page.waitForURL("**/tools/new?kind=http")
    await keys.write("Name", "Find order")
    await keys.press("Control+s")
    await keys.refused("Name", /small letter/)
    await keys.write("Name", "find_order")
    await keys.press("Control+s")
    await keys.refused("Description", /Say what it does/)
    await keys.write("Description", "Finds an order by its number")
    await keys.do("button", "Add an argument")
    await keys.to("textbox", "Name", "Shift+Tab")
    await page.keyboard.press("Control+A")
    await page.keyboard.insertText("number")
    await keys.to("textbox", "Address")
    await page.keyboard.insertText(`${outside.url}/echo/{{ input.number }}`)
    await keys.choose("Credential", "Orders")
    await keys.do("button", "Add a header")
    await keys.to("textbox", "Name of header 1", "Shift+Tab")
    await page.keyboard.insertText("x-shop")
    await keys.write("Value of header 1", "harbour")
    await keys.press("Control+s")
    await page.waitForURL("**/tools/tool_*")
    await saved(1).waitFor()
    await keys.held()
  })

  it("changes the tool, deletes it and brings it back", async () => {
    await keys.choose("Risk", "Writes")
    await keys.press("Control+s")
    await saved(2).waitFor()
    await keys.at("combobox", "Risk")
    await keys.to("link", "Tools", "Shift+Tab")
    await keys.press("Enter")
    await keys.row("find_order")
    await keys.to("button", "Actions for find_order")
    await keys.menu("Delete")
    await page.getByRole("row", { name: "find_order" }).waitFor({ state: "detached" })
    await keys.held()
    await keys.undo("Deleted “find_order”")
    await page.getByRole("row", { name: "find_order" }).getByText("Writes").waitFor()
  })

  it("makes an agent", async () => {
    await keys.to("link", "Agents", "Shift+Tab")
    await keys.press("Enter")
    await page.getByRole("heading", { name: "Begin with an agent that works" }).waitFor()
    await keys.do("button", "New agent")
    await keys.trapped("New agent")
    await keys.escape("New agent", ["button", "New agent"])
    await keys.press("Enter")
    await keys.at("textbox", "Name")
    await page.keyboard.insertText("Clerk")
    await keys.press("Enter")
    await page.waitForURL("**/agents/agent_*")
    await saved(1).waitFor()
    await keys.held()
  })

  it("describes it, grants it the tool, and saves by keys", async () => {
    await keys.write("Role", "Order clerk")
    await keys.write("Search tools", "find", "searchbox")
    await keys.to("checkbox", /find_order/)
    await keys.press("Space")
    await page.getByText("1 granted").waitFor()
    await keys.do("button", "Arguments of find_order")
    await page.getByText('"number"').waitFor()
    await keys.do("button", "Edit")
    await keys.escape("find_order", ["button", "Edit"])
    await keys.do("button", "Add a guardrail")
    await keys.press("ArrowDown", "Enter")
    await keys.to("textbox", "Matches a pattern")
    await page.keyboard.insertText("(?=x)")
    await keys.press("Control+s")
    await keys.refused("Matches a pattern", /./)
    await keys.do("button", "Remove guardrail 1")
    await keys.held()
    await keys.to("switch", "Memory")
    await keys.press("Space", "Control+s")
    await saved(2).waitFor()
    await keys.at("switch", "Memory")
  })

  it("tries it out beside the editor, as it is typed, and watches it call the tool", async () => {
    await keys.write("Role", "Clerk for orders")
    await keys.to("button", "Run")
    await keys.press("Enter")
    await page.getByText("Say what it is to do").waitFor()
    await keys.write("Try it out", "Use find_order to look up the order number 4711.")
    await keys.press("Control+Enter")
    await page.getByRole("region", { name: "What it does" }).getByText("find_order").first().waitFor()
    await ended()
    await keys.held()
    expect(outside.received.at(-1)).toMatchObject({
      headers: { authorization: `Bearer ${secret}`, "x-shop": "harbour" },
    })
    expect(await page.content()).not.toContain(secret)
  })

  it("saves by the button, which keeps the focus", async () => {
    await keys.to("button", /Save version 3/, "Shift+Tab")
    await keys.press("Enter")
    await saved(3).waitFor()
    await keys.held()
    expect(await page.evaluate(() => document.activeElement?.closest("header") !== null)).toBe(true)
  })
})

it("had nothing to complain about", () => {
  expect(visitor.complaints.filter((one) => !/\b(400|412)\b/.test(one))).toEqual([])
})
