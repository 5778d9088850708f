import { cleanup } from "@testing-library/react"
import { afterEach, vi } from "vitest"

// happy-dom has no layout: a page is as wide as a desk, and observers see nothing.
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: /width >= /.test(query),
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}))

afterEach(() => {
  cleanup()
  localStorage.clear()
})
