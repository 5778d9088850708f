import type { Presence } from "#core/canvas/frame"

/** Often enough to look fluent, seldom enough for a crowd, ms. */
const paceMs = 50

/**
 * Tells others where this person is, while there are others: what comes quickly is gathered, and what stands is told to those who
 * come first.
 */
export class Presenter {
  private waiting: Presence | undefined
  private standing: Presence = {}
  private timer: ReturnType<typeof setTimeout> | undefined
  private saidAt = -Infinity
  private isHeard = false
  private readonly say: (presence: Presence) => void

  constructor(say: (presence: Presence) => void) {
    this.say = say
  }

  tell(presence: Presence): void {
    const { selection, caret } = presence
    this.standing = {
      ...this.standing,
      ...(selection ? { selection } : {}),
      ...(caret ? { caret } : {}),
    }
    if (!this.isHeard) return
    this.waiting = { ...this.waiting, ...presence }
    this.timer ??= setTimeout(() => this.now(), Math.max(0, this.saidAt + paceMs - performance.now()))
  }

  /** Whether anybody hears it; to those who are the first it is told what stands. */
  heard(isHeard: boolean): void {
    if (isHeard === this.isHeard) return
    this.isHeard = isHeard
    if (isHeard) this.tell(this.standing)
    else this.stop()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.waiting = undefined
  }

  private now(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const { waiting } = this
    this.waiting = undefined
    if (!waiting || Object.keys(waiting).length === 0) return
    this.saidAt = performance.now()
    this.say(waiting)
  }
}
