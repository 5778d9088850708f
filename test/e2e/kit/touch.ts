import type { CDPSession, Locator, Page } from "playwright-core"

type Point = { x: number; y: number }

/** Fingers on a screen, and nothing else: what they do goes the way of the browser's own touches. */
export class Fingers {
  private readonly page: Page
  private readonly session: CDPSession

  private constructor(page: Page, session: CDPSession) {
    this.page = page
    this.session = session
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(page, await page.context().newCDPSession(page))
  }

  /** A part of an element, by its width and height. */
  async pointOf(target: Locator, part: Point = { x: 0.5, y: 0.5 }): Promise<Point> {
    const box = await target.boundingBox()
    if (!box) throw new Error(`${String(target)} is not in view`)
    return { x: box.x + box.width * part.x, y: box.y + box.height * part.y }
  }

  tap = (at: Point): Promise<void> => this.page.touchscreen.tap(at.x, at.y)

  private async touch(
    type: "touchStart" | "touchMove" | "touchEnd",
    points: readonly Point[],
  ): Promise<void> {
    await this.session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map((at, id) => ({ ...at, id })),
    })
  }

  /** Each finger from where to where, together. */
  async move(ways: readonly (readonly [from: Point, to: Point])[], steps = 8): Promise<void> {
    await this.touch(
      "touchStart",
      ways.map(([from]) => from),
    )
    for (let step = 1; step <= steps; step++) {
      const part = step / steps
      await this.touch(
        "touchMove",
        ways.map(([from, to]) => ({
          x: from.x + (to.x - from.x) * part,
          y: from.y + (to.y - from.y) * part,
        })),
      )
      await this.page.waitForTimeout(20)
    }
    await this.touch("touchEnd", [])
  }

  /** A finger that rests until a menu opens. */
  async rest(at: Point, until: Locator): Promise<void> {
    await this.touch("touchStart", [at])
    await until.waitFor()
    await this.touch("touchEnd", [])
  }
}
