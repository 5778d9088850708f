import { setTimeout as sleep } from "node:timers/promises"
import type { Browser, Page } from "playwright-core"
import type { FlowNode } from "#core/flow/graph"
import { signIn } from "../../e2e/kit/sign-in.ts"
import type { Tenant } from "../../e2e/kit/world.ts"
import { Ledger } from "./ledger.ts"
import { LineTo } from "./line.ts"

const kinds = ["Model", "Transform", "Code", "Condition", "Merge"]
const patience = { timeout: 3_000 }
const mostNodes = 40

/** What a page shows of a flow, in one order. */
export type Shown = { nodes: FlowNode[]; edges: { id: string; source: string; target: string }[] }

/** Somebody in a browser of their own who never stops editing, by the page's own means, whatever happens to the line. */
export class Robot {
  readonly name: string
  readonly page: Page
  readonly ledger: Ledger
  /** Nodes that it took away again. */
  readonly removed = new Set<string>()
  /** Titles that it gave to nodes as soon as they were added, and never touched again. */
  readonly christened: string[] = []
  /** What it has written as a node's title since the page last said that it is saved, and before that the last. */
  readonly titles = new Map<string, string[]>()
  acts = 0
  partitions = 0
  private readonly line: LineTo
  private readonly chance: () => number
  private own: string[] = []
  private isOver = false

  private constructor(name: string, page: Page, line: LineTo, chance: () => number) {
    this.name = name
    this.page = page
    this.line = line
    this.chance = chance
    this.ledger = new Ledger(page)
  }

  static async arrive(
    browser: Browser,
    {
      name,
      address,
      tenant,
      flow,
      chance,
    }: { name: string; address: string; tenant: Tenant; flow: string; chance: () => number },
  ): Promise<Robot> {
    const line = await LineTo.lay(address, 9_600)
    const context = await browser.newContext({
      baseURL: line.address,
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
    })
    context.setDefaultTimeout(30_000)
    const page = await context.newPage()
    const robot = new Robot(name, page, line, chance)
    await signIn(page, tenant)
    await page.goto(`/flows/${flow}`)
    await page.locator(".react-flow__node").first().waitFor()
    await page.getByText(/^Saved/).waitFor()
    return robot
  }

  /** Edits until it is told to stop. */
  async edit(): Promise<void> {
    while (!this.isOver) {
      // A page that is busy coming back may not let itself be used for a moment: a person tries again.
      await this.act().catch(() => {})
      this.acts++
      await this.look().catch(() => {})
      await sleep(50 + this.chance() * 400)
    }
  }

  stop(): void {
    this.isOver = true
  }

  private act(): Promise<unknown> {
    const what = this.chance()
    if (this.own.length === 0 || (what < 0.2 && this.own.length + this.christened.length < mostNodes))
      return this.add()
    if (what < 0.45) return this.title()
    if (what < 0.75) return this.nudge()
    if (what < 0.9) return this.drag()
    return what < 0.94 ? this.remove() : this.undoOfMove()
  }

  private async add(): Promise<void> {
    const kind = kinds[Math.floor(this.chance() * kinds.length)]!
    // Nothing selected: it is put down by itself.
    await this.page.keyboard.press("Escape")
    const palette = this.page.getByRole("complementary", { name: "Nodes to add" })
    await palette.getByRole("button", { name: kind, exact: true }).click(patience)
    if (this.chance() < 0.4) return this.christen()
    const id = await this.selected()
    if (id !== undefined) this.own.push(id)
  }

  /** The server has hardly heard of the node, and somebody else may have one of that name: the title is for this one all the same. */
  private async christen(): Promise<void> {
    const text = `${this.name} made ${this.christened.length}`
    await this.titleField.fill(text, patience)
    this.christened.push(text)
    await this.page.keyboard.press("Escape")
  }

  private get titleField() {
    return this.page.getByRole("textbox", { name: "Title", exact: true })
  }

  private async selected(): Promise<string | undefined> {
    const chosen = this.page.locator(".react-flow__node.selected")
    return (await chosen.count()) === 1 ? ((await chosen.getAttribute("data-id")) ?? undefined) : undefined
  }

  /** Selects one of its own nodes, as somebody who searches for it. */
  private async choose(): Promise<string | undefined> {
    // What the server has not acknowledged yet may still get another name.
    const known = this.own.filter((one) => this.ledger.added.has(one))
    const id = known[Math.floor(this.chance() * known.length)]
    if (id === undefined) return undefined
    await this.page.keyboard.press("Escape")
    await this.page.keyboard.press("Shift+1")
    await this.node(id).dispatchEvent("click", undefined, patience)
    return (await this.selected()) === id ? id : undefined
  }

  private node = (id: string) => this.page.locator(`.react-flow__node[data-id="${id}"]`)

  private async title(): Promise<void> {
    const id = await this.choose()
    if (id === undefined) return
    const text = `${this.name} ${Math.floor(this.chance() * 1e6)}`
    const said = this.titles.get(id) ?? []
    this.titles.set(id, [...said, text])
    await this.titleField.fill(text, patience)
    await this.page.keyboard.press("Escape")
  }

  /** Moves one of its own nodes by the keys, and never back to where it was; answers whether it moved any. */
  private async nudge(): Promise<boolean> {
    const across = this.chance() < 0.5 ? "ArrowLeft" : "ArrowRight"
    const along = this.chance() < 0.5 ? "ArrowUp" : "ArrowDown"
    if ((await this.choose()) === undefined) return false
    await this.page.locator("[data-canvas] .react-flow__node.selected").focus(patience)
    for (const key of [across, along, across, along]) await this.page.keyboard.press(key)
    return true
  }

  /** Whatever lies there is taken by the hand: often somebody else's. */
  private async drag(): Promise<void> {
    await this.page.keyboard.press("Escape")
    const all = this.page.locator(".react-flow__node")
    const box = await all.nth(Math.floor(this.chance() * (await all.count()))).boundingBox(patience)
    if (!box) return
    const { mouse } = this.page
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(12, box.height / 2)]
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + this.chance() * 160 - 80, y + this.chance() * 120 - 60, { steps: 4 })
    await mouse.up()
  }

  private async remove(): Promise<void> {
    const id = await this.choose()
    if (id === undefined) return
    this.own = this.own.filter((one) => one !== id)
    this.removed.add(id)
    // Its name is free again: who is called so next is somebody else.
    this.titles.delete(id)
    await this.page.locator(".react-flow__node.selected").focus(patience)
    await this.page.keyboard.press("Delete")
  }

  private async undoOfMove(): Promise<void> {
    // Where nothing was moved, this would take back what came before: the adding of a node, for one.
    if (await this.nudge()) await this.page.keyboard.press("Control+z")
  }

  get isSaved(): Promise<boolean> {
    return this.page.getByText(/^Saved/).isVisible()
  }

  /** Once the page says that it is saved, of each title only the last counts. */
  private async look(): Promise<void> {
    if (!(await this.isSaved)) return
    for (const [id, said] of this.titles) this.titles.set(id, said.slice(-1))
  }

  /** The net is gone for so long, for this browser alone. */
  async partition(ms: number): Promise<void> {
    this.partitions++
    await this.page.context().setOffline(true)
    this.line.cut()
    await sleep(ms)
    this.line.mend()
    await this.page.context().setOffline(false)
  }

  /** What the page shows, as it copies it. */
  async shows(): Promise<Shown> {
    await this.page.keyboard.press("Escape")
    await this.page.locator("[data-canvas]").press("Control+a")
    const text = await this.page.evaluate(() => {
      const clipboardData = new DataTransfer()
      document.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true }))
      return clipboardData.getData("text/plain")
    })
    await this.page.keyboard.press("Escape")
    return JSON.parse(text) as Shown
  }

  async leave(): Promise<void> {
    await this.page.context().close()
    this.line.close()
  }
}
