/** Requests that public/prelude.js has sent before any module was here, by method and address; undefined where one failed. */
type Early = Map<string, Promise<Response | undefined>>

const isEarly = (value: unknown): value is Early => value instanceof Map

const answers = (): Early | undefined => {
  const kept: unknown = Reflect.get(globalThis, "__edgecrew_early")
  return isEarly(kept) ? kept : undefined
}

/** An answer that nobody took while the page opened is no longer news, ms. */
const freshMs = 30_000

/** The answer to a request that was sent early, once; undefined where there is none, or none came. */
export function takeEarly(method: string, address: string): Promise<Response | undefined> | undefined {
  const key = `${method} ${address}`
  const answer = answers()?.get(key)
  answers()?.delete(key)
  // Counted from when the page was asked for.
  return performance.now() < freshMs ? answer : undefined
}

/** What was asked for belongs to the session that was there then. */
export const forgetEarly = (): void => answers()?.clear()
