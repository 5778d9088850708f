/** What has a history of its own, such as a long text. */
export type Stepping = { undo(): boolean; redo(): boolean; canUndo: boolean; canRedo: boolean }

const most = 500

/** In which order one person has done things that have histories of their own, so that undo takes back the last of all. */
export class Trail {
  private readonly canvas: Stepping
  private done: Stepping[] = []
  private undone: Stepping[] = []

  constructor(canvas: Stepping) {
    this.canvas = canvas
  }

  /** A new step of one of them, or of the canvas; what was taken back before is not done again. */
  did(what: Stepping = this.canvas): void {
    this.undone = []
    this.done.push(what)
    if (this.done.length > most) this.done.shift()
  }

  get canUndo(): boolean {
    return this.canvas.canUndo || this.done.some((one) => one.canUndo)
  }

  get canRedo(): boolean {
    return this.canvas.canRedo || this.undone.some((one) => one.canRedo)
  }

  undo(): void {
    for (let last = this.done.pop(); last; last = this.done.pop()) {
      if (!last.undo()) continue
      this.undone.push(last)
      return
    }
    // Steps of the canvas that the trail has forgotten.
    if (this.canvas.undo()) this.undone.push(this.canvas)
  }

  redo(): void {
    for (let last = this.undone.pop(); last; last = this.undone.pop()) {
      if (!last.redo()) continue
      this.done.push(last)
      return
    }
    if (this.canvas.redo()) this.done.push(this.canvas)
  }

  /** One of them has stepped back by itself, such as a field in which the keys were pressed. */
  wentBack(what: Stepping): void {
    const at = this.done.lastIndexOf(what)
    if (at >= 0) this.done.splice(at, 1)
    this.undone.push(what)
  }

  wentOn(what: Stepping): void {
    const at = this.undone.lastIndexOf(what)
    if (at >= 0) this.undone.splice(at, 1)
    this.done.push(what)
  }
}
