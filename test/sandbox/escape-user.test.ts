import { describe } from "vitest"
import { escapes } from "./escape/escape.ts"

/** Nobody else's on this machine, so that whatever it leaves is found by it. */
const user = 60_000 + (process.pid % 5_000)

describe("[SB2] as an ordinary user: profile dev", () => {
  escapes("dev", process.getuid?.() === 0 ? user : null)
})
