import { CommonData, entriesOf, errorHandle, out, type Handle, type Kind } from "./kind.ts"

const inner = {
  family: "agents",
  data: CommonData,
  takesInput: true,
  expressions: () => [],
  substance: () => "",
} as const satisfies Partial<Kind>

/** Where a turn leads in which the agent asks for tools. */
export const callsHandle: Handle = { id: "calls", label: "Calls" }

/** One turn of an agent: a question to its model, with everything that was said and done so far. */
const think: Kind = {
  ...inner,
  type: "think",
  title: "Thought",
  summary: "Asks the agent's model what to do next",
  icon: "brain",
  act: "model",
  handles: () => [callsHandle, out],
}

/** Whether a call that the model asks for may be made, and by whom. Its routes stand in its data: `call`, `ask`, and one per colleague. */
const check: Kind = {
  ...inner,
  type: "check",
  title: "Check",
  summary: "Checks a call that the agent asks for",
  icon: "shield-check",
  act: "check",
  handles: (data) => [
    ...entriesOf<Handle>(data, "routes").flatMap(({ id, label }) =>
      typeof id === "string" ? [{ id, label: label ?? id }] : [],
    ),
    { id: "wrong", label: "Wrong" },
  ],
}

/** One call of a tool. */
const call: Kind = {
  ...inner,
  type: "call",
  title: "Tool call",
  summary: "Calls a tool that the agent was granted",
  family: "tools",
  icon: "wrench",
  act: "tool",
  handles: () => [out, errorHandle],
}

/** The flow that a tool is, with the arguments of a call. */
const flow: Kind = {
  ...inner,
  type: "flow",
  title: "Flow",
  summary: "Executes the flow that a tool is",
  family: "tools",
  icon: "workflow",
  act: "scope",
  handles: () => [out, errorHandle],
}

/** A person has said no: the call fails with their words. */
const refused: Kind = {
  ...inner,
  type: "refused",
  title: "Refused",
  summary: "The call was not allowed",
  family: "people",
  icon: "user-check",
  act: "pure",
  handles: () => [],
}

/** Kinds that nobody draws: the bodies of agents and tools are made of them. */
export const innerKinds = { think, check, call, flow, refused } as const satisfies Record<string, Kind>
