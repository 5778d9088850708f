import { useSyncExternalStore } from "react"

/** Something that can be done on the page that is open, as the command palette offers it. */
export type PageCommand = { id: string; label: string; keys?: string; run: () => void }

let offered: readonly PageCommand[] = []
const listeners = new Set<() => void>()

function offer(next: readonly PageCommand[]): void {
  offered = next
  for (const tell of listeners) tell()
}

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

/** What the open page offers. */
export const usePageCommands = (): readonly PageCommand[] => useSyncExternalStore(subscribe, () => offered)

/** Offers several commands at once; answers how to take them back. */
export function offerCommands(commands: readonly PageCommand[]): () => void {
  const own = new Set(commands)
  offer([...offered, ...commands])
  return () => offer(offered.filter((one) => !own.has(one)))
}
