import { objectOf } from "../fields.ts"
import { jsonata } from "../words.ts"
import type { Shape } from "./expression.ts"
import { passesOn } from "./kinds.ts"
import type { Loop } from "./loops.ts"
import type { N8nNode, Workflow } from "./workflow.ts"

/** Where what each step gives stands here, and what comes to each. */
export function shapesOf(
  flow: Workflow,
  loops: ReadonlyMap<string, Loop>,
  idOf: (name: string) => string,
  isBeginning: (name: string) => boolean,
) {
  const byName = new Map(flow.nodes.map((node) => [node.name, node]))
  const main = flow.routes.filter((route) => route.way === "main")
  const known = new Map<string, Shape>()

  const of = (name: string): Shape => {
    const made = known.get(name)
    if (made) return made
    const node = byName.get(name)
    const root = jsonata(["nodes", idOf(name)])
    // Steps that lead back to themselves are seen by what they are.
    known.set(name, { root })
    const shape = node ? shapeOf(node, root) : { root }
    known.set(name, shape)
    return shape
  }

  const shapeOf = (node: N8nNode, root: string): Shape => {
    if (isBeginning(node.name)) return { root: "input" }
    if (passesOn(node)) {
      const shape = before(node.name)
      return shape.root === "incoming" ? { root } : shape
    }
    switch (node.kind) {
      case "httpRequest":
        return answerShape(node, root)
      case "agent":
      case "chainLlm":
        return { root, fields: { output: root, text: root, response: root } }
      case "openAi":
      case "anthropic":
      case "googleGemini":
        return { root, fields: { content: root, text: root, message: `{"content": ${root}}`, output: root } }
      case "informationExtractor":
        return { root, fields: { output: root } }
      case "merge":
        return { root: `$merge(${root}.*)` }
      default:
        return { root }
    }
  }

  const before = (name: string): Shape => {
    const around = [...loops.values()].find((loop) => loop.body.has(name))
    const sources = [
      ...new Set(
        main
          .filter((route) => route.to === name && !loops.get(name)?.body.has(route.from))
          .map((route) => route.from),
      ),
    ]
    if (around && sources.includes(around.name)) return { root: "item" }
    if (sources.length === 0) return { root: isPart(name) ? "incoming" : "input" }
    const shapes = sources.map((source) =>
      loops.has(source) ? { root: jsonata(["nodes", idOf(source)]) } : of(source),
    )
    const [first] = shapes
    return shapes.every((shape) => shape.root === first!.root) ? first! : { root: "incoming" }
  }

  const isPart = (name: string): boolean =>
    flow.routes.some((route) => route.from === name && route.way !== "main")

  return { of, before }
}

/** A request gives its body there; the whole answer only when asked for it. */
function answerShape({ parameters }: N8nNode, root: string): Shape {
  const options = objectOf(parameters["options"])
  const response = objectOf(objectOf(options["response"])["response"])
  const isWhole =
    response["fullResponse"] === true ||
    options["fullResponse"] === true ||
    parameters["fullResponse"] === true
  return isWhole ? { root, fields: { statusCode: `${root}.status` } } : { root: `${root}.body` }
}
