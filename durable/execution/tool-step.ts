import type { NewEvent } from "#core/execution/event"
import type { Performed } from "#core/execution/perform"
import { isSettled } from "#core/execution/status"
import type { CallStep } from "#core/execution/steps/call"
import type { ExecutionId } from "#core/ids"
import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { schemaFaults } from "#core/json-schema"
import type { Builtin } from "#core/tool/builtin/builtin"
import { ProgramFailure, type ProgramAnswer } from "#core/tool/program"
import type { ToolDefinition } from "#core/tool/tool"
import type { ActiveExecution } from "./active.ts"
import type { RunKeys } from "./code-step.ts"
import { faultOf } from "./fault.ts"
import { LogBatch } from "./log-batch.ts"
import type { StepDeps } from "./step-deps.ts"

type Place = { node_id: string; scope?: string; attempt: number }

/** Characters of an answer that a model is given; a tool that answers more is cut. */
const mostCharacters = 60_000
/** A tool that says no time of its own is waited for so long. */
const usualTimeoutMs = 120_000

/** Calls one tool for one attempt of a step; what it came to is what the model is told. */
export async function callTool(
  deps: StepDeps,
  run: ActiveExecution,
  place: Place,
  step: CallStep,
  keys: RunKeys,
  signal: AbortSignal,
): Promise<Performed> {
  const { ports } = deps
  const begun = ports.now()
  // An execution's end is its last event, however late a tool answers.
  const emit = (event: NewEvent) => {
    if (!isSettled(run.state.status)) run.emit(event, new Date(ports.now()).toISOString())
  }
  const { tool, call_id } = step
  emit({
    type: "tool.started",
    ...place,
    data: {
      tool: tool.name,
      tool_id: tool.id,
      kind: tool.kind,
      call_id,
      idempotency_key: keys.idempotency_key,
    },
  })
  const timeout = "timeout_ms" in step.does ? step.does.timeout_ms : undefined
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout ?? usualTimeoutMs)])
  const logs = new LogBatch((stream, message) => {
    emit({ type: "tool.log", ...place, data: { message, stream } })
    deps.stream(run)
  })
  try {
    const log = (message: string) => emit({ type: "tool.log", ...place, data: { message } })
    const way = { signal: limited, log, print: logs, execution_id: run.id, actor: run.state.actor }
    const answer = judged(tool, await answerOf(deps, step, keys, way))
    logs.flush()
    const characters = asText(answer).length
    const output = step.isForModel ? shortened(answer) : answer
    if (output !== answer)
      log(`The answer has ${characters} characters; the agent gets the first ${mostCharacters}.`)
    emit({ type: "tool.finished", ...place, data: { latency_ms: ports.now() - begun, characters } })
    return { output, handles: ["out"] }
  } catch (error) {
    logs.flush()
    const fault = faultOf(limited.aborted && limited.reason instanceof DOMException ? limited.reason : error)
    const { code, message } = fault
    emit({
      type: "tool.failed",
      ...place,
      data: { error: { code, message }, latency_ms: ports.now() - begun },
    })
    throw Object.assign(new Error(message), fault)
  }
}

function shortened(answer: Json): Json {
  const text = asText(answer)
  return text.length <= mostCharacters ? answer : `${text.slice(0, mostCharacters)}… [cut]`
}

/** An answer that keeps its tool's word. */
function judged(tool: ToolDefinition, answer: Json): Json {
  const schema = "output_schema" in tool ? tool.output_schema : undefined
  const [fault] = schema ? schemaFaults(schema, answer) : []
  if (!fault) return answer
  const message = `The answer does not fit the output schema of ${tool.name}: ${fault.path || "the answer"}: ${fault.message}`
  throw new ProgramFailure("tool.bad_output", message)
}

/** What a call is made with: a way to stop it, and to say what it does. */
type Way = {
  signal: AbortSignal
  log: (message: string) => void
  print: LogBatch
  execution_id: ExecutionId
  /** Who began the execution. */
  actor: string
}

async function answerOf(
  { ports, tenant }: StepDeps,
  { does, memory_of }: CallStep,
  keys: RunKeys,
  way: Way,
): Promise<Json> {
  if (does.is === "builtin") return builtinAnswer(ports, tenant(), does, memory_of, way)
  if (does.is === "program") {
    const call = { program: does.program, tenant: tenant(), execution_id: way.execution_id, ...keys }
    const { result, artifacts } = await ports.runProgram(call, way.signal, (stream, text) =>
      way.print.add(stream, text),
    )
    return withArtifacts(result, artifacts)
  }
  const { idempotency_key } = keys
  if (does.is === "mcp")
    return ports.callMcp({ ...does.call, tenant: tenant(), idempotency_key }, way.signal, way.log)
  const { method, url, query, headers, body, credential_id, sealed } = does.request
  const request = {
    tenant: tenant(),
    method,
    url,
    query,
    headers,
    body,
    credential_id,
    idempotency_key,
    ...(sealed ? { sealed_headers: sealed.headers, secrets: sealed.secrets } : {}),
  }
  const reply = await ports.callHttp(request, way.signal)
  way.log(said(method, url, reply.status))
  return reply.body
}

/** Files that a program left are named beside what it says; what is no object stands under `result` then. */
function withArtifacts(result: Json, artifacts: ProgramAnswer["artifacts"]): Json {
  if (artifacts.length === 0) return result
  const files = artifacts.map((one) => ({ ...one }))
  return isJsonObject(result) ? { ...result, artifacts: files } : { result, artifacts: files }
}

/** Queries often hold keys; the log does without. */
const said = (method: string, url: string, status: number): string =>
  `${method} ${url.split(/[?#]/, 1)[0]!} answered ${status}.`

type Deed = { builtin: Builtin; args: JsonObject }

async function builtinAnswer(
  ports: StepDeps["ports"],
  tenant: ReturnType<StepDeps["tenant"]>,
  { builtin: { deed }, args }: Deed,
  holder: string | undefined,
  { signal, log, execution_id, actor }: Way,
): Promise<Json> {
  switch (deed.is) {
    case "computed":
      return deed.run(args, { now: new Date(ports.now()).toISOString() })
    case "page": {
      const { url, headers, most_bytes } = deed.request(args)
      const page = { tenant, method: "GET", url, headers, query: {}, body: undefined, most_bytes }
      const reply = await ports.callHttp(page, signal)
      log(said("GET", url, reply.status))
      return deed.read(reply.body, reply.headers["content-type"] ?? "")
    }
    case "recall": {
      const { text, most } = deed.query(args)
      const found = holder === undefined ? [] : await ports.memory.recall(tenant, holder, text, most)
      return { memories: found.map((one) => ({ text: one.text, remembered_at: one.created_at })) }
    }
    case "remember":
      if (holder !== undefined)
        await ports.memory.remember(tenant, holder, deed.text(args), { execution_id, actor })
      return { remembered: true }
    default:
      return deed satisfies never
  }
}
