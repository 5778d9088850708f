import { cleanup, configure } from "@testing-library/react"
import { toast } from "sonner"
import { afterAll, afterEach, vi } from "vitest"

// A machine that does other things as well is slow, not wrong.
configure({ asyncUtilTimeout: 5_000 })

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
  // The next file has the same copy of every package, and of what it remembers.
  toast.dismiss()
})
afterAll(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})
