import { readFileSync } from "node:fs"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { templates } from "#core/flow/templates"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { programTool, setToolStage, toolNode, type ToolStage } from "./kit/tool-stage.ts"
import { chain, create, publish, settled, start, unique } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let stage: ToolStage
let browser: Browser
let visitor: Visitor
let page: Page

beforeAll(async () => {
  stage = await setToolStage()
  browser = await launch()
  visitor = await Visitor.arrive(browser, stage.server.address, { width: 1440, height: 900 })
  page = visitor.page
  await page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(page, stage.tenant)
})
afterAll(async () => {
  await browser?.close()
  await stage.strike()
})
beforeEach(() => {
  visitor.complaints.length = 0
})

const properties = (): Locator => page.getByRole("complementary", { name: "Properties" })
const kept = async (flow: string, id: string) => {
  await page.getByText(/^Saved/).waitFor()
  const { nodes } = (await stage.tenant.admin.ask(flowsApi.get.reply, "GET", `/flows/${flow}`)).flow
  return nodes.find((one) => one.id === id)?.data
}
const patient = { timeout: 10_000, interval: 100 }

/** The page as it stands, in both themes, breaks no rule; at the width of a phone nothing stands out of it. */
async function looksRight(name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme })
    await settle(page)
    expect([name, colorScheme, await violationsOf(page)]).toEqual([name, colorScheme, []])
  }
  await page.setViewportSize(phone)
  await settle(page)
  expect([name, await overflowOf(page)]).toEqual([name, 0])
  expect([name, "phone", await violationsOf(page)]).toEqual([name, "phone", []])
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" })
  expect(visitor.complaints).toEqual([])
}

const exampleOf = (id: string) => templates.find((one) => one.id === id)!.flow

it("[TP1] a tool is chosen by its name, and its arguments are written by its schema with what is wrong beside them", async () => {
  const flow = await create(stage.tenant.admin, exampleOf("count-words"))
  await page.goto(`/flows/${flow}?node=count`)
  const panel = properties()
  await panel.getByText("Python program").waitFor()
  await expect.poll(() => panel.getByRole("combobox", { name: "Tool" }).inputValue()).toBe("word_statistics")
  const most = panel.getByLabel(/^most/)
  await most.fill("0")
  await panel.getByRole("alert").waitFor()
  await expect.poll(() => kept(flow, "count"), patient).toMatchObject({ inputs: { most: 0 } })
  // The server says the same of the flow as a whole.
  await page.getByRole("button", { name: /1 problem|1 error/ }).waitFor()
  await looksRight("tool-panel")
  await most.fill("{{ input.most }}")
  await expect
    .poll(() => kept(flow, "count"), patient)
    .toMatchObject({
      inputs: { most: "{{ input.most }}", text: "{{ input.text }}" },
    })
  await panel.getByRole("combobox", { name: "Tool" }).fill("json")
  await page.getByRole("option", { name: /json_query.*Builtin/ }).click()
  await panel
    .getByText(/The tool names no argument/)
    .first()
    .waitFor()
  await expect.poll(() => kept(flow, "count"), patient).toMatchObject({ tool_id: "builtin:json_query" })
})

it("[TP2] the palette finds tools by their names", async () => {
  const flow = await create(stage.tenant.admin, exampleOf("count-words"))
  await page.goto(`/flows/${flow}`)
  const palette = page.getByRole("complementary", { name: "Nodes to add" })
  await palette.getByLabel("Search nodes").fill("word_st")
  await palette.getByRole("button", { name: /^word_statistics/ }).click()
  await properties().getByText("Python program").waitFor()
  await expect
    .poll(() => kept(flow, "tool"), patient)
    .toMatchObject({ tool_id: expect.stringMatching(/^tool_/) })
})

it("[TP3] code is written in an editor, and tried with the run of one step", async () => {
  const flow = await publish(stage.tenant.admin, exampleOf("ask-table"))
  const { sample_inputs } = templates.find((one) => one.id === "ask-table")!
  const ended = await start(stage.tenant.admin, flow, sample_inputs)
  await settled(stage.tenant.admin, ended)
  await page.goto(`/flows/${flow}?node=rows`)
  const code = properties().locator(".cm-content")
  await code.waitFor()
  await looksRight("code-panel")
  await code.click()
  await page.keyboard.press("Control+A")
  await page.keyboard.type('export default ({ table }) => "tried " + typeof table')
  await expect
    .poll(() => kept(flow, "rows"), patient)
    .toMatchObject({ source: expect.stringContaining("typeof table") })
  await properties().getByRole("button", { name: "Try", exact: true }).click()
  const result = properties().getByRole("tabpanel", { name: "Result" })
  await result.getByText("Succeeded").waitFor()
  await result.getByText("tried string").waitFor()
})

const chatty = `import json, os, sys, time
given = json.load(sys.stdin)
for i in range(30000):
    print(i)
print("a warning", file=sys.stderr, flush=True)
sys.stdout.flush()
time.sleep(given["seconds"])
os.makedirs("/box/out", exist_ok=True)
open("/box/out/numbers.txt", "w").write("0 1 2")
print("the last word", flush=True)
print(json.dumps({"numbers": 30000}))
`

it("[TP4] the log of a program is read while it goes on, however long it is; then how it ended, and its file", async () => {
  const { admin } = stage.tenant
  const tool = await programTool(stage, "python", { source: chatty, schema: { seconds: { type: "number" } } })
  const flow = await publish(admin, {
    name: unique("Chatty"),
    ...chain({ id: "input", type: "input", data: {} }, toolNode("speak", tool, { seconds: 6 }), {
      id: "out",
      type: "output",
      data: { value: "{{ nodes.speak }}" },
    }),
  })
  const id = await start(admin, flow, {})
  await page.goto(`/executions/${id}?node=speak`)
  const log = page.getByRole("region", { name: "Log" })
  await log.getByText("29999", { exact: true }).waitFor()
  // It is read before the program has ended.
  expect(await page.getByText("the last word").count()).toBe(0)
  expect(await log.getByRole("listitem").count()).toBeLessThan(150)
  // The log that is read stays open when the program ends.
  await log.getByText("the last word").waitFor()
  await settled(admin, id)
  await looksRight("live-log")
  await page.goto(`/executions/${id}?node=speak&tab=tool`)
  const call = page.getByRole("tabpanel", { name: "Call" })
  await call.getByText("Code 0").waitFor()
  await looksRight("call")
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    call.getByRole("button", { name: "Download numbers.txt" }).click(),
  ])
  expect(readFileSync(await file.path(), "utf8")).toBe("0 1 2")
  await page.goto(`/executions/${id}?node=speak&tab=logs`)
  await log.getByText("the last word").waitFor()
  await log.hover()
  await page.mouse.wheel(0, -4_000)
  await page.getByRole("button", { name: "To the end" }).click()
  await log.getByText("the last word").waitFor()
})

it("[TP5] a program that met a limit says which, and what to do", async () => {
  const { admin } = stage.tenant
  const tool = await programTool(stage, "bash", {
    source: "echo begun; sleep 30",
    config: { timeout_seconds: 1 },
  })
  const flow = await publish(admin, {
    name: unique("Slow"),
    ...chain({ id: "input", type: "input", data: {} }, toolNode("slow", tool), {
      id: "out",
      type: "output",
      data: {},
    }),
  })
  const id = await start(admin, flow, {})
  await settled(admin, id)
  await page.goto(`/executions/${id}?node=slow`)
  const error = page.getByRole("tabpanel", { name: "Error" })
  await error.getByText(/longer than its limit of 1 s/).waitFor()
  await error.getByText(/Raise the tool's time limit/).waitFor()
  await looksRight("limit")
  await page.getByRole("tab", { name: "Call" }).click()
  await page.getByText("Ended by the sandbox").waitFor()
})
