import { fireEvent, screen, within } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { NewEvent } from "#core/execution/event"
import type { Json } from "#core/json"
import { begun } from "../test-flows.ts"
import { showIn } from "../test-watch.tsx"
import { Inspector } from "./inspector.tsx"

afterEach(() => vi.unstubAllGlobals())

const place = (key: string) => {
  const cut = key.lastIndexOf("/")
  return {
    node_id: key.slice(cut + 1),
    ...(cut < 0 ? {} : { scope: key.slice(0, cut) }),
    attempt: 1,
  }
}
const start = (key: string): NewEvent => ({ type: "node.started", ...place(key), data: {} })
const end = (key: string, output: Json, handle = "out"): NewEvent => ({
  type: "node.succeeded",
  ...place(key),
  data: { output, handles: [handle] },
})
const open = (key: string, index: number): NewEvent => ({
  type: "scope.opened",
  ...place(key),
  data: { path: `${key}[${index}]`, index },
})
const close = (key: string, index: number, output: Json): NewEvent => ({
  type: "scope.closed",
  ...place(key),
  data: { path: `${key}[${index}]`, output },
})
const said = (key: string, text: string): NewEvent => ({
  type: "model.delta",
  ...place(key),
  data: { text },
})
const counted = (key: string): NewEvent => ({
  type: "model.finished",
  ...place(key),
  data: {
    model: "gpt-5.2",
    finish_reason: "stop",
    usage: { input_tokens: 300, output_tokens: 12 },
    cost_micros: 4_200,
    latency_ms: 900,
  },
})

const graph = {
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "write",
      type: "agent",
      position: { x: 1, y: 0 },
      label: "Writer",
      data: { agent_id: "agent_01JD0000000000000000000000", task: "Write" },
    },
    // A node of the flow itself that is called as a step of every agent is.
    { id: "think", type: "output", position: { x: 2, y: 0 }, data: {}, label: "The end" },
  ],
  edges: [],
}

const call = (id: string, name: string, given: Json) => ({ id, name, arguments: given })

/** An agent that calls a tool and hands work to a colleague in its first turn. */
const firstTurn: NewEvent[] = [
  ...begun,
  start("write"),
  open("write", 0),
  start("write[0]/think"),
  counted("write[0]/think"),
  end(
    "write[0]/think",
    {
      text: "I look it up and ask the critic.",
      tool_calls: [
        call("1", "find_order", { id: 7 }),
        call("2", "delegate_to_critic", { task: "Find what is wrong" }),
      ],
    },
    "calls",
  ),
  start("write[0]/calls"),
  open("write[0]/calls", 0),
  open("write[0]/calls", 1),
  start("write[0]/calls[1]/to_critic"),
  open("write[0]/calls[1]/to_critic", 0),
  start("write[0]/calls[1]/to_critic[0]/think"),
]

it("tells an agent's work turn by turn as it happens: words, calls, colleagues, cost", async () => {
  const { say } = await showIn(<Inspector />, { graph, events: firstTurn, search: "?node=write" })
  expect(screen.getByRole("tab", { name: "Turns" }).getAttribute("aria-selected")).toBe("true")
  expect(screen.getByText("I look it up and ask the critic.")).toBeTruthy()
  // The thought's own, and the agent's, which is the sum of its thoughts.
  expect(screen.getAllByText(/312 tokens · \$0\.0042/)).toHaveLength(2)
  const calls = within(screen.getByRole("list", { name: "Calls of turn 1" }))
  expect(calls.getByText("find_order")).toBeTruthy()
  expect(calls.getByText("id: 7")).toBeTruthy()
  // A colleague at work is open without a press, and its words come as they are said.
  expect(calls.getByText("Find what is wrong")).toBeTruthy()
  await say(said("write[0]/calls[1]/to_critic[0]/think", "The date"))
  expect(await calls.findByText(/The date/)).toBeTruthy()
  await say(
    end("write[0]/calls[1]/to_critic[0]/think", { text: "The date is wrong.", answer: "The date is wrong." }),
    close("write[0]/calls[1]/to_critic", 0, {}),
    end("write[0]/calls[1]/to_critic", "The date is wrong."),
    close("write[0]/calls", 1, { check: { route: "to_critic" }, to_critic: "The date is wrong." }),
    close("write[0]/calls", 0, { check: { route: "call" }, failed: { message: "The shop is closed" } }),
  )
  fireEvent.click(calls.getByRole("button", { name: /find_order/ }))
  expect(calls.getByText("The shop is closed")).toBeTruthy()
  await say(
    end("write[0]/calls", []),
    close("write", 0, {}),
    open("write", 1),
    start("write[1]/think"),
    end("write[1]/think", {
      text: "Done.",
      answer: "# Done\n\n<img src=x onerror=alert(1)>",
      ended: "limit",
    }),
  )
  expect(screen.getByText(/^It had reached a limit and was asked for its answer\./)).toBeTruthy()
  const answer = screen.getByRole("region", { name: "Answer" })
  // What a model writes is shown as it is written, and never becomes an element.
  expect(answer.textContent).toContain("<img src=x onerror=alert(1)>")
  expect(answer.querySelector("img")).toBeNull()
})

it("opens a thought as a step of its own, not as the node of the flow that is called alike", async () => {
  const { search } = await showIn(<Inspector />, { graph, events: firstTurn, search: "?node=write" })
  fireEvent.click(screen.getAllByRole("button", { name: "Turn 1" })[0]!)
  await vi.waitFor(() => expect(search()).toMatchObject({ node: "think", scope: "write[0]" }), {
    timeout: 10_000,
  })
  expect(await screen.findByRole("heading", { name: "Thought" })).toBeTruthy()
  expect(screen.queryByRole("heading", { name: "The end" })).toBeNull()
  expect(screen.getByText("Turn 1")).toBeTruthy()
  expect(screen.getByRole("tab", { name: "Model" })).toBeTruthy()
})

it("lists the agents of an execution that nobody handed their work to", async () => {
  await showIn(<Inspector />, { graph, events: firstTurn, search: "?tab=work" })
  expect(screen.getByRole("tab", { name: "Agents" }).getAttribute("aria-selected")).toBe("true")
  expect(screen.getAllByRole("region", { name: "Writer" })).toHaveLength(1)
})
