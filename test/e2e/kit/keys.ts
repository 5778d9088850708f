import type { Locator, Page } from "playwright-core"
import { expect, vi } from "vitest"

type Role = Parameters<Page["getByRole"]>[0]
type Name = string | RegExp

/** As many stops as the fullest page has, and more. */
const mostStops = 250

/** What comes late on a busy machine comes. */
const patient = { timeout: 10_000, interval: 50 }

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** The name itself; a field may say a note behind its label, such as "optional". */
const whole = (name: Name): RegExp =>
  typeof name === "string" ? new RegExp(`^${escaped(name)}( (optional|set|\\d+ %))?$`) : name

const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluateAll((all) => all.some((one) => one === document.activeElement))

/** Somebody who has a keyboard and nothing else: what they are at is always somewhere, and is asked for by what it is called. */
export class Keys {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  #of(role: Role, name: Name): Locator {
    return this.page.getByRole(role, { name: whole(name) })
  }

  /** What has the focus, in words. */
  where(): Promise<string> {
    return this.page.evaluate(() => {
      const one = document.activeElement
      if (!one || one === document.body) return "nowhere"
      const words = one.getAttribute("aria-label") ?? one.textContent.slice(0, 60)
      return `${one.getAttribute("role") ?? one.tagName.toLowerCase()} “${words || one.id}”`
    })
  }

  /** The focus is on this, now or in a moment. */
  async at(role: Role, name: Name): Promise<void> {
    await this.#settled(this.#of(role, name), `${role} “${String(name)}”`)
  }

  async #settled(target: Locator, what: string): Promise<void> {
    await vi.waitFor(async () => {
      if (!(await hasFocus(target))) throw new Error(`The focus is at ${await this.where()}, not at ${what}.`)
    }, patient)
  }

  /** The focus is somewhere: it was not lost by what was done. */
  async held(): Promise<void> {
    // What goes away may go a moment after the key.
    await this.page.waitForTimeout(60)
    await vi.waitFor(async () => expect(await this.where()).not.toBe("nowhere"), { timeout: 10_000 })
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
    await this.held()
  }

  /** Tabs on, or back, until it is there. */
  async to(role: Role, name: Name, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const target = this.#of(role, name)
    await target.first().waitFor({ state: "attached" })
    for (let stops = 0; stops < mostStops; stops++) {
      if (await hasFocus(target)) return
      await this.page.keyboard.press(key)
    }
    const stops: string[] = []
    for (let i = 0; i < 40; i++) {
      stops.push(await this.where())
      await this.page.keyboard.press(key)
    }
    throw new Error(`The ${key} key does not lead to ${role} “${String(name)}”, but to ${stops.join(", ")}.`)
  }

  /** Walks the list to a row, as one does from anywhere on the page. */
  async row(name: Name): Promise<void> {
    const target = this.#of("row", name)
    await target.waitFor()
    await this.page.keyboard.press("k")
    for (let rows = 0; rows < mostStops && !(await hasFocus(target)); rows++)
      await this.page.keyboard.press("j")
    await this.at("row", name)
  }

  /** Goes there and presses it. */
  async do(role: Role, name: Name, key = "Enter"): Promise<void> {
    await this.to(role, name)
    await this.press(key)
  }

  /** Chooses in the menu that the button in focus opens. */
  async menu(item: Name): Promise<void> {
    await this.page.keyboard.press("Enter")
    const target = this.#of("menuitem", item)
    await target.waitFor()
    for (let items = 0; items < 20 && !(await hasFocus(target)); items++) {
      await this.page.keyboard.press("ArrowDown")
      // The menu moves the focus a moment after the key.
      await this.page.waitForTimeout(30)
    }
    await this.at("menuitem", item)
    await this.press("Enter")
  }

  /** Goes to a field and writes over what stands there. */
  async write(name: Name, text: string, role: Role = "textbox"): Promise<void> {
    await this.to(role, name)
    await this.page.keyboard.press("Control+A")
    if (text === "") await this.page.keyboard.press("Delete")
    else await this.page.keyboard.insertText(text)
    await this.held()
  }

  /** A password field has no role: it is found by its label. */
  async secret(label: string, text: string): Promise<void> {
    const target = this.page.getByLabel(whole(label))
    for (let stops = 0; stops < mostStops && !(await hasFocus(target)); stops++)
      await this.page.keyboard.press("Tab")
    await this.#settled(target, `“${label}”`)
    await this.page.keyboard.press("Control+A")
    await this.page.keyboard.insertText(text)
  }

  /** Opens a select, walks to the option and takes it; the select has the focus again. */
  async choose(name: Name, option: string): Promise<void> {
    await this.to("combobox", name)
    const chosen = () =>
      this.page.evaluate(() => {
        const one = document.activeElement
        if (one instanceof HTMLOptionElement) return { at: one.label, isOpen: true }
        return { at: one instanceof HTMLSelectElement ? one.selectedOptions[0]?.label : "", isOpen: false }
      })
    if ((await chosen()).at === option) return
    await this.page.keyboard.press("ArrowDown")
    await this.page.keyboard.press("Home")
    for (let options = 0; options < 60 && (await chosen()).at !== option; options++)
      await this.page.keyboard.press("ArrowDown")
    if ((await chosen()).isOpen) await this.page.keyboard.press("Enter")
    await vi.waitFor(async () => expect(await chosen()).toEqual({ at: option, isOpen: false }), patient)
    await this.held()
  }

  /** A dialog is open, has the focus, keeps it however often one tabs, and can be left by Escape. */
  async trapped(name: Name, role: "dialog" | "alertdialog" = "dialog"): Promise<void> {
    const dialog = this.#of(role, name)
    await dialog.waitFor()
    const isInside = () => dialog.evaluate((one) => one.contains(document.activeElement))
    await vi.waitFor(async () => expect(await isInside()).toBe(true), patient)
    for (const key of ["Tab", "Shift+Tab"]) {
      const stops = await dialog.evaluate(
        (one) => one.querySelectorAll("a, button, input, select, textarea, [tabindex]").length,
      )
      for (let i = 0; i < Math.min(stops + 2, 12); i++) {
        await this.page.keyboard.press(key)
        if (!(await isInside()))
          throw new Error(`${key} leads out of “${String(name)}” to ${await this.where()}.`)
      }
    }
  }

  /** Escape closes the dialog and leads back. */
  async escape(name: Name, back: [Role, Name], role: "dialog" | "alertdialog" = "dialog"): Promise<void> {
    await this.#of(role, name).waitFor()
    await this.page.keyboard.press("Escape")
    await this.#of(role, name).waitFor({ state: "detached" })
    await this.at(...back)
  }

  /** The field is marked, its words are tied to it and announced, and it has the focus. */
  async refused(name: Name, says: Name, role: Role = "textbox"): Promise<void> {
    await this.at(role, name)
    const isMarked = () => this.page.evaluate(() => document.activeElement?.getAttribute("aria-invalid"))
    await vi.waitFor(async () => expect(await isMarked()).toBe("true"), patient)
    const words = await this.page.evaluate(() =>
      (document.activeElement?.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id))
        .filter((said) => said?.getAttribute("role") === "alert")
        .map((said) => said?.textContent)
        .join(" "),
    )
    expect(words).toMatch(says)
  }

  /** The last toast's way back. */
  async undo(says: Name): Promise<void> {
    await this.page.getByText(says).first().waitFor()
    await this.page.keyboard.press("Alt+T")
    await this.to("button", "Undo")
    await this.press("Enter")
  }
}
