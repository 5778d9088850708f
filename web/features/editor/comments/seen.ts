import * as z from "zod"
import { atom } from "#web/state/jotai.ts"
import type { Seen } from "./threads.ts"

/** What this person has read here, kept in this browser. */
export const seenAtom = atom<Seen>({})

const Kept = z.record(z.string(), z.string())
const keyOf = (me: string, flow: string): string => `edgecrew.comments.${me}.${flow}`

export function keptSeen(me: string, flow: string): Seen {
  try {
    return Kept.catch({}).parse(JSON.parse(localStorage.getItem(keyOf(me, flow)) ?? "{}"))
  } catch {
    return {}
  }
}

export function keepSeen(me: string, flow: string, seen: Seen): void {
  try {
    localStorage.setItem(keyOf(me, flow), JSON.stringify(seen))
  } catch {
    // A browser that keeps nothing shows them as new again.
  }
}
