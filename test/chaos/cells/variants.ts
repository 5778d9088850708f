import type { Link, Step } from "../kit/draw.ts"
import { doer, echo } from "../kit/vendor.ts"

/** What flows of the cells reach: a model, a receiver, a flow that others call, and an agent. */
export interface Around {
  provider: string
  receiver: string
  callee: string
  agent: string
}

/** A kind of step, or a way of using it, in whose middle the server dies. */
export interface Variant {
  /** The steps around `subject`, which the crash points are about, between `before` and `after`. */
  steps: (around: Around) => Step[]
  links: Link[]
  /** How many calls it makes to the outside; their crash points are cells too. */
  calls: number
  /** The node that makes them, where it stands inside the subject. */
  inner?: string
  /** Who has to do something for it to go on. */
  needs?: "callback" | "answer"
  /** It has a time to wait for, kept as an appointment. */
  rests?: boolean
  /** It holds a body. */
  opens?: boolean
  /** A request that was under way may not be sent again: then a person is asked. */
  once?: boolean
}

const line: Link[] = [
  ["before", "subject"],
  ["subject", "after"],
]

/** An effect's name: by it receivers know what belongs together, whoever executes it and how often. */
const named = (id: string, more = ""): string => `{{ execution.id }}/{{ input.cell }}/${id}${more}`

const one =
  (type: string, data: object): ((around: Around) => Step[]) =>
  () => [{ id: "subject", type, data }]

const request = (
  { receiver }: Around,
  id: string,
  method: string,
  more: object = {},
  name = named(id),
): Step => ({
  id,
  type: "http",
  data: {
    method,
    url: `${receiver}/${name}`,
    ...(method === "GET" ? {} : { body: { cell: "{{ input.cell }}" } }),
    ...more,
  },
})

const send = (method: string, more: object = {}) => ({
  steps: (around: Around) => [request(around, "subject", method, more)],
  links: line,
  calls: 1,
})

/** A request that may be repeated, inside a body; its effect is named after the iteration. */
const innerPost = (around: Around, parent_id: string, more: string): Step => ({
  ...request(around, "inner", "POST", { may_repeat: true }, named("inner", more)),
  parent_id,
})

const body: Pick<Variant, "links" | "inner" | "opens"> = { links: line, inner: "inner", opens: true }

const flows = {
  transform: { steps: one("transform", { value: "{ 'twice': input.n * 2 }" }), links: line, calls: 0 },
  condition: {
    steps: () => [
      { id: "subject", type: "condition", data: { branches: [{ id: "many", when: "input.n > 1" }] } },
      { id: "few", type: "transform", data: { value: "'few'" } },
    ],
    links: [
      ["before", "subject"],
      ["subject", "after", "many"],
      ["subject", "few", "else"],
    ],
    calls: 0,
  },
  merge: {
    steps: () => [
      { id: "left", type: "transform", data: { value: "'left'" } },
      { id: "right", type: "transform", data: { value: "'right'" } },
      { id: "subject", type: "merge", data: {} },
    ],
    links: [
      ["before", "left"],
      ["before", "right"],
      ["left", "subject"],
      ["right", "subject"],
      ["subject", "after"],
    ],
    calls: 0,
  },
  llm: {
    steps: ({ provider }) => [
      {
        id: "subject",
        type: "llm",
        data: { llm_provider_id: provider, model: echo, prompt: `effect ${named("subject")} one two three` },
      },
    ],
    links: line,
    calls: 1,
  },
  classify: {
    steps: ({ provider }) => [
      {
        id: "subject",
        type: "classify",
        data: {
          llm_provider_id: provider,
          model: echo,
          text: `effect ${named("subject")}`,
          classes: [{ id: "first" }, { id: "second" }],
        },
      },
      { id: "other", type: "transform", data: { value: "'other'" } },
    ],
    links: [
      ["before", "subject"],
      ["subject", "after", "first"],
      ["subject", "other", "second"],
    ],
    calls: 1,
  },
  http_get: send("GET"),
  http_put: send("PUT"),
  http_post_repeatable: send("POST", { may_repeat: true }),
  http_post_once: { ...send("POST"), once: true },
  http_retried: {
    steps: (around) => [
      request(around, "subject", "GET", {
        url: `${around.receiver}/fails/${named("subject")}`,
        retry: { max_attempts: 2, backoff_ms: 400, factor: 1, on: ["http"] },
        on_error: "continue",
        error_value: "gave up",
      }),
    ],
    links: line,
    calls: 1,
    rests: true,
  },
  map: {
    ...body,
    steps: (around) => [
      { id: "subject", type: "map", data: { items: "[1, 2, 3, 4]", concurrency: 2 } },
      innerPost(around, "subject", "/{{ index }}"),
    ],
    calls: 4,
  },
  loop: {
    ...body,
    steps: (around) => [
      {
        id: "subject",
        type: "loop",
        data: { state: "{ 'n': 0 }", until: "state.n >= 3", max_iterations: 5 },
      },
      innerPost(around, "subject", "/{{ index }}"),
      { id: "more", type: "transform", data: { value: "{ 'n': state.n + 1 }" }, parent_id: "subject" },
    ],
    links: [...line, ["inner", "more"]],
    calls: 3,
  },
  nested: {
    ...body,
    steps: (around) => [
      {
        id: "subject",
        type: "loop",
        data: { state: "{ 'n': 0 }", until: "state.n >= 2", max_iterations: 5 },
      },
      { id: "each", type: "map", data: { items: "[1, 2]", concurrency: 2 }, parent_id: "subject" },
      innerPost(around, "each", "/{{ state.n }}/{{ index }}"),
      { id: "more", type: "transform", data: { value: "{ 'n': state.n + 1 }" }, parent_id: "subject" },
    ],
    links: [...line, ["each", "more"]],
    calls: 4,
  },
  subflow: {
    ...body,
    steps: ({ callee }) => [
      { id: "subject", type: "subflow", data: { flow_id: callee, inputs: { cell: "{{ input.cell }}" } } },
    ],
    calls: 1,
  },
  agent: {
    ...body,
    steps: ({ agent }) => [
      { id: "subject", type: "agent", data: { agent_id: agent, task: `effect ${named("inner")}` } },
    ],
    inner: "call",
    calls: 1,
  },
  wait_seconds: { steps: one("wait", { seconds: 0.8 }), links: line, calls: 0, rests: true },
  wait_callback: {
    steps: (around) => [
      request(around, "ring", "POST", {
        may_repeat: true,
        body: { callback: "{{ execution.callbacks.subject }}" },
      }),
      { id: "subject", type: "wait", data: { callback: true } },
    ],
    links: [
      ["before", "ring"],
      ["ring", "subject"],
      ["subject", "after"],
    ],
    calls: 0,
    needs: "callback",
  },
  approval: {
    steps: () => [
      { id: "subject", type: "approval", data: { title: "May it?", buttons: [{ id: "yes", label: "Yes" }] } },
    ],
    links: [
      ["before", "subject"],
      ["subject", "after", "yes"],
    ],
    calls: 0,
    needs: "answer",
  },
  approval_timeout: {
    steps: () => [
      {
        id: "subject",
        type: "approval",
        data: { title: "May it?", buttons: [{ id: "yes", label: "Yes" }], timeout_seconds: 1 },
      },
    ],
    links: [
      ["before", "subject"],
      ["subject", "after", "timeout"],
    ],
    calls: 0,
    rests: true,
  },
} satisfies Record<string, Variant>

export type VariantName = keyof typeof flows

export const variants: Record<VariantName, Variant> = flows

export const variantNames = Object.keys(flows) as VariantName[]

/** The flow that `subflow` calls. */
export const calleeSteps = (around: Omit<Around, "callee" | "agent">): { steps: Step[]; links: Link[] } => ({
  steps: [
    { id: "input", type: "input", data: {} },
    request({ ...around, callee: "", agent: "" }, "inner", "POST", { may_repeat: true }),
    { id: "output", type: "output", data: { value: "{{ nodes.inner.body.done }}" } },
  ],
  links: [
    ["input", "inner"],
    ["inner", "output"],
  ],
})

/** The agent, and the tool by which it does what it is told to. */
export const agentDrafts = ({ provider, receiver }: Omit<Around, "callee" | "agent">) => ({
  tool: {
    name: "act",
    description: "Does what it is named after",
    kind: "http",
    input_schema: {
      type: "object",
      properties: { effect: { type: "string" } },
      required: ["effect"],
      additionalProperties: false,
    },
    execution_config: {
      method: "POST",
      url: `${receiver}/{{ input.effect }}`,
      body: { effect: "{{ input.effect }}" },
      may_repeat: true,
    },
  },
  agent: { name: "Doer", model: doer, llm_provider_id: provider },
})
