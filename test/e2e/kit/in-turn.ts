import { afterEach, beforeEach } from "vitest"

/** Within a `describe`: each step goes on where the one before it stopped, as a person does; after one that failed none is tried. */
export function inTurn(): void {
  let isLost = false
  beforeEach(() => {
    if (isLost) throw new Error("A step before this one failed.")
  })
  afterEach(({ task }) => {
    isLost ||= task.result?.state === "fail"
  })
}
