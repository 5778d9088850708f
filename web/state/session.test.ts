import { afterEach, expect, it, vi } from "vitest"
import { session } from "./session.ts"

/** What another tab's write to storage looks like in this one. */
const otherTab = (newValue: string | null, oldValue: string | null = "tenant_a") =>
  window.dispatchEvent(new StorageEvent("storage", { key: "edgecrew.tenant", oldValue, newValue }))

afterEach(() => session.end("left"))

it("[A63] keeps no token in storage, and nothing after signing out", () => {
  session.begin("secret-token", "tenant_a")
  expect(session.token).toBe("secret-token")
  expect(JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])).not.toContain(
    "secret-token",
  )
  localStorage.setItem("edgecrew.appearance", "{}")
  const theirs = () => {
    localStorage.setItem("edgecrew.folds.flow_1", "[]")
    sessionStorage.setItem("edgecrew.pins.flow_1", '{"a":"secret"}')
  }
  theirs()
  session.end("lost")
  expect([Object.keys(localStorage).length, sessionStorage.length]).toEqual([2, 1])
  session.begin("secret-token", "tenant_a")
  session.end("left")
  expect(session.token).toBeNull()
  expect(Object.keys(localStorage)).toEqual(["edgecrew.appearance"])
  expect(sessionStorage.length).toBe(0)
  localStorage.clear()
})

it("[A63] leaves nothing in the tabs beside it either", () => {
  const stop = session.watchOtherTabs()
  const heard = vi.fn()
  const deafen = session.onEnd(heard)
  session.begin("t", "tenant_a")
  sessionStorage.setItem("edgecrew.inputs.flow_1", "{}")
  otherTab("left")
  otherTab(null, "left")
  expect(heard.mock.calls).toEqual([["left"]])
  expect(sessionStorage.length).toBe(0)
  stop()
  deafen()
})

it("knows whether asking for a token is worth a request", () => {
  expect(session.mayResume()).toBe(false)
  session.begin("t", "tenant_a")
  expect(session.mayResume()).toBe(true)
})

it("follows another tab that signs out or switches its tenant", () => {
  const stop = session.watchOtherTabs()
  const heard = vi.fn()
  const deafen = session.onEnd(heard)
  session.begin("t", "tenant_a")
  otherTab("tenant_b")
  expect(heard).toHaveBeenLastCalledWith("tenant_changed")
  expect(session.token).toBeNull()
  session.renew("t2")
  otherTab(null)
  expect(heard).toHaveBeenLastCalledWith("lost")
  expect(heard).toHaveBeenCalledTimes(2)
  stop()
  deafen()
})

it("does not mind what another tab does while nobody is signed in here", () => {
  const stop = session.watchOtherTabs()
  const heard = vi.fn()
  const deafen = session.onEnd(heard)
  otherTab("tenant_b")
  expect(heard).not.toHaveBeenCalled()
  stop()
  deafen()
})
