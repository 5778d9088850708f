import type { Drawing, Made } from "../drawing.ts"
import { expression } from "../words.ts"
import type { App, DifyNode } from "./app.ts"
import { valueOf } from "./code.ts"
import type { AppGraph } from "./graph.ts"

const isResult = ({ kind, parent }: DifyNode): boolean =>
  parent === undefined && (kind === "end" || kind === "answer")

/**
 * What an app answers. Of several results Dify makes one: of ends the values of all, of answers one text. Here a flow has one
 * output then, that all of them lead to; an answer after which something is done leads to it as well.
 */
export class Results {
  readonly #nodes: DifyNode[]
  readonly #areJoined: boolean

  constructor({ nodes }: App, graph: AppGraph) {
    this.#nodes = nodes.filter(isResult).toSorted((a, b) => graph.placeOf(a.key) - graph.placeOf(b.key))
    this.#areJoined = this.#nodes.length > 1 || this.#nodes.some((node) => graph.leads(node.key))
  }

  /** A result that is not the end of all is a value on the way. */
  made(node: DifyNode, made: Made): Made {
    if ((node.kind !== "end" && node.kind !== "answer") || "opaque" in made) return made
    const value = made.data["value"]
    if (isResult(node) && !this.#areJoined) return made
    const notes = isResult(node)
      ? (made.notes ?? [])
      : [
          ...(made.notes ?? []),
          "What it answers in each round is not shown: only what the frame comes to is.",
        ]
    return {
      type: "transform",
      data: { value: typeof value === "string" ? valueOf(value) : (value ?? {}) },
      notes,
    }
  }

  /** Draws the one output that several results lead to. */
  join(drawing: Drawing): void {
    if (!this.#areJoined) return
    const ids = this.#nodes.map((node) => drawing.known(node.key)!)
    const placed = drawing.nodes.filter((node) => ids.includes(node.id))
    const x = Math.max(...drawing.nodes.map((node) => node.position.x + (node.size?.width ?? 200))) + 80
    const named = ids.map((id) => `nodes.${id}`)
    const value = this.#nodes.every((node) => node.kind === "answer")
      ? named.join(" & ")
      : `$merge([${named.join(", ")}])`
    const output = drawing.add(
      "result",
      "output",
      { x, y: placed[0]!.position.y },
      { value: expression(value) },
      "Result",
    )
    for (const id of ids) drawing.connect(id, output.id)
  }
}
