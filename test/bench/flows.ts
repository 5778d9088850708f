const at = (x: number): { x: number; y: number } => ({ x, y: 0 })
const edge = (source: string, target: string, handle = "out"): object => ({
  id: `${source}-${target}`,
  source,
  target,
  source_handle: handle,
})

/** W1: input → transform → output. */
export const threeNodes = {
  name: "W1",
  description: "input, transform, output",
  nodes: [
    { id: "start", type: "input", position: at(0), data: {} },
    {
      id: "shape",
      type: "transform",
      position: at(240),
      data: { value: '{ "total": input.price * input.count }' },
    },
    { id: "end", type: "output", position: at(480), data: {} },
  ],
  edges: [edge("start", "shape"), edge("shape", "end")],
}

/** W2: input → transform → condition → llm → transform → output; what the condition refuses goes straight to the end. */
export const sixNodes = (providerId: string): object => ({
  name: "W2",
  description: "input, transform, condition, llm, transform, output",
  nodes: [
    { id: "start", type: "input", position: at(0), data: {} },
    {
      id: "shape",
      type: "transform",
      position: at(240),
      data: { value: '{ "total": input.price * input.count }' },
    },
    {
      id: "large",
      type: "condition",
      position: at(480),
      data: { branches: [{ id: "yes", when: "nodes.shape.total > 10" }] },
    },
    {
      id: "say",
      type: "llm",
      position: at(720),
      data: {
        llm_provider_id: providerId,
        prompt: "Summarise: the order comes to {{ nodes.shape.total }} euros.",
      },
    },
    { id: "wrap", type: "transform", position: at(960), data: { value: '{ "text": nodes.say }' } },
    { id: "end", type: "output", position: at(1200), data: {} },
    { id: "small", type: "output", position: at(720), data: {} },
  ],
  edges: [
    edge("start", "shape"),
    edge("shape", "large"),
    edge("large", "say", "yes"),
    edge("large", "small", "else"),
    edge("say", "wrap"),
    edge("wrap", "end"),
  ],
})

/** What both flows are executed with. */
export const inputs = { price: 12.5, count: 4, note: "Deliver before noon, please." }
