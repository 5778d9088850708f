import * as z from "zod"
import { ProgramFailure } from "#core/tool/program"

/** What the code around a function says of it: what it returned, why it failed, or why what it returned is none. */
const Said = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({ error: z.string() }),
  z.strictObject({ bad: z.string() }),
])

const mostWords = 900

/** What a function returned. Throws when it failed. */
export function answerOfFunction(said: unknown): unknown {
  const read = Said.safeParse(said).data
  if (!read) throw new ProgramFailure("tool.bad_result", "The code ended without a result.")
  if ("error" in read) throw new ProgramFailure("tool.exit", read.error.slice(0, mostWords))
  if ("bad" in read)
    throw new ProgramFailure(
      "tool.bad_result",
      `What the code returned cannot be passed on: ${read.bad.slice(0, mostWords)}`,
    )
  return read.value
}
