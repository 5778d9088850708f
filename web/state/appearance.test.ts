import { afterEach, expect, it } from "vitest"
import { appearanceAtom } from "./appearance.ts"
import { createStore } from "./jotai.ts"

const { dataset } = document.documentElement

afterEach(() => createStore().set(appearanceAtom, { theme: "system", density: "comfortable", nav: "wide" }))

it("puts the choice where the tokens look for it, and keeps it for the next visit", () => {
  const store = createStore()
  store.set(appearanceAtom, { theme: "dark", density: "compact" })
  expect(dataset["theme"]).toBe("dark")
  expect(dataset["density"]).toBe("compact")
  expect(JSON.parse(localStorage.getItem("edgecrew.appearance") ?? "{}")).toMatchObject({ theme: "dark" })
  store.set(appearanceAtom, { theme: "system" })
  expect(dataset["theme"]).toBeUndefined()
  expect(dataset["density"]).toBe("compact")
})
