import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { providersApi } from "#core/contract/llm-providers"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { openPlace, type Place } from "./kit/keyboard-place.ts"
import type { Visitor } from "./kit/browser.ts"
import type { Keys } from "./kit/keys.ts"
import { inTurn } from "./kit/in-turn.ts"

let vendor: OpenAiServer
let place: Place
let visitor: Visitor
let keys: Keys
let page: Page

beforeAll(async () => {
  vendor = await startOpenAiServer()
  place = await openPlace({ settings: { EDGECREW_EGRESS_ALLOW: vendor.host } })
  const guest = await place.guest()
  visitor = guest.visitor
  keys = guest.keys
  page = visitor.page
})
afterAll(async () => {
  await place?.end()
  await vendor?.close()
})

const providers = async () =>
  (await place.tenant.admin.ask(providersApi.list.reply, "GET", "/llm-providers")).llm_providers

describe("a newcomer with a keyboard", () => {
  inTurn()

  it("finds the models, and leaves the dialog of a new provider as it was found", async () => {
    await keys.do("link", "Models")
    await keys.do("button", "Add provider")
    await keys.trapped("Add a model provider")
    await keys.escape("Add a model provider", ["button", "Add provider"])
  })

  it("is shown the fields that each vendor needs, and no others", async () => {
    await keys.press("Enter")
    await page.getByRole("dialog").waitFor()
    const labels = ["Base URL", "Account id", "API key", "Structured output", "Pace"]
    const shown: Record<string, string[]> = {}
    for (const type of [
      "Builtin",
      "OpenAI",
      "Anthropic",
      "Google",
      "xAI",
      "Ollama",
      "vLLM",
      "Workers AI",
      "OpenAI-compatible",
    ]) {
      await page.getByRole("combobox", { name: "Type" }).selectOption({ label: type })
      const found = await Promise.all(labels.map((label) => page.getByLabel(label, { exact: false }).count()))
      shown[type] = labels.filter((_, i) => found[i]! > 0)
    }
    expect(shown).toEqual({
      Builtin: ["Pace"],
      OpenAI: ["Base URL", "API key"],
      Anthropic: ["Base URL", "API key"],
      Google: ["Base URL", "API key"],
      xAI: ["Base URL", "API key"],
      Ollama: ["Base URL", "API key", "Structured output"],
      vLLM: ["Base URL", "API key", "Structured output"],
      "Workers AI": ["Account id", "API key"],
      "OpenAI-compatible": ["Base URL", "API key", "Structured output"],
    })
  })

  it("is told beside the field what a provider lacks, adds it, and sees that it answers", async () => {
    await keys.to("combobox", "Type")
    await keys.choose("Type", "OpenAI-compatible")
    await keys.write("Name", "Vendor")
    await keys.press("Enter")
    await keys.refused("Base URL", /address|URL/i)
    await keys.write("Base URL", vendor.url)
    await keys.secret("API key", "sk-wrong-0000000000000000")
    await keys.press("Enter")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await keys.at("button", "Add provider")
    await keys.row("Vendor")
    await keys.do("button", "Test")
    await page.getByRole("row", { name: "Vendor" }).getByText(/key/i).first().waitFor()
    await keys.at("button", "Test")
  })

  it("puts another key in the place of the one that was wrong, and reads neither", async () => {
    await keys.row("Vendor")
    await keys.press("Enter")
    await keys.trapped("Vendor")
    await expect.poll(() => page.getByRole("dialog").innerText()).toContain("A key ending in 0000 is stored")
    await keys.secret("API key", vendor.apiKey)
    await keys.write("Default model", "gpt-test", "combobox")
    await keys.do("button", "Save changes")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await keys.at("row", "Vendor")
    await keys.do("button", "Test")
    await page
      .getByRole("row", { name: "Vendor" })
      .getByText(/Answered in/)
      .waitFor()
    expect(await page.content()).not.toContain(vendor.apiKey)
  })

  it("turns a provider off and on, deletes it and brings it back", async () => {
    await keys.to("button", "Actions for Vendor")
    await keys.menu("Turn off")
    await keys.at("button", "Actions for Vendor")
    await page.getByRole("row", { name: "Vendor" }).getByText("Off", { exact: true }).waitFor()
    await keys.menu("Turn on")
    await page.getByRole("row", { name: "Vendor" }).getByText("Active", { exact: true }).waitFor()
    await keys.menu("Delete")
    await page.getByRole("row", { name: "Vendor" }).waitFor({ state: "detached" })
    await keys.held()
    await keys.undo("Deleted “Vendor”")
    await page.getByRole("row", { name: "Vendor" }).waitFor()
    expect((await providers()).map((one) => one.name)).toContain("Vendor")
  })

  it("makes an alias of ordered and weighted targets, told beside the field what is wrong", async () => {
    await keys.to("tab", "Providers")
    await keys.press("ArrowRight")
    await keys.at("tab", "Aliases")
    await keys.do("button", "Add alias")
    await keys.trapped("Add a model alias")
    await keys.write("Name", "Fast one")
    await keys.press("Enter")
    await keys.refused("Name", /small letters/)
    await keys.write("Name", "fast")
    await keys.do("button", "Add a target")
    await keys.do("button", "Add a target")
    await page.getByRole("group", { name: "Target 3" }).waitFor()
    await keys.do("button", "Remove target 3")
    await keys.held()
    await keys.do("button", "Move target 2 up")
    await keys.held()
    await keys.to("combobox", "Provider", "Shift+Tab")
    await keys.choose("Provider", "Vendor")
    await keys.to("combobox", "Model")
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe("gpt-test")
    await keys.write("Model", "", "combobox")
    await keys.do("button", "Add alias")
    await keys.refused("Model", /Name a model/, "combobox")
    await keys.write("Model", "gpt-test", "combobox")
    await keys.write("Weight", "3")
    await keys.to("checkbox", "Shares the calls of the one above")
    await keys.press("Space")
    await page.getByText("75 %", { exact: true }).waitFor()
    await keys.do("button", "Add alias")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await keys.at("button", "Add alias")
    await page.getByRole("row", { name: "fast" }).getByText("builtin 25 %, gpt-test 75 %").waitFor()
  })

  it("changes the alias, deletes it and brings it back", async () => {
    await keys.row("fast")
    await keys.press("Enter")
    await keys.trapped("fast")
    await keys.write("Description", "For short answers")
    await keys.press("Enter")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await keys.at("row", "fast")
    await keys.to("button", "Actions for fast")
    await keys.menu("Delete")
    await page.getByText("No aliases yet").waitFor()
    await keys.held()
    await keys.undo("Deleted “fast”")
    await page.getByRole("row", { name: "fast" }).waitFor()
  })

  it("reads how models do and what they cost", async () => {
    await keys.to("tab", "Aliases", "Shift+Tab")
    await keys.press("ArrowRight")
    await keys.at("tab", "Health")
    // What an alias names is listed before it was ever asked.
    await page.getByRole("row", { name: /gpt-test/ }).waitFor()
    await keys.press("ArrowRight")
    await keys.at("tab", "Prices")
    await keys.press("/")
    await keys.at("searchbox", "Search models")
    await page.keyboard.type("gpt-4o-mini")
    const row = page.getByRole("row", { name: "gpt-4o-mini" })
    await row.waitFor()
    await expect.poll(() => row.innerText()).toMatch(/OpenAI\s+\$0\.15\s+\$0\.60/)
    await keys.do("button", "Clear the search")
    await keys.at("searchbox", "Search models")
    await keys.press("Escape")
  })
})

it("had nothing to complain about", () => {
  expect(visitor.complaints).toEqual([])
})
