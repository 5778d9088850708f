import type { Timing } from "#core/contract/trigger-config"
import { sayCron, sayInterval } from "./model/cron-words.ts"

/** "At 09:00 on weekdays"; the expression itself where words fail. */
export const sayTiming = (timing: Timing): string =>
  timing.kind === "interval" ? sayInterval(timing.every_seconds) : (sayCron(timing.cron) ?? timing.cron)
