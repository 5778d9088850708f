import { describe } from "vitest"
import { escapes } from "./escape/escape.ts"

describe.runIf(process.getuid?.() === 0)("[SB1] as root: a user and a control group for each slot", () => {
  escapes("strong", null)
})
