import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import type { Trigger } from "#core/contract/triggers"
import { session } from "#web/state/session.ts"
import { flowId, open, page, serve, trigger, ulid } from "./test-triggers.tsx"

afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

const list = (rows: Trigger[]) => ({ triggers: rows, total: rows.length, page_info: page })

/** A tenant with these triggers; what is created is answered with this secret. */
const tenant = (rows: Trigger[], secret: string | null = null) =>
  serve(({ method, path, body }) => {
    if (path.startsWith("/triggers?")) return list(rows)
    if (method === "POST" && path === "/triggers") {
      const made = trigger(9, body as object)
      return { trigger: made, secret }
    }
    const one = rows.find(({ id }) => path === `/triggers/${id}`)
    if (one && method === "PUT") return { trigger: Object.assign(one, body), secret: null }
    return one && { trigger: one }
  })

it("makes a signed webhook, and shows the secret that was made for it once", async () => {
  const sent = tenant([trigger(1, { kind: "webhook" })], "whsec_once")
  const router = open(`/triggers?new=webhook&flow_id=${flowId}`)
  const dialog = within(await screen.findByRole("dialog", { name: "New webhook" }))
  await userEvent.click(dialog.getByRole("button", { name: "Create webhook" }))
  expect(dialog.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true")
  expect(sent).toEqual([])
  await userEvent.type(dialog.getByLabelText("Name"), "New order")
  await userEvent.selectOptions(dialog.getByLabelText("Signature"), "github")
  await userEvent.click(dialog.getByRole("button", { name: "Create webhook" }))
  expect(await screen.findByText("whsec_once")).toBeTruthy()
  expect(sent[0]?.body).toMatchObject({
    kind: "webhook",
    name: "New order",
    flow_id: flowId,
    config: { signature: { kind: "github" }, inputs: "body" },
  })
  expect(sent[0]?.body).not.toHaveProperty("secret")
  await userEvent.click(screen.getByRole("button", { name: "I have copied it" }))
  await waitFor(() => expect(router.state.location.pathname).toBe(`/triggers/trig_${ulid(9)}`))
})

it("shows the next fires of a schedule while it is typed, and what is wrong with it", async () => {
  tenant([trigger(1, { kind: "webhook" })])
  open("/triggers?new=schedule")
  const dialog = within(await screen.findByRole("dialog", { name: "New schedule" }))
  const cron = dialog.getByLabelText("Cron")
  const fires = dialog.getByRole("region", { name: "Next fires" })
  expect(within(fires).getAllByRole("listitem")).toHaveLength(3)
  expect(dialog.getByText("At 09:00 on weekdays")).toBeTruthy()
  await userEvent.clear(cron)
  await userEvent.type(cron, "61 9 * * *")
  expect(cron.getAttribute("aria-invalid")).toBe("true")
  expect(within(fires).queryAllByRole("listitem")).toEqual([])
  await userEvent.clear(cron)
  await userEvent.type(cron, "0 9 1 1 *")
  await userEvent.click(dialog.getByLabelText("Time zone"))
  await userEvent.type(dialog.getByLabelText("Time zone"), "tokyo")
  await userEvent.keyboard("{Enter}")
  expect(
    within(fires)
      .getAllByRole("listitem")
      .map((one) => one.textContent)[0],
  ).toMatch(/1 Jan \d{4}, 09:00/)
})

it("previews a form with the questions of its flow, and sends nothing from there", async () => {
  const sent = tenant([trigger(1, { kind: "webhook" })])
  open(`/triggers?new=form&flow_id=${flowId}`)
  const dialog = within(await screen.findByRole("dialog", { name: "New hosted form" }))
  const preview = within(dialog.getByRole("region", { name: "Preview" }))
  expect(await preview.findByText("Message")).toBeTruthy()
  await userEvent.type(dialog.getByLabelText("Title optional"), "Write to us")
  expect(preview.getByText("Write to us")).toBeTruthy()
  expect(sent).toEqual([])
})

it("turns one off in its row, on the version that the server has", async () => {
  const sent = tenant([trigger(1, { kind: "webhook" })])
  open("/triggers")
  const active = await screen.findByRole("switch", { name: "Trigger 1 is active" })
  await userEvent.click(active)
  await waitFor(() => expect(sent[0]).toMatchObject({ method: "PUT", body: { is_active: false } }))
  expect(active.getAttribute("aria-checked")).toBe("false")
})

it("saves nothing over what another person has changed meanwhile", async () => {
  const conditions: (string | null)[] = []
  const row = trigger(1, { kind: "webhook" })
  tenant([row])
  const inner = fetch
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    if (init.method === "PUT") conditions.push(new Headers(init.headers).get("if-match"))
    return inner(address, init)
  })
  open(`/triggers?edit=${row.id}`)
  const dialog = within(await screen.findByRole("dialog", { name: "Trigger 1" }))
  await userEvent.type(dialog.getByLabelText("Name"), " changed")
  await userEvent.click(dialog.getByRole("button", { name: "Save changes" }))
  await waitFor(() => expect(conditions).toEqual(['"v3"']))
})

it("teaches what triggers are where there are none, and makes an example that works", async () => {
  const sent = serve(({ method, path, body }) => {
    if (path.startsWith("/triggers?")) return list([])
    if (method === "POST" && path === "/flows") return { flow: { id: flowId } }
    if (path === `/flows/${flowId}/publish`) return { version: 1 }
    if (method === "POST") return { trigger: trigger(9, body as object), secret: null }
    return undefined
  })
  const router = open("/triggers")
  expect(await screen.findByText(/An address that another system sends to/)).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Try an example" }))
  await waitFor(() => expect(router.state.location.pathname).toBe(`/triggers/trig_${ulid(9)}`))
  expect(sent.map(({ path }) => path)).toEqual(["/flows", `/flows/${flowId}/publish`, "/triggers"])
})

it("offers nothing to change to those who may only read", async () => {
  tenant([trigger(1, { kind: "webhook" })])
  open("/triggers", ["trigger.read"])
  expect(await screen.findByText("Trigger 1")).toBeTruthy()
  expect(screen.queryByRole("button", { name: "New trigger" })).toBeNull()
  expect(screen.queryByRole("switch")).toBeNull()
})
