import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { Failure } from "#core/errors"
import { session } from "#web/state/session.ts"
import { artifactsIn, fileNameOf, saveArtifact } from "./artifacts.ts"

const url = (step = "0123456789abcdef") =>
  `/api/v1/executions/exec_0001JD0000000000000000000000/artifacts/${step}/fedcba9876543210`
const file = (path: string, step?: string) => ({ path, size: 3, url: url(step) })

describe("the files that an output names", () => {
  it("are found wherever they stand, each once, also in a text that an agent got", () => {
    const one = file("a.csv")
    const two = file("b.csv", "aaaaaaaaaaaaaaaa")
    const output = { rows: 1, artifacts: [one], inner: [{ deep: { artifacts: [two, one] } }] }
    expect(artifactsIn(output)).toEqual([one, two])
    expect(artifactsIn(JSON.stringify(output))).toEqual([one, two])
  })

  it("are at addresses of ours and nowhere else", () => {
    for (const address of [
      "https://evil.example.com/x",
      "//evil/x",
      `${url()}/../../x`,
      "javascript:alert(1)",
    ])
      expect(artifactsIn({ artifacts: [{ ...file("a"), url: address }] })).toEqual([])
    expect(artifactsIn('{ "cut": "/artifacts/')).toEqual([])
    expect(artifactsIn(undefined)).toEqual([])
  })

  it("are looked for within bounds", () => {
    const wide = Array.from({ length: 100_000 }, (_, i) => ({ i }))
    expect(artifactsIn([...wide, file("last")])).toEqual([])
  })
})

describe("a file that is saved", () => {
  const clicked: { name: string; href: string }[] = []
  beforeEach(() => {
    clicked.length = 0
    vi.stubGlobal(
      "URL",
      Object.assign(URL, { createObjectURL: () => "blob:1", revokeObjectURL: () => undefined }),
    )
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push({ name: this.download, href: this.href })
    })
    session.begin("token", "tenant_1")
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it("is fetched with the access token and saved under its own name", async () => {
    const asked: { path: string; token: string | null }[] = []
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      asked.push({ path, token: new Headers(init.headers).get("authorization") })
      return Promise.resolve(new Response("a,b"))
    })
    await saveArtifact(file("out/table.csv"))
    expect(asked).toEqual([{ path: url(), token: "Bearer token" }])
    expect(clicked).toEqual([{ name: "table.csv", href: "blob:1" }])
  })

  it("that is not there any more says so, and saves nothing", async () => {
    const problem = {
      type: "about:blank",
      title: "",
      status: 404,
      code: "execution.artifact_not_found",
      detail: "Gone",
      request_id: "req_1",
    }
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json(problem, { status: 404 })))
    await expect(saveArtifact(file("a"))).rejects.toBeInstanceOf(Failure)
    expect(clicked).toEqual([])
  })

  it("goes to the disk as it comes where it is large and the browser can", async () => {
    const written: string[] = []
    const decoder = new TextDecoder()
    const target = {
      createWritable: () =>
        Promise.resolve(
          new WritableStream<Uint8Array>({ write: (chunk) => void written.push(decoder.decode(chunk)) }),
        ),
    }
    vi.stubGlobal("showSaveFilePicker", () => Promise.resolve(target))
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("large")))
    await saveArtifact({ ...file("big.bin"), size: 50_000_000 })
    expect([written.join(""), clicked]).toEqual(["large", []])
  })
})

it("a path without a last part still gives a name", () => {
  expect([fileNameOf("a/b.csv"), fileNameOf("b.csv"), fileNameOf("a/")]).toEqual(["b.csv", "b.csv", "file"])
})
