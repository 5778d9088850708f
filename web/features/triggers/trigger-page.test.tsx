import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import type { Delivery } from "#core/contract/triggers"
import { lastInputs } from "#web/state/last-inputs.ts"
import { session } from "#web/state/session.ts"
import { inputsOf } from "./page/listener.tsx"
import { delivery, flowId, open, page, serve, trigger, ulid } from "./test-triggers.tsx"

afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
  sessionStorage.clear()
})

const at = `/triggers/trig_${ulid(1)}`
const webhook = () =>
  trigger(
    1,
    { kind: "webhook", config: { inputs: "body", signature: { kind: "github" } } },
    {
      address: "/hooks/acme/abc",
      secret: { set: true, hint: "…k3Yq" },
    },
  )
const listed = (deliveries: Delivery[]) => ({ deliveries, total: deliveries.length, page_info: page })

it("gives the address and a line for the terminal, signed as the webhook wants it", async () => {
  serve(({ path }) => (path === at ? { trigger: webhook() } : undefined))
  open(at)
  expect((await screen.findByLabelText("Address")).textContent).toBe(`${location.origin}/hooks/acme/abc`)
  expect(await screen.findByText(/X-Hub-Signature-256/)).toBeTruthy()
  expect(await screen.findByText(/"text":"Hi"/)).toBeTruthy()
})

it("waits for a delivery, shows what came, and hands it to the editor as inputs", async () => {
  const body = { order: 7 }
  const sample = { body, headers: {}, query: {}, method: "POST" }
  const until = new Date(Date.now() + 120_000).toISOString()
  let come: (heard: object) => void = () => undefined
  const comes = new Promise<object>((resolve) => {
    come = resolve
  })
  const sent = serve(({ method, path }) => {
    if (path === at) return { trigger: webhook() }
    if (path === `${at}/listen` && method === "POST")
      return { is_listening: true, until, delivery: null, sample: null }
    return undefined
  })
  const inner = fetch
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) =>
    address.includes("/listen?wait=") ? new Response(JSON.stringify(await comes)) : inner(address, init),
  )
  open(at)
  await userEvent.click(await screen.findByRole("button", { name: "Listen for a delivery" }))
  expect(await screen.findByText(/Waiting for a delivery/)).toBeTruthy()
  expect(sent[0]?.body).toEqual({ start: false })
  come({ is_listening: false, until: null, delivery: delivery(1, { outcome: "captured" }), sample })
  await userEvent.click(await screen.findByRole("button", { name: "Use as inputs in the editor" }))
  expect(lastInputs(flowId)).toEqual(body)
})

it("knows what the flow is given of a delivery", () => {
  const sample = { body: [1], headers: { a: "b" }, query: {}, method: "PUT" }
  expect(inputsOf({ inputs: "body" }, sample)).toEqual({ body: [1] })
  expect(inputsOf({ inputs: "envelope" }, sample)).toEqual(sample)
  expect(inputsOf({ inputs: { mapping: {} } }, sample)).toBeNull()
})

it("opens a delivery with its headers and body, and delivers it again", async () => {
  const one = delivery(5, { headers: { "x-secret": "•••" } })
  const sent = serve(({ method, path }) => {
    if (path === at) return { trigger: webhook() }
    if (path.startsWith(`${at}/deliveries?`)) return listed([one])
    if (method === "POST") return { delivery: delivery(6, { redelivery_of: one.id }) }
    return undefined
  })
  open(`${at}?delivery=${one.id}`)
  const dialog = within(await screen.findByRole("dialog"))
  expect(dialog.getByText("•••")).toBeTruthy()
  expect(dialog.getByText(/"text": "Hello"/)).toBeTruthy()
  await userEvent.click(dialog.getByRole("button", { name: "Deliver again" }))
  expect(await dialog.findByText("Delivered again")).toBeTruthy()
  expect(sent[0]?.path).toBe(`${at}/deliveries/${one.id}/redeliver`)
})

it("fires by hand with the flow's example, and says what became of it", async () => {
  const sent = serve(({ method, path }) => {
    if (path === at) return { trigger: webhook() }
    return method === "POST"
      ? { delivery: delivery(6, { outcome: "failed", reason: "No such flow." }) }
      : undefined
  })
  open(at)
  await userEvent.click(await screen.findByRole("button", { name: "Test" }))
  const dialog = within(await screen.findByRole("dialog"))
  await waitFor(() =>
    expect(dialog.getByLabelText<HTMLTextAreaElement>("Body").value).toContain('"text": "Hi"'),
  )
  await userEvent.click(dialog.getByRole("button", { name: "Fire now" }))
  expect(await dialog.findByText("No such flow.")).toBeTruthy()
  expect(sent[0]?.body).toEqual({ body: { text: "Hi" } })
})

it("asks before it replaces a secret, and shows the new one once", async () => {
  const sent = serve(({ method, path }) => {
    if (path === at) return { trigger: webhook() }
    return method === "POST" ? { trigger: webhook(), secret: "whsec_new" } : undefined
  })
  open(at)
  await userEvent.click(await screen.findByRole("button", { name: "More" }))
  await userEvent.click(await screen.findByRole("menuitem", { name: "New secret…" }))
  expect(sent).toEqual([])
  await userEvent.click(await screen.findByRole("button", { name: "Replace the secret" }))
  expect(await screen.findByText("whsec_new")).toBeTruthy()
  expect(sent[0]?.body).toEqual({ what: "secret" })
})

it("says that a trigger is dead, and why", async () => {
  const health = {
    status: "dead" as const,
    reason: "Its flow is deleted.",
    failures_in_a_row: 4,
    last_error: null,
    last_error_at: null,
  }
  serve(({ path }) => (path === at ? { trigger: { ...webhook(), flow_name: null, health } } : undefined))
  open(at)
  expect(await screen.findByText("Its flow is deleted.")).toBeTruthy()
  expect(screen.getByText("Dead")).toBeTruthy()
})

it("tells those who may not change it that the address is not for them", async () => {
  serve(({ path }) => (path === at ? { trigger: { ...webhook(), address: null } } : undefined))
  open(at, ["trigger.read"])
  expect(await screen.findByText(/Only those who may change triggers/)).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Test" })).toBeNull()
})
