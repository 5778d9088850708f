import type { ModelCall } from "./call.ts"
import type { ModelEvent } from "./event.ts"

type Finished = Extract<ModelEvent, { type: "finished" }>

/** An answer as it is kept for equal questions, and who gave it. */
export type KeptAnswer = Pick<Finished, "text" | "object" | "tool_calls" | "finish_reason"> & {
  provider_type: string
  provider_id: string
  model: string
}

const longest = 256_000

/** Whether an answer may be given again: only at temperature 0, where the same is expected anyhow, and whole ones only. */
export const isKept = (call: Pick<ModelCall, "temperature">, answer: Finished): boolean =>
  call.temperature === 0 &&
  (answer.finish_reason === "stop" || answer.finish_reason === "tool_calls") &&
  JSON.stringify(answer).length <= longest

/** An answer out of the cache: nobody was asked, so nothing is paid for. */
export const keptEvent = ({ text, object, tool_calls, finish_reason }: KeptAnswer): Finished => ({
  type: "finished",
  text,
  ...(object === undefined ? {} : { object }),
  ...(tool_calls === undefined ? {} : { tool_calls }),
  finish_reason,
  usage: { input_tokens: 0, output_tokens: 0, estimated: false },
})
