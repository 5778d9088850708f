type Node = { id: string; type: string; data: object; parent_id?: string }

/** A flow as the API takes it: places do not matter here. */
function flow(name: string, nodes: Node[], edges: [string, string][]): object {
  return {
    name,
    description: "",
    nodes: nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })),
    edges: edges.map(([source, target]) => ({ id: `${source}-${target}`, source, target })),
  }
}

const start = { id: "start", type: "input", data: {} }
const end = { id: "end", type: "output", data: {} }

/** A list of items, fifty at once, one pure step each. */
export const mapOf = (items: number): object =>
  flow(
    "map",
    [
      start,
      { id: "each", type: "map", data: { items: `[1..${items}]`, concurrency: 50 } },
      { id: "square", type: "transform", data: { value: "item * item" }, parent_id: "each" },
      { ...end, data: { value: "{{ $count(nodes.each) }}" } },
    ],
    [
      ["start", "each"],
      ["each", "end"],
    ],
  )

/** One node after which so many go at once, and a merge that waits for all of them. */
export function fanOf(width: number): object {
  const ids = Array.from({ length: width }, (_, i) => `n${i}`)
  return flow(
    "fan-out",
    [
      start,
      ...ids.map((id, i) => ({ id, type: "transform", data: { value: String(i) } })),
      { id: "all", type: "merge", data: { mode: "all" } },
      { ...end, data: { value: "{{ $count($keys(incoming)) }}" } },
    ],
    [
      ...ids.flatMap((id): [string, string][] => [
        ["start", id],
        [id, "all"],
      ]),
      ["all", "end"],
    ],
  )
}

/** Requests in a row: each is journaled before it is sent and after it was answered. */
export function chainOf(length: number, url: string): object {
  const ids = Array.from({ length }, (_, i) => `c${i}`)
  const all = ["start", ...ids, "end"]
  return flow(
    "chain",
    [
      start,
      ...ids.map((id) => ({ id, type: "http", data: { method: "GET", url } })),
      { ...end, data: { value: "done" } },
    ],
    all.slice(1).map((id, i) => [all[i] ?? "", id]),
  )
}

/** One call of a model. */
export const asking = (llm_provider_id: string, model: string): object =>
  flow(
    "asking",
    [start, { id: "ask", type: "llm", data: { llm_provider_id, model, prompt: "Say something." } }, end],
    [
      ["start", "ask"],
      ["ask", "end"],
    ],
  )

/** Rests until it is called. */
export const resting: object = flow(
  "resting",
  [start, { id: "word", type: "wait", data: { callback: true } }, end],
  [
    ["start", "word"],
    ["word", "end"],
  ],
)
