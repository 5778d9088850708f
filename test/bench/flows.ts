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

/** A partner in chats that costs little: input → transform → output, with an answer such as models write. */
export const chatting = {
  name: "Echo",
  description: "says what it was asked, in Markdown",
  nodes: [
    { id: "start", type: "input", position: at(0), data: {} },
    {
      id: "shape",
      type: "transform",
      position: at(240),
      data: {
        value: `"## An answer\\n\\nYou asked: " & input.message & "\\n\\nThere are **three** things to say, in \`code\` and in [words](https://example.com):\\n\\n- the first one\\n- the second one, which is longer than the first\\n- the third\\n\\n| ship | tons |\\n| - | -: |\\n| Ana | 120 |\\n| Bo | 80 |\\n\\n\`\`\`ts\\nconst tons = 120 + 80\\n\`\`\`"`,
      },
    },
    { id: "end", type: "output", position: at(480), data: { value: "{{ nodes.shape }}" } },
  ],
  edges: [edge("start", "shape"), edge("shape", "end")],
  input_schema: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
}
