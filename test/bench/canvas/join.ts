import { openWire } from "../../kit/canvas/net.ts"
import { Window } from "../../kit/canvas/window.ts"

/** Opens a flow again and again in new windows: until the socket stands, and from there until the document can be edited, ms. */
export async function joinTimes(
  address: string,
  flow: string,
  token: string,
  times: number,
): Promise<{ open: number; ready: number }[]> {
  const all: { open: number; ready: number }[] = []
  for (let i = 0; i < times; i++) {
    let openedAt = 0
    const since = performance.now()
    const window = new Window(`bench-joins-${String(i).padStart(8, "0")}`, async (opening) => {
      const wire = await openWire(address, flow, token, opening)
      openedAt = performance.now()
      return wire
    })
    const ready = new Promise<number>((resolve) => {
      window.onHeard = () => {
        if (window.isSettled) resolve(performance.now())
      }
    })
    await window.come()
    // The document may have come with the answer.
    const readyAt = window.isSettled ? performance.now() : await ready
    all.push({ open: openedAt - since, ready: readyAt - openedAt })
    window.leave()
  }
  return all
}
