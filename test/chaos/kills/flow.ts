import { draw, type Link, type Step } from "../kit/draw.ts"
import { echo } from "../kit/vendor.ts"

/** How often the seven steps of a round are drawn in a row: with input and output, thirty steps. */
const rounds = [1, 2, 3, 4]

/** What each effect is called at its receiver. */
export const effectsOf = (execution: string): string[] =>
  rounds.flatMap((i) => [`${execution}/ask_${i}`, `${execution}/say_${i}`])

/**
 * Four times: a request with an effect, a value made of its answer, a choice between two ways that join again, and a model. Each
 * result holds those before it, so that one that was lost, doubled or changed is seen in the output.
 */
export function thirtySteps(provider: string, receiver: string) {
  const ask = (id: string): Step => ({
    id,
    type: "http",
    data: {
      method: "POST",
      url: `${receiver}/{{ execution.id }}/${id}`,
      body: { n: "{{ input.n }}" },
      may_repeat: true,
    },
  })
  const say = (id: string, text: string): Step => ({
    id,
    type: "llm",
    data: { llm_provider_id: provider, model: echo, prompt: `effect {{ execution.id }}/${id} ${text}` },
  })
  const steps = rounds.flatMap((i): Step[] => [
    ask(`ask_${i}`),
    { id: `shape_${i}`, type: "transform", data: { value: `nodes.ask_${i}.body.done & ' of ' & input.n` } },
    {
      id: `choose_${i}`,
      type: "condition",
      data: { branches: [{ id: "even", when: `(input.n + ${i}) % 2 = 0` }] },
    },
    { id: `even_${i}`, type: "transform", data: { value: `nodes.shape_${i} & ' even'` } },
    { id: `odd_${i}`, type: "transform", data: { value: `nodes.shape_${i} & ' odd'` } },
    { id: `join_${i}`, type: "merge", data: {} },
    say(`say_${i}`, `after {{ nodes.even_${i} ? nodes.even_${i} : nodes.odd_${i} }}`),
  ])
  const links = rounds.flatMap((i): Link[] => [
    [i === 1 ? "input" : `say_${i - 1}`, `ask_${i}`],
    [`ask_${i}`, `shape_${i}`],
    [`shape_${i}`, `choose_${i}`],
    [`choose_${i}`, `even_${i}`, "even"],
    [`choose_${i}`, `odd_${i}`, "else"],
    [`even_${i}`, `join_${i}`],
    [`odd_${i}`, `join_${i}`],
    [`join_${i}`, `say_${i}`],
  ])
  const value = rounds.map((i) => `{{ $substringAfter(nodes.say_${i}, '/') }}`)
  return draw(
    "Thirty steps",
    [{ id: "input", type: "input", data: {} }, ...steps, { id: "output", type: "output", data: { value } }],
    [...links, [`say_${rounds.length}`, "output"]],
  )
}

/** What such an execution comes to. */
export const expected = (n: number): string[] =>
  rounds.map((i) => `say_${i} after ask_${i} of ${n} ${(n + i) % 2 === 0 ? "even" : "odd"}`)
