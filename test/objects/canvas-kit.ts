import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import type { Draft } from "#core/canvas/canvas"
import type { CanvasClient } from "#core/canvas/client"
import { newId, SessionId, type FlowId, type TenantId } from "#core/ids"
import type { May } from "#durable/canvas/ports"
import type { Visitor } from "#durable/canvas/ports"
import { Window, type Opening } from "#test/kit/canvas/window"
import { wireOf } from "#test/kit/canvas/wire"
import type { CanvasRoom } from "#worker/stubs"
import { canvasWorldOf, type CanvasWorld } from "./canvas-world.ts"
import { chance, edge, node, until } from "./kit.ts"

const { CANVAS } = env as unknown as { CANVAS: DurableObjectNamespace }

export const threeNodes: Draft = {
  name: "Greeting",
  description: "",
  nodes: [node("in", "input"), node("ask", "llm", { prompt: "Say hello" }), node("out", "output")],
  edges: [edge("in", "ask"), edge("ask", "out")],
  settings: {},
}

/** Ulids have no I, L, O and U. */
const sessionOf = (who: string): SessionId =>
  SessionId.parse(
    `session_${who
      .toUpperCase()
      .replaceAll(/[ILOU]/g, "X")
      .padStart(26, "0")}`,
  )

let windows = 0

/** A flow with its canvas, and windows that open it. */
export class Desk {
  readonly tenant = { id: newId<TenantId>("tenant", Date.now(), chance), slot: "TENANT_DB_000" }
  readonly flow = newId<FlowId>("flow", Date.now(), chance)
  readonly world: CanvasWorld = canvasWorldOf(this.flow)
  readonly name = CANVAS.idFromName(`${this.tenant.id}/${this.flow}`)

  constructor(draft: Draft = threeNodes) {
    this.world.draft = structuredClone(draft)
  }

  /** What somebody may do from now on. */
  deny(who: string, may: May): void {
    this.world.mays.set(sessionOf(who), may)
  }

  /** The next appointment comes now. */
  async wake(): Promise<void> {
    await runInDurableObject(this.stub, (_, state) => {
      state.storage.sql.exec("UPDATE appointments SET due = 0")
    })
    await runDurableObjectAlarm(this.stub)
  }

  get stub() {
    return CANVAS.get(this.name)
  }

  get room(): CanvasRoom {
    return this.stub as unknown as CanvasRoom
  }

  visitor({ client, since }: Opening, who: string, may_edit = true): Visitor {
    return {
      ref: { tenant: this.tenant, flow: this.flow },
      client,
      since,
      id: `user_${who}`,
      name: who,
      may_edit,
      pass: { session: sessionOf(who) },
    }
  }

  async ask(opening: Opening, who: string, may_edit = true): Promise<Response> {
    const visitor = JSON.stringify(this.visitor(opening, who, may_edit))
    const headers = { upgrade: "websocket", "x-visitor": encodeURIComponent(visitor) }
    return this.room.fetch(new Request("https://canvas/", { headers }))
  }

  /** A window of somebody's that is not open yet. */
  window(who: string, more: { may_edit?: boolean; id?: string; client?: CanvasClient } = {}): Window {
    const id = more.id ?? `window-of-${who}-${String(++windows).padStart(8, "0")}`
    return new Window(
      id,
      async (opening) => wireOf(await this.ask(opening, who, more.may_edit ?? true)),
      more.client,
    )
  }

  async opened(who: string, more: { may_edit?: boolean; id?: string } = {}): Promise<Window> {
    const window = await this.window(who, more).come()
    await until(() => window.talk?.isReady === true)
    return window
  }
}

/** Waits until all windows show the same and have nothing under way. */
export async function alike(...windows: Window[]): Promise<string> {
  await until(
    () =>
      windows.every(({ isSettled }) => isSettled) &&
      new Set(windows.map((one) => one.fingerprint)).size === 1,
  )
  return windows[0]!.fingerprint
}
