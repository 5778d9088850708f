import { fireEvent, screen, within } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { NewEvent } from "#core/execution/event"
import { begun } from "../test-flows.ts"
import { showIn } from "../test-watch.tsx"
import { Inspector } from "./inspector.tsx"

afterEach(() => vi.unstubAllGlobals())

const toolId = "tool_01JD0000000000000000000000"
const node = (id: string, type: string, data: object = {}) => ({ id, type, position: { x: 0, y: 0 }, data })
const graph = {
  nodes: [
    node("in", "input"),
    { ...node("crunch", "tool", { tool_id: toolId, inputs: {} }), label: "Crunch" },
    node("out", "output"),
  ],
  edges: [],
} as Parameters<typeof showIn>[1]["graph"]

const at = (attempt = 1, scope = "", node_id = "crunch") => ({
  node_id,
  attempt,
  ...(scope ? { scope } : {}),
})
const called = (place: ReturnType<typeof at>, kind = "container"): NewEvent[] => [
  { type: "node.started", ...place, data: { input: { tool: "crunch", arguments: { n: 4 } } } },
  {
    type: "tool.started",
    ...place,
    data: { tool: "crunch", tool_id: toolId, kind, call_id: "c", idempotency_key: "exec::crunch" },
  },
]
const failed = (attempt: number, code: string, message: string): NewEvent[] => [
  { type: "tool.failed", ...at(attempt), data: { error: { code, message }, latency_ms: 1_200 } },
  {
    type: "node.retrying",
    ...at(attempt),
    data: { error: { code, message }, due: "2026-11-21T09:00:01.000Z" },
  },
]

const show = (events: NewEvent[], search = "?node=crunch") =>
  showIn(<Inspector />, { graph, events: [...begun, ...events], search })
const tab = async (name: RegExp) => {
  fireEvent.mouseDown(screen.getByRole("tab", { name }))
  await vi.waitFor(
    () => expect(screen.getByRole("tab", { name }).getAttribute("aria-selected")).toBe("true"),
    { timeout: 10_000 },
  )
}

it("shows a call with its arguments, how each try ended, and which limit it met", async () => {
  await show([
    ...called(at(1)),
    ...failed(1, "tool.exit", "The program ended with code 3: not yet"),
    ...called(at(2)),
    ...failed(2, "tool.memory_limit", "The program used more memory than it may."),
    ...called(at(3)),
    { type: "tool.finished", ...at(3), data: { latency_ms: 34, characters: 1_200 } },
    {
      type: "node.succeeded",
      ...at(3),
      data: {
        output: {
          sum: 7,
          artifacts: [
            {
              path: "r.csv",
              size: 3,
              url: "/api/v1/executions/exec_0001JD0000000000000000000000/artifacts/0123456789abcdef/0123456789abcdef",
            },
          ],
        },
        handles: ["out"],
      },
    },
  ])
  await tab(/^Call/)
  const tries = ["Attempt 3", "Attempt 2", "Attempt 1"].map(
    (name) => screen.getByRole("region", { name }).textContent,
  )
  expect(tries[0]).toMatch(/34 ms.*Ended withCode 0.*1,200 characters/)
  expect(tries[1]).toMatch(/Ended withEnded by the sandbox.*Limit metMemory/)
  expect(tries[2]).toMatch(/1\.2 s.*Ended withCode 3.*not yet/)
  expect(screen.getByText("Program")).toBeTruthy()
  expect(within(screen.getByRole("region", { name: "Arguments" })).getByText("4")).toBeTruthy()
  expect(screen.getByRole("button", { name: "Download r.csv" })).toBeTruthy()
})

it("opens the log of a program that is under way, and says what to do when it met a limit", async () => {
  const { say } = await show([
    ...called(at(1)),
    { type: "tool.log", ...at(1), data: { message: "counting\n", stream: "stdout" } },
  ])
  expect(screen.getByRole("tab", { name: /^Logs/ }).getAttribute("aria-selected")).toBe("true")
  expect(screen.getByText("counting")).toBeTruthy()
  const error = { code: "tool.timeout", message: "The program took longer than its limit of 10 s." }
  await say(
    { type: "tool.failed", ...at(1), data: { error, latency_ms: 10_000 } },
    { type: "node.failed", ...at(1), data: { error, handles: [] } },
  )
  expect(screen.getByText(/Raise the tool's time limit/)).toBeTruthy()
  expect(screen.getByRole("link", { name: "Open the tool" })).toBeTruthy()
})

it("leaves the log open that somebody reads when its program ends", async () => {
  const { say } = await show([
    ...called(at(1)),
    { type: "tool.log", ...at(1), data: { message: "counting\n", stream: "stdout" } },
  ])
  expect(screen.getByText("counting")).toBeTruthy()
  await say(
    { type: "tool.finished", ...at(1), data: { latency_ms: 5, characters: 2 } },
    { type: "node.succeeded", ...at(1), data: { output: 1, handles: ["out"] } },
  )
  expect(screen.getByText("counting")).toBeTruthy()
})

it("tells of a call that asks a person first on its node, with what it prints inside", async () => {
  const call = at(1, "crunch", "call")
  await show([
    { type: "node.started", ...at(1), data: { input: { inputs: { n: 4 } } } },
    { type: "scope.opened", ...at(1), data: { path: "crunch" } },
    ...called(call, "mcp"),
    { type: "tool.log", ...call, data: { message: "part 1" } },
    { type: "tool.finished", ...call, data: { latency_ms: 5, characters: 2 } },
  ])
  expect(screen.getByText("part 1")).toBeTruthy()
  await tab(/^Call/)
  expect(screen.getByText("MCP tool")).toBeTruthy()
  expect(screen.queryByText("Ended with")).toBeNull()
  expect(within(screen.getByRole("region", { name: "Arguments" })).getByText("4")).toBeTruthy()
})
