import { atom } from "./jotai.ts"

export type Theme = "system" | "light" | "dark"
export type Density = "comfortable" | "compact"
export type Appearance = { theme: Theme; density: Density; nav: "wide" | "icons" }

// Read before the first paint by public/theme.js.
const storageKey = "edgecrew.appearance"
const usual: Appearance = { theme: "system", density: "comfortable", nav: "wide" }

function saved(): Appearance {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<Appearance>) }
  } catch {
    return usual
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
