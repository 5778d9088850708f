import { argumentsOf, builtin, textIn } from "./builtin.ts"

/** The time now, in a time zone by its IANA name. */
export const time = builtin(
  "time",
  {
    description:
      "Tells the date and time now. Use it whenever an answer depends on today's date or the time of day.",
    input_schema: argumentsOf(
      {
        time_zone: {
          type: "string",
          maxLength: 60,
          description: "An IANA name such as Europe/Berlin; UTC when it is left out",
        },
      },
      [],
    ),
  },
  {
    is: "computed",
    run: async (args, { now }) => {
      const zone = textIn(args, "time_zone") || "UTC"
      const at = new Date(now)
      try {
        const parts = new Intl.DateTimeFormat("en-GB", {
          timeZone: zone,
          dateStyle: "full",
          timeStyle: "long",
        }).format(at)
        return { now: at.toISOString(), time_zone: zone, local: parts }
      } catch {
        throw Object.assign(
          new Error(`There is no time zone ${zone.slice(0, 60)}. Use an IANA name such as Europe/Berlin.`),
          {
            code: "tool.arguments",
          },
        )
      }
    },
  },
)
