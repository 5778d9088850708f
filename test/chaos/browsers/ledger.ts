import type { Page } from "playwright-core"
import { Malformed } from "#core/canvas/bytes"
import { readDown } from "#core/canvas/frame"
import { partsOf } from "#core/canvas/operation"
import { Refs } from "#core/canvas/refs"

/** Whoever only listens has not heard which numbers nodes were given; names of new nodes are written out. */
class AnyRefs extends Refs {
  override idOf(number: number): string {
    return `#${number}`
  }
  override note(): void {}
}

/** What the server has acknowledged to one page, as the page's own socket tells: nodes that it added and was told of in their place. */
export class Ledger {
  readonly added = new Set<string>()
  edits = 0
  readonly refusals: string[] = []
  private readonly refs = new AnyRefs([])

  constructor(page: Page) {
    page.on("websocket", (socket) => {
      if (!socket.url().includes("/canvas")) return
      let number = 0
      socket.on("framereceived", ({ payload }) => {
        if (typeof payload === "string") number = this.words(payload) ?? number
        else this.frame(payload, number)
      })
    })
  }

  /** Answers with the window's number when the server says it. */
  private words(text: string): number | undefined {
    if (!text.startsWith("{")) return undefined
    const said = JSON.parse(text) as { type: string; client?: number; code?: string; message?: string }
    if (said.type === "refused") this.refusals.push(`${said.code}: ${said.message}`)
    return said.type === "welcome" ? said.client : undefined
  }

  private frame(bytes: Uint8Array, number: number): void {
    try {
      for (const { client, operation } of readDown(bytes, this.refs).edits) {
        if (client !== number) continue
        this.edits++
        for (const part of partsOf(operation))
          if (part.type === "add") for (const { id } of part.nodes) this.added.add(id)
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
    }
  }
}
