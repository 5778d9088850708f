import type { Draft } from "#core/canvas/canvas"
import { done, refused } from "#core/errors"
import { CanvasObject } from "#durable/canvas/object"
import type { CanvasPorts, May, Pass, Saving } from "#durable/canvas/ports"

/** What the tests of canvases decide and see of the outside world; each flow has its own. */
export class CanvasWorld {
  version = 1
  draft: Draft | undefined
  saves: Saving[] = []
  /** What those may do who were let in by a session; the others may edit. */
  mays = new Map<string, May>()
  asked = 0
  /** So many saves fail before one succeeds. */
  failures = 0
  skew = 0
}

const worlds = new Map<string, CanvasWorld>()

export function canvasWorldOf(flow: string): CanvasWorld {
  const known = worlds.get(flow) ?? new CanvasWorld()
  worlds.set(flow, known)
  return known
}

const mayOf = (world: CanvasWorld, pass: Pass): May =>
  world.mays.get("session" in pass ? pass.session : pass.key) ?? "edit"

const ports: CanvasPorts = {
  async load({ flow }) {
    const { draft, version } = canvasWorldOf(flow)
    return draft ? done({ draft: structuredClone(draft), version }) : refused("flow.not_found")
  },
  async save({ flow }, saving) {
    const world = canvasWorldOf(flow)
    if (!world.draft) return refused("flow.not_found")
    if (world.failures-- > 0) throw new Error("D1 is away")
    if (saving.was !== world.version) return refused("conflict.stale")
    world.saves.push(saving)
    world.draft = structuredClone(saving.draft)
    return done({ version: ++world.version })
  },
  async standing({ flow }, passes) {
    const world = canvasWorldOf(flow)
    world.asked++
    return passes.map((pass) => mayOf(world, pass))
  },
  now: () => Date.now(),
}

export class FakeCanvas extends CanvasObject {
  protected ports() {
    return ports
  }
}
