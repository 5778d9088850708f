/** While there is much to tell, it is told so often at most, ms. */
const leastMs = 4
/** However busy it is, people see each other move. */
const mostMs = 250
/** After each telling so much of the time that it took is for hearing. */
const hearing = 0.25
/** What takes longer than this, ms, is heard for more: a thousand people say twenty thousand things a second. */
const longMs = 16
const longHearing = 0.6
const smoothing = 0.3

/**
 * How often everybody is told what happens. A frame to a thousand people is a thousand messages, which takes as long as it takes on
 * the machine that it is: the time until they were all given out is measured, and the next telling waits accordingly.
 */
export class Pace {
  private toldAt = 0
  private takes = 0
  private isMeasuring = false

  /** How long the next telling should wait. */
  wait(now: number): number {
    return this.toldAt + this.every - now
  }

  get every(): number {
    const rest = hearing * this.takes + longHearing * Math.max(0, this.takes - longMs)
    return Math.min(mostMs, Math.max(leastMs, this.takes + rest))
  }

  /** Something was told. `after` calls back once everything that waits now has been seen to. */
  told(now: number, after: (done: () => void) => void): void {
    this.toldAt = now
    if (this.isMeasuring) return
    this.isMeasuring = true
    after(() => {
      this.isMeasuring = false
      this.takes += smoothing * (Date.now() - now - this.takes)
    })
  }
}
