import { expect, it } from "vitest"
import { exitIn, sayExit, type ProgramExit } from "./exit.ts"

it("reads how a program ended out of what is said of it, and nothing out of other words", () => {
  const exits: ProgramExit[] = [{ code: 0 }, { code: 137 }, { signal: "SIGKILL" }, { signal: "SIGUSR1" }]
  for (const exit of exits) expect(exitIn(`${sayExit(exit)}: it said so`)).toEqual(exit)
  expect(exitIn("The program's result cannot be read.")).toBeUndefined()
  expect(exitIn("It said: The program ended with code 7")).toBeUndefined()
})
