import { expect, it } from "vitest"
import { programFailures } from "#core/tool/program"
import { adviceFor } from "./error-advice.ts"

it("has a word of its own for each way in which a program or a call of a tool fails", () => {
  const codes = [...Object.keys(programFailures), "tool.refused", "tool.inputs_invalid", "tool.unknown"]
  const usual = [adviceFor("tool.").say, adviceFor("step.unheard_of").say]
  const said = codes.map((code) => adviceFor(code).say)
  for (const [i, say] of said.entries()) expect([codes[i], usual.includes(say)]).toEqual([codes[i], false])
  expect(new Set(said).size).toBe(codes.length)
})
