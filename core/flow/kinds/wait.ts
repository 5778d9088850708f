import * as z from "zod"
import { common, firstLine, out, stringsIn, type Kind } from "./kind.ts"

/** A year: who waits longer wants a schedule. */
export const mostWaitSeconds = 366 * 24 * 3600

/** ISO 8601 with a time zone; a date alone is midnight UTC. */
export const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

const { on_error, error_value } = common

export const WaitData = z
  .strictObject({
    seconds: z
      .union([z.number().min(0).max(mostWaitSeconds), z.string().min(1).max(16_384)])
      .optional()
      .meta({ title: "Seconds", description: "How long: a number, or an expression that makes one" }),
    until: z
      .string()
      .max(16_384)
      .optional()
      .meta({ title: "Until", description: "A date and time (ISO 8601), or an expression that makes one" }),
    callback: z.boolean().optional().meta({
      title: "For a call",
      description:
        "Wait until the address execution.callbacks.<this node> is called; its body becomes the output. With seconds or a date, the step fails when nobody has called by then.",
    }),
    on_error,
    error_value,
  })
  .refine(
    ({ seconds, until, callback }) => seconds !== undefined || until !== undefined || callback === true,
    {
      error: "Say how long: seconds, a date, or a call",
      path: ["seconds"],
    },
  )
  .refine(({ seconds, until }) => seconds === undefined || until === undefined, {
    error: "Give seconds or a date, not both",
    path: ["until"],
  })
export type WaitData = z.infer<typeof WaitData>

export const wait: Kind = {
  type: "wait",
  title: "Wait",
  summary: "Rests for a time, until a date, or until somebody calls",
  family: "control",
  icon: "hourglass",
  act: "wait",
  data: WaitData,
  takesInput: true,
  handles: () => [out],
  expressions: (data) => [...stringsIn(data["seconds"], "seconds"), ...stringsIn(data["until"], "until")],
  substance: (data) => {
    const { seconds } = data
    const until = firstLine(data["until"])
    const time =
      typeof seconds === "number" || typeof seconds === "string"
        ? `${seconds} s`
        : until
          ? firstLine(`until ${until}`)
          : ""
    if (data["callback"] === true) return time ? `A call within ${time}` : "A call"
    return time || "No time yet"
  },
}
