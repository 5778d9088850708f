import * as z from "zod"
import { atom } from "./jotai.ts"

const Appearance = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  density: z.enum(["comfortable", "compact"]).catch("comfortable"),
  nav: z.enum(["wide", "icons"]).catch("wide"),
})
export type Appearance = z.infer<typeof Appearance>
export type Theme = Appearance["theme"]

// Read before the first paint by public/prelude.js.
const storageKey = "edgecrew.appearance"

function saved(): Appearance {
  try {
    return Appearance.parse(JSON.parse(localStorage.getItem(storageKey) ?? "{}"))
  } catch {
    return Appearance.parse({})
  }
}

/** Puts the choice on the document, where tokens.css and the shell's styles look for it. */
function show({ theme, density, nav }: Appearance): void {
  const { dataset } = document.documentElement
  const put = (key: string, value: string | undefined) => {
    if (value === undefined) delete dataset[key]
    else dataset[key] = value
  }
  put("theme", theme === "system" ? undefined : theme)
  put("density", density === "compact" ? density : undefined)
  put("nav", nav === "icons" ? nav : undefined)
}

const held = atom(saved())

/** How the pages look to this person on this device. */
export const appearanceAtom = atom(
  (get) => get(held),
  (get, set, change: Partial<Appearance>) => {
    const next = { ...get(held), ...change }
    set(held, next)
    show(next)
    try {
      localStorage.setItem(storageKey, JSON.stringify(next))
    } catch {
      // Without storage the choice holds until the page is closed.
    }
  },
)
