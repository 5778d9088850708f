/** What a person can do about a step's error: a sentence, and where in the product to do it. */
export type Advice = { say: string; to?: "models" | "node" }

const advice: [code: string, Advice][] = [
  ["model.unauthorized", { say: "Check the API key of this provider.", to: "models" }],
  [
    "model.not_found",
    { say: "Check the model's name in the node and the provider's address.", to: "models" },
  ],
  [
    "model.rate_limited",
    { say: "Switch on retry in the node, or wait and retry the execution.", to: "node" },
  ],
  [
    "model.overloaded",
    { say: "Switch on retry in the node, or retry the execution in a while.", to: "node" },
  ],
  ["model.unreachable", { say: "Check the provider's address and whether it is up.", to: "models" }],
  [
    "model.bad_output",
    { say: "Simplify the output schema, or describe the wanted fields in the prompt.", to: "node" },
  ],
  ["model.bad_request", { say: "Check the prompt's length and the model's parameters.", to: "node" }],
  ["model.timeout", { say: "Raise the node's time limit, or switch on retry.", to: "node" }],
  ["model.", { say: "Switch on retry in the node, or test the provider.", to: "models" }],
  ["egress.", { say: "Ask the operator to allow this address.", to: "models" }],
  ["expression.timeout", { say: "Make the expression cheaper, or give it less data.", to: "node" }],
  ["expression.", { say: "Mend the expression in the node.", to: "node" }],
  ["step.timeout", { say: "Raise the node's time limit, or switch on retry.", to: "node" }],
  ["step.interrupted", { say: "The server stopped during this step. Retry the execution." }],
  ["execution.timeout", { say: "Raise the time limit in the flow's settings." }],
  [
    "execution.outputs_invalid",
    { say: "Mend the output node's value, or the flow's output schema.", to: "node" },
  ],
]

/** The first entry whose code, or beginning of one, fits. */
export const adviceFor = (code: string): Advice =>
  advice.find(([known]) => (known.endsWith(".") ? code.startsWith(known) : code === known))?.[1] ?? {
    say: "Retry the execution; if it happens again, look at the events for what came before.",
  }
