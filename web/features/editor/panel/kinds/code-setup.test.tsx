import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { useAtomValue } from "#web/state/jotai.ts"
import { session } from "#web/state/session.ts"
import { nodeAtom, watchedIdAtom } from "../../atoms.ts"
import { startingData } from "../../model/starting-data.ts"
import { openEditor } from "../../test-editor.tsx"
import { draft, edge, node } from "../../test-flow.ts"
import { useFaults } from "../use-faults.ts"
import { CodeSetup } from "./code-setup.tsx"

const executionId = "exec_0001JD0000000000000000000000"
const sent: { path: string; body: unknown }[] = []

beforeEach(() => {
  sent.length = 0
  session.begin("token", "tenant_01JD0000000000000000000000")
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const path = address.replace("/api/v1", "").replace(/\?.*/, "")
    sent.push({ path, body: typeof init.body === "string" ? JSON.parse(init.body) : undefined })
    const body = path.endsWith("/execute")
      ? { execution_id: executionId, status: "queued" }
      : { executions: [], total: 0 }
    return new Response(JSON.stringify(body), { status: 200 })
  })
})
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

function Shown() {
  const one = useAtomValue(nodeAtom("sum"))
  const faultAt = useFaults("sum")
  return one ? <CodeSetup node={one} faultAt={faultAt} /> : null
}

const open = (data: object, mayEdit = true) =>
  openEditor(
    draft(
      [node("input", "input"), node("sum", "code", data as never), node("out", "output")],
      [edge("input", "sum"), edge("sum", "out")],
    ),
    <Shown />,
    mayEdit,
  )

const field = () =>
  waitFor(() => {
    const found = screen.getByRole("textbox", { name: "Code" })
    if (!found.classList.contains("cm-content")) throw new Error("still the stand-in")
    return found
  })

it("begins with a function that works, and says what keeps another from it", async () => {
  const source = startingData("code")["source"] as string
  const { draft: now, commands, view } = open({ source })
  expect((await field()).textContent).toContain("export default (input, context) =>")
  expect(screen.queryByRole("alert")).toBeNull()
  commands.setField("sum", "source", "const one = 1")
  await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(/export default/))
  expect(now().nodes[1]?.data["source"]).toBe("const one = 1")
  view.unmount()
})

it("says how long it may take", async () => {
  open({ source: "export default () => 1", timeout_ms: 2_500 })
  await field()
  expect(screen.getByText(/^2\.5 s; no network/)).toBeTruthy()
})

it("tries the step alone", async () => {
  const { store } = open({ source: "export default () => 1" })
  await field()
  await userEvent.click(screen.getByRole("button", { name: "Try" }))
  await waitFor(() => expect(store.get(watchedIdAtom)).toBe(executionId))
  expect(sent.find((one) => one.path.endsWith("/execute"))?.body).toMatchObject({
    config: { version: "draft", start_from: "sum", stop_after: "sum" },
  })
})
