import { readFileSync } from "node:fs"
import { join } from "node:path"
import { runInThisContext } from "node:vm"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { authApi } from "#core/contract/auth"
import { apiBase } from "#core/contract/endpoint"
import { flowsApi } from "#core/contract/flows"
import { forgetEarly, takeEarly } from "#web/state/early.ts"
import { session } from "#web/state/session.ts"
import { addressOf } from "./call.ts"

const source = readFileSync(join(import.meta.dirname, "../public/prelude.js"), "utf8")
const flow = "flow_01J0000000000000000000000A"
const addresses = {
  refresh: apiBase + authApi.refresh.path,
  me: apiBase + authApi.me.path,
  flow: addressOf(flowsApi.get, { flow_id: flow }),
}

let status = 200
const asked = vi.fn<(address: string, init: RequestInit) => Promise<Response>>()

/** Opens a page: the script that runs before any module, as the browser executes it. */
function open(path: string): void {
  history.replaceState(null, "", path)
  const script = document.createElement("script")
  const code = { first: "/main.js", shell: "/frame.js /frame.css", page: "/drawing.js", editor: "/editor.js" }
  Object.assign(script.dataset, code)
  Object.defineProperty(document, "currentScript", { value: script, configurable: true })
  runInThisContext(source)
}

const links = () => [...document.head.querySelectorAll("link")]
const hints = () => links().map((link) => link.getAttribute("href"))
const said = async (answer: Promise<Response | undefined> | undefined) => (await answer)?.json()

beforeEach(() => {
  status = 200
  asked.mockReset().mockImplementation(async (address) => {
    return Response.json(address === addresses.refresh ? { access_token: "t1" } : { from: address }, {
      status,
    })
  })
  vi.stubGlobal("fetch", asked)
  // The page has just been asked for, however long other tests took before.
  vi.spyOn(performance, "now").mockReturnValue(1_000)
  session.begin("before", "tenant_1")
})
afterEach(() => {
  forgetEarly()
  document.head.replaceChildren()
  delete document.documentElement.dataset["frame"]
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it("asks for the session, for who one is and for the flow, by their contracts, before any module is there", async () => {
  open(`/flows/${flow}`)
  expect(await said(takeEarly(authApi.refresh.method, addresses.refresh))).toEqual({ access_token: "t1" })
  expect(await said(takeEarly(authApi.me.method, addresses.me))).toEqual({ from: addresses.me })
  expect(await said(takeEarly(flowsApi.get.method, addresses.flow))).toEqual({ from: addresses.flow })
  expect(asked.mock.calls.map(([address]) => address)).toEqual(Object.values(addresses))
  expect(new Headers(asked.mock.calls[1]?.[1].headers).get("authorization")).toBe("Bearer t1")
  expect(hints()).toEqual(["/main.js", "/frame.js", "/frame.css", "/drawing.js"])
  expect(document.documentElement.dataset["frame"]).toBe("inside")
})

it("asks for the editor when everything that comes before it is here, or cannot be had", () => {
  open(`/flows/${flow}`)
  const [first, ...others] = links()
  first!.dispatchEvent(new Event("error"))
  for (const link of others.slice(1)) link.dispatchEvent(new Event("load"))
  expect(hints()).toHaveLength(4)
  others[0]!.dispatchEvent(new Event("load"))
  expect(hints().at(-1)).toBe("/editor.js")
})

it("hands each answer over once", async () => {
  open("/agents")
  expect(takeEarly("GET", addresses.flow)).toBeUndefined()
  expect(await said(takeEarly("GET", addresses.me))).toEqual({ from: addresses.me })
  expect(takeEarly("GET", addresses.me)).toBeUndefined()
  expect(hints()).toEqual(["/main.js", "/frame.js", "/frame.css"])
})

it("asks nothing for strangers, nor on the pages that strangers are sent to", () => {
  open("/form/abc")
  open("/shared-chats/abc")
  session.end("left")
  open("/login")
  expect(asked).not.toHaveBeenCalled()
  expect(hints()).toEqual([])
  expect(document.documentElement.dataset["frame"]).toBeUndefined()
})

it("gives no answer of another session, and none that has grown old", () => {
  open("/agents")
  session.begin("t2", "tenant_2")
  expect(takeEarly("GET", addresses.me)).toBeUndefined()
  open("/agents")
  vi.spyOn(performance, "now").mockReturnValue(60_000)
  expect(takeEarly("GET", addresses.me)).toBeUndefined()
})

it("lets the page ask again where the session could not be had", async () => {
  status = 401
  open("/agents")
  expect((await takeEarly("POST", addresses.refresh))?.status).toBe(401)
  expect(await takeEarly("GET", addresses.me)).toBeUndefined()
  asked.mockRejectedValue(new TypeError("no network"))
  open("/agents")
  expect(await takeEarly("POST", addresses.refresh)).toBeUndefined()
})
