import { exports } from "cloudflare:workers"
import { canvasApi } from "#core/contract/canvas"
import { addressOf, origin } from "#test/kit/api"
import { Window, type Opening } from "./window.ts"
import { wireOf } from "./wire.ts"

let windows = 0

/** Asks the Worker for the socket of a flow's canvas. */
export function askCanvas(
  flow_id: string,
  opening: Opening,
  headers: Record<string, string>,
  ticket?: string,
): Promise<Response> {
  const query = { client: opening.client, ...(opening.since === undefined ? {} : { since: opening.since }) }
  const address = addressOf(canvasApi.open, {
    params: { flow_id },
    query: { ...query, ...(ticket === undefined ? {} : { ticket }) },
  })
  return exports.default.fetch(
    new Request(address, { headers: { upgrade: "websocket", origin, ...headers } }),
  )
}

/** Somebody's window with a flow's canvas open, and everything up to the present in it. */
export async function openCanvas(flow_id: string, token: string): Promise<Window> {
  const id = `window-${String(++windows).padStart(16, "0")}`
  const open = async (opening: Opening) =>
    wireOf(await askCanvas(flow_id, opening, { authorization: `Bearer ${token}` }))
  const window = await new Window(id, open).come()
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((rest) => setTimeout(rest, 10)))
    if (window.talk?.isReady === true) return window
  throw new Error("the canvas said not all in time")
}
