import { ModelFailure } from "#core/llm/failure"

export type Timeouts = {
  /** Until the first sign of an answer. */
  first_token_ms: number
  /** Between two signs. */
  idle_ms: number
  /** For the whole answer. */
  total_ms: number
}

export const usualTimeouts: Timeouts = { first_token_ms: 120_000, idle_ms: 60_000, total_ms: 900_000 }

export type Watch = {
  /** Aborted when the caller leaves, when time is up and when the answer is over. */
  signal: AbortSignal
  /** The next value, or the caller's reason, or `model.timeout`. The clock runs only while we wait, not while the caller is slow. */
  next: <T>(promise: Promise<T>) => Promise<T>
  /** A sign of an answer: from now on the idle limit counts. */
  alive: () => void
  end: () => void
}

const late = (what: string, ms: number) =>
  new ModelFailure("model.timeout", {
    message: `The model ${what} within ${ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`}.`,
  })

/** Watches over one answer. */
export function watchOver(
  caller: AbortSignal | undefined,
  { first_token_ms, idle_ms, total_ms }: Timeouts,
): Watch {
  const cut = new AbortController()
  let begun = false
  const leave = () => cut.abort(caller?.reason)
  if (caller?.aborted) leave()
  caller?.addEventListener("abort", leave, { once: true })
  const total = setTimeout(() => cut.abort(late("did not finish", total_ms)), total_ms)

  return {
    signal: cut.signal,
    alive: () => {
      begun = true
    },
    async next(promise) {
      // Whoever loses the race must not become an unhandled rejection.
      promise.catch(() => {})
      cut.signal.throwIfAborted()
      const [what, ms] = begun
        ? (["fell silent: nothing came", idle_ms] as const)
        : (["did not begin to answer", first_token_ms] as const)
      const timer = setTimeout(() => cut.abort(late(what, ms)), ms)
      let stop = () => {}
      const aborted = new Promise<never>((_, reject) => {
        stop = () => reject(cut.signal.reason)
        cut.signal.addEventListener("abort", stop, { once: true })
      })
      try {
        return await Promise.race([promise, aborted])
      } catch (error) {
        // An abort shows itself in many ways inside of libraries; its reason is what happened.
        cut.signal.throwIfAborted()
        throw error
      } finally {
        clearTimeout(timer)
        cut.signal.removeEventListener("abort", stop)
      }
    },
    end() {
      clearTimeout(total)
      caller?.removeEventListener("abort", leave)
      cut.abort(new DOMException("The answer is over.", "AbortError"))
    },
  }
}
