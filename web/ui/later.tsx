import { useEffect, useSyncExternalStore, type ComponentType } from "react"
import { toast } from "./toast.tsx"

/** Code that a page can be drawn without: it is fetched when it is first asked for, and can be asked for again when that failed. */
export type Later<Code> = {
  /** What has come; null before. */
  now: () => Code | null
  /** The code; asks for it unless it is here or on the way. Rejects when it cannot be had. */
  fetch: () => Promise<Code>
  /** Acts at once where the code is here, else when it comes; says so when it does not. */
  use: (act: (code: Code) => void) => void
  isLost: () => boolean
  subscribe: (tell: () => void) => () => void
}

export function later<Code>(load: () => Promise<Code>): Later<Code> {
  let code: Code | null = null
  let underWay: Promise<Code> | null = null
  let isLost = false
  const listeners = new Set<() => void>()
  const settle = (lost: boolean) => {
    isLost = lost
    for (const tell of listeners) tell()
  }
  const fetch = (): Promise<Code> => {
    if (code !== null) return Promise.resolve(code)
    underWay ??= load()
      .then((come) => {
        code = come
        settle(false)
        return come
      })
      .catch((error: unknown) => {
        underWay = null
        settle(true)
        throw error
      })
    return underWay
  }
  return {
    now: () => code,
    fetch,
    use(act) {
      if (code !== null) act(code)
      else
        void fetch().then(act, () =>
          toast.failed("", "A part of this page could not be fetched. Check your connection."),
        )
    },
    isLost: () => isLost,
    subscribe(tell) {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
  }
}

/** Code that others ask for; null until it has come. */
export const useCome = <Code,>(one: Later<Code>): Code | null => useSyncExternalStore(one.subscribe, one.now)

/** Code that a component wants as soon as it is there; null until it has come. */
export function useLater<Code>(one: Later<Code>): { code: Code | null; isLost: boolean } {
  const code = useCome(one)
  const isLost = useSyncExternalStore(one.subscribe, one.isLost)
  useEffect(() => {
    if (code === null) one.fetch().catch(() => undefined)
  }, [one, code])
  return { code, isLost }
}

type Meanwhile = {
  /** Keeps the place of what comes. */
  Coming: ComponentType
  /** Says that it does not, and lets it be asked for again. */
  Lost: ComponentType<{ onRetry: () => void }>
}

/** A component whose code comes later. Once it is here it is drawn at once, without a moment of its stand-in. */
export function part<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { Coming, Lost }: Meanwhile,
): ComponentType<Props> & { fetch: () => Promise<unknown> } {
  // Kept in an object: a component is a function, and not one that makes state.
  const source = later(async () => ({ Whole: await load() }))
  function Part(props: Props) {
    const { code, isLost } = useLater(source)
    if (code) return <code.Whole {...props} />
    return isLost ? <Lost onRetry={() => void source.fetch().catch(() => undefined)} /> : <Coming />
  }
  return Object.assign(Part, { fetch: source.fetch })
}

const whenIdle = (act: () => void): void => {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: 2_000 })
  else setTimeout(act, 200)
}

/**
 * Fetches code one part after the other while the page has nothing else to do, so that it is there without a network too; what
 * could not be had is asked for again when the network is back. Returns how to stop.
 */
export function fetchInIdle(parts: readonly (() => Promise<unknown>)[]): () => void {
  let missing = [...parts]
  const over = new AbortController()
  let isAsking = false
  let isWanted = false
  const ask = async () => {
    isWanted = true
    if (isAsking) return
    isAsking = true
    // Whoever asks during a round wants another one: what was lost early in it may be had by now.
    while (isWanted) {
      isWanted = false
      for (const fetch of missing) {
        await new Promise<void>((resolve) => whenIdle(resolve))
        if (over.signal.aborted) return
        await fetch().then(
          () => (missing = missing.filter((one) => one !== fetch)),
          () => undefined,
        )
      }
    }
    isAsking = false
  }
  void ask()
  window.addEventListener("online", () => void ask(), { signal: over.signal })
  return () => over.abort()
}
