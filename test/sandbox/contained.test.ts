import { describe, expect, it } from "vitest"
import { processPrograms } from "./escape/programs/processes.ts"
import { resourcePrograms } from "./escape/programs/resources.ts"
import { escapes } from "./escape/escape.ts"
import { isRoot } from "./kit/real-backend.ts"
import { Walls } from "./kit/walls.ts"

// As in a container that may not write control groups but has a limit of its own. What a program may ask of the kernel is the same in
// every profile, so here are those that only a control group would hold.
describe.runIf(isRoot)("[SB13] a user for each slot, without control groups", () => {
  escapes("contained", null, { processes: processPrograms.slice(0, 8), memory: resourcePrograms })
})

describe.runIf(isRoot)("[SB14] what is missing is said", () => {
  it("neither control groups nor a limit of the container", async () => {
    const walls = new Walls("contained", null, { limited: false })
    expect(await walls.hello).toMatchObject({
      ready: false,
      reason: expect.stringContaining("nothing could limit memory"),
    })
    await walls.close()
  })

  it("root in the profile of ordinary users, and an ordinary user in root's", async () => {
    const root = new Walls("dev", null)
    expect(await root.hello).toMatchObject({ ready: false, reason: expect.stringContaining("ordinary user") })
    await root.close()
    const user = new Walls("strong", 60_000 + (process.pid % 5_000))
    expect(await user.hello).toMatchObject({ ready: false, reason: expect.stringContaining("needs root") })
    await user.close()
  })

  it("no bubblewrap", async () => {
    const walls = new Walls("strong", null, { path: "/nonexistent" })
    expect(await walls.hello).toMatchObject({
      ready: false,
      reason: expect.stringContaining("bubblewrap is missing"),
    })
    await walls.close()
  })
})

describe.runIf(isRoot)("[SB15] a shell that joins its group as root", () => {
  it("becomes the slot's user before anything of the run is there", async () => {
    const walls = new Walls("strong", null, { broken: "late" })
    expect(await walls.hello).toMatchObject({ ready: true })
    await walls.close()
  })
})
