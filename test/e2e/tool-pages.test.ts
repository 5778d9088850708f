import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { toolsApi, type Tool } from "#core/contract/tools"
import { desk, overflowOf, phone, settle, violationsOf, type Visitor } from "./kit/browser.ts"
import type { Keys } from "./kit/keys.ts"
import { openPlace, type Place } from "./kit/keyboard-place.ts"
import { chain, publish } from "./kit/world.ts"
import { inTurn } from "./kit/in-turn.ts"

let place: Place
let visitor: Visitor
let keys: Keys
let page: Page

beforeAll(async () => {
  place = await openPlace()
  const guest = await place.guest()
  visitor = guest.visitor
  keys = guest.keys
  page = visitor.page
})
afterAll(() => place?.end())

const saved = (version: number) => page.getByRole("status").getByText(`Version ${version}`, { exact: true })
const editor = (name: string) => page.getByRole("textbox", { name, exact: true })

/** Where CodeMirror is there, and not the field that stands in for it while it is fetched. */
const coded = (name: string) => page.locator(".cm-content").and(editor(name)).waitFor()

async function toolCalled(name: string): Promise<Tool> {
  const query = { search: name }
  const { tools } = await place.tenant.admin.ask(
    toolsApi.list.reply,
    "GET",
    `/tools?${new URLSearchParams(query)}`,
  )
  const found = tools.find((tool) => tool.name === name)
  if (!found) throw new Error(`There is no tool ${name}`)
  return found
}

describe("a newcomer with a keyboard", () => {
  inTurn()

  it("is led from an empty list to a function that works, and told beside the field what is wrong", async () => {
    await keys.do("link", "Tools")
    await page.getByRole("heading", { name: "No tools of your own yet" }).waitFor()
    await keys.do("link", "Begin with a function that works")
    await page.waitForURL("**/tools/new?kind=isolate")
    await coded("Source")
    await keys.write("Name", "Count words")
    await keys.press("Control+s")
    await keys.refused("Name", /small letter/)
    await keys.write("Name", "word_count")
  })

  it("writes code, which Escape and then Tab leave, and creates the tool", async () => {
    await keys.to("textbox", "Source")
    await keys.press("Control+End")
    await page.keyboard.insertText("// by hand\n")
    await page.keyboard.press("Tab")
    await keys.at("textbox", "Source")
    await keys.press("Escape", "Tab")
    await expect.poll(() => keys.where()).not.toMatch(/Source/)
    await keys.press("Control+s")
    await page.waitForURL("**/tools/tool_*")
    await saved(1).waitFor()
    const tool = await toolCalled("word_count")
    expect(tool).toMatchObject({ kind: "isolate", version: 1, input_schema: { required: ["text"] } })
    expect(tool.kind === "isolate" && tool.execution_config.source).toMatch(/words: .*\/\/ by hand\n {2}$/s)
  })

  it("adds an argument by fields, looks at the form, and finds the same in the JSON", async () => {
    await keys.to("tab", "Editor", "Shift+Tab")
    await keys.do("button", "Add an argument")
    await keys.to("textbox", "Name", "Shift+Tab")
    await page.keyboard.press("Control+A")
    await page.keyboard.insertText("least")
    await keys.choose("Type", "Whole number")
    await keys.write("Choices", "1\n2")
    await keys.to("radio", "Fields", "Shift+Tab")
    await keys.press("ArrowRight", "ArrowRight")
    const form = page.getByRole("group", { name: "The form as it will look" })
    await form.getByRole("combobox", { name: "least" }).waitFor()
    await keys.press("ArrowLeft")
    await coded("Arguments: JSON Schema")
    await expect.poll(() => editor("Arguments: JSON Schema").innerText()).toMatch(/"enum": \[/)
    await keys.press("Control+s")
    await saved(2).waitFor()
    expect((await toolCalled("word_count")).input_schema).toMatchObject({
      properties: { text: { examples: ["two words"] }, least: { type: "integer", enum: [1, 2] } },
      required: ["text", "least"],
      additionalProperties: false,
    })
  })

  it("says in which line a schema is no JSON, and saves none of it", async () => {
    await keys.to("textbox", "Arguments: JSON Schema")
    await keys.press("Control+End")
    await page.keyboard.insertText("}")
    await page.getByRole("button", { name: /^Line \d+$/ }).waitFor()
    await page.keyboard.press("Backspace")
    await page.getByRole("button", { name: /^Line \d+$/ }).waitFor({ state: "detached" })
    await keys.press("Escape")
  })

  it("sees what differs between versions, brings one back, and takes that back", async () => {
    await keys.to("tab", "Editor", "Shift+Tab")
    await keys.press("ArrowRight")
    await keys.at("tab", "Invocations")
    await keys.press("ArrowRight")
    await keys.at("tab", /Versions/)
    await keys.to("button", /Version 1/)
    await keys.press("Enter")
    const differences = page.getByRole("region", { name: "What differs" })
    await expect.poll(() => differences.innerText()).toMatch(/input_schema.*least/s)
    await keys.do("button", "Bring back version 1")
    await saved(3).waitFor()
    await keys.undo("Version 1 holds again")
    await saved(4).waitFor()
    expect(await toolCalled("word_count")).toMatchObject({
      version: 4,
      input_schema: { required: ["text", "least"] },
    })
  })

  it("does not leave what is not saved without being asked", async () => {
    await keys.to("tab", /Versions/, "Shift+Tab")
    await keys.press("ArrowLeft")
    await keys.at("tab", "Invocations")
    await keys.press("ArrowLeft")
    await keys.at("tab", "Editor")
    await keys.write("Description", "Counts, and more.")
    await keys.to("link", "Tools", "Shift+Tab")
    await keys.press("Enter")
    await keys.trapped("Leave without saving?", "alertdialog")
    await page.keyboard.press("Escape")
    await page.getByRole("alertdialog").waitFor({ state: "detached" })
    await keys.do("button", "Discard")
    await saved(4).waitFor()
    await keys.to("link", "Tools", "Shift+Tab")
    await keys.press("Enter")
    await page.waitForURL("**/tools")
  })

  it("makes a program from the scaffold, with a host and an environment", async () => {
    await keys.to("button", "New tool")
    await keys.menu("Python program")
    await page.waitForURL("**/tools/new?kind=container&runtime=python")
    await coded("Source")
    await keys.write("Name", "count_in_python")
    await keys.do("button", "Add a host")
    await keys.to("textbox", "Host 1", "Shift+Tab")
    await page.keyboard.insertText("https://api.example.com/x")
    await keys.do("button", "Add a variable")
    await keys.to("textbox", "Name of variable 1", "Shift+Tab")
    await page.keyboard.insertText("LANGUAGE")
    await keys.write("Value of variable 1", "de")
    await keys.press("Control+s")
    await keys.refused("Host 1", /without https/)
    await keys.write("Host 1", "api.example.com")
    await keys.press("Control+s")
    await page.waitForURL("**/tools/tool_*")
    await saved(1).waitFor()
    expect(await toolCalled("count_in_python")).toMatchObject({
      kind: "container",
      execution_config: { runtime: "python", egress: ["api.example.com"], env: { LANGUAGE: "de" } },
    })
  })

  it("turns it into files, and says beside the name that another tool has it", async () => {
    await keys.to("radio", "One text")
    await keys.press("ArrowRight")
    await coded("Content of main.py")
    await keys.do("button", "Add a file")
    await keys.write("Path", "data.json")
    await keys.to("tab", "Editor", "Shift+Tab")
    await keys.write("Name", "word_count")
    await keys.press("Control+s")
    await keys.refused("Name", /Another tool/)
    await keys.write("Name", "count_in_python")
    await keys.press("Control+s")
    await saved(2).waitFor()
    const tool = await toolCalled("count_in_python")
    expect(tool).toMatchObject({
      execution_config: {
        entrypoint: "main.py",
        files: [{ path: "main.py" }, { path: "data.json", content: "" }],
      },
    })
    expect(tool.execution_config).not.toHaveProperty("source")
  })

  it("makes a tool of a flow, with the flow’s inputs as arguments", async () => {
    const flow = await publish(place.tenant.admin, {
      name: "Greeting",
      input_schema: { type: "object", properties: { who: { type: "string" } }, required: ["who"] },
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "result", type: "output", data: { value: "Hello {{ input.who }}" } },
      ),
    })
    await page.goto("/tools")
    await keys.to("button", "New tool")
    await keys.menu("Flow as a tool")
    await keys.write("Name", "greet")
    await keys.write("Description", "Greets somebody")
    await keys.press("Control+s")
    await keys.refused("Flow", /./, "combobox")
    await page.keyboard.insertText("Greet")
    await page.getByRole("option", { name: /Greeting/ }).waitFor()
    await keys.press("Enter")
    await keys.do("button", "Take the flow’s inputs as arguments")
    await keys.press("Control+s")
    await page.waitForURL("**/tools/tool_*")
    expect(await toolCalled("greet")).toMatchObject({
      kind: "flow",
      input_schema: { required: ["who"] },
      execution_config: { flow_id: flow },
    })
  })

  it("narrows the list in the address, copies a tool, deletes two at once and brings them back", async () => {
    await page.goto("/tools?kind=container")
    await page.getByRole("row", { name: "count_in_python" }).waitFor()
    await expect.poll(() => page.getByRole("row").count()).toBe(2)
    await keys.row("count_in_python")
    await keys.to("button", "Actions for count_in_python")
    await keys.menu("Duplicate")
    await page.getByRole("row", { name: "count_in_python_copy" }).waitFor()
    await keys.row("count_in_python_copy")
    await keys.press("x", "k", "x")
    await keys.do("button", "Delete")
    await page.getByRole("row", { name: "count_in_python" }).first().waitFor({ state: "detached" })
    await keys.undo("Deleted 2 tools")
    await page.getByRole("row", { name: "count_in_python_copy" }).waitFor()
    await page.goto(`/tools?edit=${(await toolCalled("word_count")).id}`)
    await page.waitForURL("**/tools/tool_*")
    await saved(4).waitFor()
  })
})

describe("each of the tools’ pages", () => {
  const paths: Record<string, () => string | Promise<string>> = {
    "the list": () => "/tools",
    "nothing found": () => "/tools?q=zzzz",
    "a new request": () => "/tools/new?kind=http",
    "a new function": () => "/tools/new?kind=isolate",
    "a new program": () => "/tools/new?kind=container&runtime=bash",
    "a new flow": () => "/tools/new?kind=flow",
    "a function": async () => `/tools/${(await toolCalled("word_count")).id}`,
    "a program of files": async () => `/tools/${(await toolCalled("count_in_python")).id}`,
    "its invocations": async () => `/tools/${(await toolCalled("word_count")).id}?tab=invocations`,
    "its versions": async () => `/tools/${(await toolCalled("word_count")).id}?tab=versions`,
    "trying it out": async () => `/tools/${(await toolCalled("word_count")).id}?tab=try`,
    "no such tool": () => "/tools/tool_01JD0000000000000000000000",
  }

  it.each(Object.keys(paths))("%s is whole on a desk and a phone, in both themes", async (name) => {
    const path = await paths[name]!()
    for (const size of [desk, phone]) {
      await page.setViewportSize(size)
      await page.goto(path)
      await settle(page)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
        await settle(page)
        expect(await violationsOf(page), `${size.width} px, ${colorScheme}`).toEqual([])
      }
      expect(await overflowOf(page), `${size.width} px`).toBeLessThanOrEqual(0)
    }
    await page.setViewportSize(desk)
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  })

  it("complained about nothing in the console", () => {
    expect(visitor.complaints.filter((one) => !/422|409|404|412/.test(one))).toEqual([])
  })
})
