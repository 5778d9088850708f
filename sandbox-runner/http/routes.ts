import type { IncomingMessage, ServerResponse } from "node:http"
import {
  bootHeader,
  type CallerToken,
  type Readiness,
  type RunnerCapabilities,
  RunRequest,
  sandboxProtocol,
} from "../../core/contract/sandbox.ts"
import type { Backend } from "../backend.ts"
import type { Metrics } from "../metrics.ts"
import { Problem } from "../problem.ts"
import { maxima } from "../runs/limits.ts"
import type { RunRecord } from "../runs/record.ts"
import type { Runs } from "../runs/runs.ts"
import { checkBody, sameSecret, type TokenGate } from "../token.ts"
import { parseBody, readBody } from "./body.ts"
import { streamFrames } from "./stream.ts"

export interface Service {
  id: string
  /** Another at each start of the process. */
  boot: string
  backend: Backend
  runs: Runs
  metrics: Metrics
  gate: TokenGate
  metricsToken: string | null
  /** How long a run goes on with nobody listening, where somebody could listen again. */
  orphanMs: number
}

interface Call {
  service: Service
  req: IncomingMessage
  res: ServerResponse
  url: URL
  params: string[]
}

interface Route {
  method: string
  path: RegExp
  answer: (call: Call) => Promise<void> | void
}

export const ioPath = /^\/v1\/runs\/(run_[0-9a-f]{32})\/io$/

const routes: Route[] = [
  { method: "GET", path: /^\/healthz$/, answer: healthy },
  { method: "GET", path: /^\/readyz$/, answer: ready },
  { method: "GET", path: /^\/v1\/capabilities$/, answer: capabilities },
  { method: "GET", path: /^\/metrics$/, answer: metrics },
  { method: "POST", path: /^\/v1\/runs$/, answer: start },
  { method: "GET", path: /^\/v1\/runs\/(run_[0-9a-f]{32})\/events$/, answer: events },
  { method: "DELETE", path: /^\/v1\/runs\/(run_[0-9a-f]{32})$/, answer: cancel },
  {
    method: "GET",
    path: ioPath,
    answer: () => {
      throw new Problem("request.malformed", "This address speaks WebSocket only.")
    },
  },
]

/** Finds the route of a request and lets it answer. Throws a Problem. */
export async function route(service: Service, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = addressOf(req)
  const here = routes.filter(({ path }) => path.test(url.pathname))
  if (here.length === 0) throw new Problem("route.unknown")
  const found = here.find(({ method }) => method === req.method)
  if (found === undefined) {
    const allow = here.map(({ method }) => method).join(", ")
    throw new Problem("method.refused", `Allowed: ${allow}.`, { headers: { allow } })
  }
  const [, ...params] = found.path.exec(url.pathname) ?? []
  await found.answer({ service, req, res, url, params })
}

export function addressOf(req: IncomingMessage): URL {
  const target = req.url ?? ""
  if (!target.startsWith("/") || target.length > 2_000)
    throw new Problem("request.malformed", "The address is not one of ours.")
  return new URL(`http://runner${target.replace(/^\/+/, "/")}`)
}

/** The claims of a call without a body. */
export function callerOf(service: Service, req: IncomingMessage): CallerToken {
  const token = service.gate.admit(req.headers.authorization)
  checkBody(token, Buffer.alloc(0))
  return token
}

export function afterOf(url: URL): number {
  const text = url.searchParams.get("after") ?? "0"
  if (!/^\d{1,15}$/.test(text)) throw new Problem("request.malformed", "after must be a number of a frame.")
  return Number(text)
}

function healthy({ service, res }: Call): void {
  res.setHeader(bootHeader, service.boot)
  sendJson(res, 200, { ok: true })
}

function ready({ service, res }: Call): void {
  const verdict = service.backend.verdict()
  const checked_at = verdict.at > 0 ? new Date(verdict.at).toISOString() : null
  const body: Readiness = { ready: verdict.ready, reason: verdict.ready ? null : verdict.reason, checked_at }
  sendJson(res, verdict.ready ? 200 : 503, body)
}

function capabilities({ service, req, res }: Call): void {
  callerOf(service, req)
  const { backend, runs } = service
  const verdict = backend.verdict()
  const { slots, free, quarantined, pool } = backend.capacity()
  const body: RunnerCapabilities = {
    protocol: sandboxProtocol,
    id: service.id,
    ready: verdict.ready,
    reason: verdict.ready ? null : verdict.reason,
    profile: backend.profile,
    isolation: backend.isolation,
    languages: ["python", "node", "shell"],
    network: true,
    limits: maxima,
    slots,
    free,
    quarantined,
    waiting: runs.queue.waiting,
    pool: { ...pool },
  }
  sendJson(res, 200, body)
}

function metrics({ service, req, res }: Call): void {
  const given = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1]
  const isScraper =
    given !== undefined && service.metricsToken !== null && sameSecret(given, service.metricsToken)
  if (!isScraper) callerOf(service, req)
  const text = service.metrics.text(service.backend, service.runs.queue.waiting)
  send(res, 200, "text/plain; version=0.0.4; charset=utf-8", Buffer.from(text))
}

async function start({ service, req, res }: Call): Promise<void> {
  const isGathered = wantsJson(req)
  // Signature and age first: no stranger's body is read.
  const token = service.gate.admit(req.headers.authorization)
  if (!/^application\/json(?:;|$)/i.test(req.headers["content-type"] ?? "")) throw new Problem("body.type")
  const wanted = req.headers[bootHeader]
  if (wanted !== undefined && wanted !== service.boot) throw new Problem("runner.other")
  const key = req.headers["idempotency-key"]
  if (Array.isArray(key) || (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)))
    throw new Problem("request.malformed", "idempotency-key must be 1 to 255 visible characters.")
  const body = await readBody(req)
  checkBody(token, body)
  const request = parseBody(RunRequest, body)
  checkProgram(request)
  const gone = new AbortController()
  const onGone = (): void => gone.abort(new Problem("runner.busy", "Its caller has left."))
  res.once("close", onGone)
  const record = await service.runs.submit({ token, request, body, key, isGathered, signal: gone.signal })
  if (!isGathered) return follow(service, res, record, 0)
  // Without a key nobody can ask for this answer again.
  res.off("close", onGone)
  return sendResult(res, record, key === undefined ? 0 : service.orphanMs)
}

async function follow(
  service: Service,
  res: ServerResponse,
  record: RunRecord,
  after: number,
): Promise<void> {
  record.adopt()
  await streamFrames(res, record, after)
  record.abandon(service.orphanMs)
}

function checkProgram({ argv, code, files }: RunRequest): void {
  if ((argv === undefined) === (code === undefined))
    throw new Problem("request.malformed", "Give code or argv, one of them.", {
      issues: [{ path: "code", message: "code or argv, one of them" }],
    })
  if (argv?.some((one) => one.includes("\0")) === true)
    throw new Problem("request.malformed", "argv holds a zero byte.")
  const paths = new Set(files.map(({ path }) => path))
  if (paths.size < files.length) throw new Problem("request.malformed", "Two files have the same path.")
  const bad = files.find(
    ({ content, encoding }) => encoding === "base64" && !/^[A-Za-z0-9+/]*={0,2}$/.test(content),
  )
  if (bad !== undefined) throw new Problem("request.malformed", `${bad.path} is not base64.`)
}

function wantsJson(req: IncomingMessage): boolean {
  const accept = req.headers.accept ?? "application/json"
  if (accept.includes("application/x-ndjson")) return false
  if (/application\/json|application\/\*|\*\/\*/.test(accept)) return true
  throw new Problem("answer.unknown")
}

async function sendResult(res: ServerResponse, record: RunRecord, orphanMs: number): Promise<void> {
  record.adopt()
  const onGone = (): void => record.abandon(orphanMs)
  if (res.destroyed) onGone()
  else res.once("close", onGone)
  const result = await record.result()
  if (!res.destroyed) sendJson(res, 200, result)
}

async function events({ service, req, res, url, params: [id = ""] }: Call): Promise<void> {
  const after = afterOf(url)
  const record = service.runs.find(callerOf(service, req), id)
  if (record.isGathered) throw new Problem("run.unknown")
  return follow(service, res, record, after)
}

async function cancel({ service, req, res, params: [id = ""] }: Call): Promise<void> {
  const record = service.runs.find(callerOf(service, req), id)
  record.cancel()
  const { status } = await record.ended
  if (!res.destroyed) sendJson(res, 200, { id: record.id, status })
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  type = "application/json",
): void {
  send(res, status, type, Buffer.from(JSON.stringify(body)))
}

function send(res: ServerResponse, status: number, type: string, body: Buffer): void {
  res.writeHead(status, {
    "content-type": type,
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  })
  res.end(body)
}
