import { builtinModel, runBuiltin, wordGroups } from "#core/llm/builtin/builtin"
import type { Provider } from "../provider.ts"

/** The offline model of core, streamed in groups of words. */
export const builtin: Provider<"builtin"> = {
  async *stream({ pace_ms = 0 }, call, { signal }) {
    const { text, tool_calls = [], finish_reason, usage } = runBuiltin(call)
    for (const group of wordGroups(text)) {
      signal.throwIfAborted()
      yield { type: "delta", text: group }
      if (pace_ms > 0) await pause(pace_ms, signal)
    }
    for (const { id, name, arguments: value } of tool_calls) {
      yield { type: "tool_call", id, name, arguments: JSON.stringify(value) }
    }
    yield { type: "end", finish_reason, usage }
  },
  models: () => Promise.resolve([builtinModel]),
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave)
      resolve()
    }, ms)
    const leave = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener("abort", leave, { once: true })
  })
