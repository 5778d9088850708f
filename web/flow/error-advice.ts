/** What a person can do about a step's error: a sentence, and where in the product to do it. */
export type Advice = { say: string; to?: "models" | "budgets" | "node" | "agent" | "tool" }

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
  ["budget.unpriced", { say: "State the price of this model at its provider.", to: "models" }],
  ["budget.", { say: "Raise the budget, or wait until it begins anew.", to: "budgets" }],
  ["governor.unavailable", { say: "Retry the execution in a moment." }],
  ["http.status_401", { say: "Check the credential that the node names.", to: "node" }],
  ["http.status_403", { say: "Check what the credential that the node names may do.", to: "node" }],
  ["http.status_404", { say: "Check the address in the node.", to: "node" }],
  [
    "http.status_429",
    { say: "Switch on retry in the node: it waits as long as it is asked to.", to: "node" },
  ],
  ["http.bad_url", { say: "Mend the address in the node.", to: "node" }],
  ["http.bad_request", { say: "Mend the node's headers and method.", to: "node" }],
  [
    "http.refused_address",
    { say: "Call a public address, or ask the operator to allow this one.", to: "node" },
  ],
  [
    "http.redirect",
    { say: "Call the address that the redirect leads to, with a credential of its own.", to: "node" },
  ],
  [
    "http.credential_missing",
    { say: "Choose another credential, or turn it on in the settings.", to: "node" },
  ],
  [
    "http.credential_host",
    { say: "Allow the host in the credential's settings, and call it by https.", to: "node" },
  ],
  ["http.too_large", { say: "Ask for less at once: a page, a range, fewer fields.", to: "node" }],
  ["http.timeout", { say: "Switch on retry in the node, or look whether the server is up.", to: "node" }],
  ["http.", { say: "Switch on retry in the node, or look at the answer for what it wants.", to: "node" }],
  ["egress.", { say: "Ask the operator to allow this address.", to: "models" }],
  ["expression.timeout", { say: "Make the expression cheaper, or give it less data.", to: "node" }],
  ["expression.", { say: "Mend the expression in the node.", to: "node" }],
  ["step.timeout", { say: "Raise the time limit of the node or the agent, or switch on retry.", to: "node" }],
  [
    "step.output_too_large",
    { say: "Pass on less: choose fields in a transform, or ask for a page at a time.", to: "node" },
  ],
  [
    "step.interrupted",
    { say: "The server stopped during this step. Say whether it is repeated, or retry the execution." },
  ],
  ["step.cancelled", { say: "It was cancelled with the execution. Retry the execution." }],
  ["map.not_a_list", { say: "Let the map's items come to a list: look at what they came to.", to: "node" }],
  [
    "map.too_many_items",
    { say: "Give it fewer items: a page at a time, or a flow called for each part.", to: "node" },
  ],
  ["map.", { say: "Look at the item that failed, or let the map continue when an item fails.", to: "node" }],
  ["loop.", { say: "Look at the iteration that failed, or at the loop's conditions.", to: "node" }],
  [
    "wait.expired",
    { say: "Nobody called in time. Give it longer, or continue with a value on error.", to: "node" },
  ],
  ["wait.too_long", { say: "Wait for a year at most; start what comes later by a schedule.", to: "node" }],
  ["wait.", { say: "Mend the time or date that the node waits for.", to: "node" }],
  ["approval.", { say: "Look at who may answer, and at the question, in the node.", to: "node" }],
  ["callback.", { say: "Look at the address that the caller was given.", to: "node" }],
  [
    "subflow.inputs_invalid",
    { say: "Give the called flow the inputs that its schema asks for.", to: "node" },
  ],
  ["subflow.outputs_invalid", { say: "Mend the output of the called flow, or its output schema." }],
  ["subflow.", { say: "Open the called flow's steps: the one that failed says why.", to: "node" }],
  ["flow.not_found", { say: "Choose another flow to call: this one is gone.", to: "node" }],
  [
    "flow.not_published",
    { say: "Publish the flow that is called, or choose one of its versions.", to: "node" },
  ],
  ["flow.version_not_found", { say: "Choose a version of the called flow that exists.", to: "node" }],
  ["flow.", { say: "Open the flow and mend what its problems name.", to: "node" }],
  [
    "agent.guardrail",
    {
      say: "Read what it answered last in its turns. Say in its goal what the guardrail asks for, loosen the guardrail, or let it try more often.",
      to: "agent",
    },
  ],
  [
    "agent.bad_output",
    {
      say: "Read what it answered last in its turns. Simplify its output schema, or describe the wanted fields in its goal.",
      to: "agent",
    },
  ],
  [
    "agent.no_answer",
    {
      say: "Its model said nothing. Say more exactly what it is to do, or give it another model.",
      to: "agent",
    },
  ],
  [
    "agent.cost_limit",
    {
      say: "Raise what one task may cost in the agent's limits or at the crew's delegation, or give it less to do at once.",
      to: "agent",
    },
  ],
  ["agent.", { say: "Look at its last turn for what it tried, then at its limits and tools.", to: "agent" }],
  [
    "crew.",
    { say: "Open the steps of the crew: the one that failed says why, then mend the crew or its member." },
  ],
  [
    "sandbox.unavailable",
    { say: "Nothing was run. Ask the operator to start the sandbox, then call it again." },
  ],
  [
    "sandbox.lost",
    { say: "Look whether it has done its work already; if not, or if it does no harm twice, call it again." },
  ],
  ["sandbox.", { say: "Mend the program or its limits as the message says.", to: "tool" }],
  ["tool.exit", { say: "Read the end of its log: what it printed to stderr says why.", to: "tool" }],
  ["tool.timeout", { say: "Raise the tool's time limit, or let it do less in one call.", to: "tool" }],
  [
    "tool.cpu_limit",
    { say: "Raise the tool's processor limit, or look for a loop that does not end.", to: "tool" },
  ],
  ["tool.memory_limit", { say: "Raise the tool's memory limit, or let it hold less at once.", to: "tool" }],
  ["tool.output_limit", { say: "Let the program print less, or write to a file in /box/out.", to: "tool" }],
  ["tool.bad_result", { say: "Print one JSON object as the last line, and nothing after it.", to: "tool" }],
  ["tool.bad_output", { say: "Mend what the tool answers, or its output schema.", to: "tool" }],
  [
    "tool.credential_missing",
    { say: "Choose another credential in the tool, or turn it on in the settings.", to: "tool" },
  ],
  [
    "tool.credential_host",
    { say: "Allow the host in the credential's settings, or take it from the tool.", to: "tool" },
  ],
  [
    "tool.refused",
    {
      say: "A person did not allow this call. Read why, or take another way by the error route.",
      to: "node",
    },
  ],
  ["tool.unknown", { say: "Choose another tool: this one is gone.", to: "node" }],
  ["tool.not_granted", { say: "Give the agent this tool, or tell it to do without.", to: "agent" }],
  ["tool.cancelled", { say: "It was ended from outside. Retry the execution." }],
  ["tool.inputs_invalid", { say: "Give the tool the arguments that its input schema asks for.", to: "node" }],
  ["mcp.tool_error", { say: "The tool's own words say what it wants: call it with other arguments." }],
  [
    "mcp.unknown_tool",
    { say: "Import the server's tools anew: it has no tool of this name any more.", to: "tool" },
  ],
  ["mcp.", { say: "Check the server's address and credential, or ask whoever runs it.", to: "tool" }],
  ["tool.", { say: "Look at what it was called with, then at the tool's settings.", to: "tool" }],
  ["execution.timeout", { say: "Raise the time limit in the flow's settings." }],
  [
    "execution.outputs_too_large",
    { say: "Return less: a reference or a summary in place of the whole.", to: "node" },
  ],
  [
    "execution.too_large",
    { say: "Split the work: call a flow for each part, or pass on less between steps." },
  ],
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
