import { createHash, randomBytes } from "node:crypto"
import type { CallerToken, RunRequest } from "../../core/contract/sandbox.ts"
import type { Backend } from "../backend.ts"
import type { Metrics } from "../metrics.ts"
import { Problem } from "../problem.ts"
import { Queue } from "../queue.ts"
import { Keep } from "./keep.ts"
import { bounded } from "./limits.ts"
import { RunRecord, type WayOut } from "./record.ts"

/** The way out of one run, until it is closed. */
export interface OpenEgress extends WayOut {
  close: () => Promise<void>
}

export interface RunsOptions {
  backend: Backend
  metrics: Metrics
  /** Opens the proxy of a run with `network: allow`. */
  openEgress: (id: string, request: RunRequest) => Promise<OpenEgress>
  now: () => number
  /** The part of the slots that one tenant may hold. */
  share: number
  maxWaiting: number
  waitMs: number
}

export interface Submission {
  token: CallerToken
  request: RunRequest
  /** The body as it came: the same key stands for the same bytes only. */
  body: Buffer
  key: string | undefined
  isGathered: boolean
  /** Ends the wait for a slot. */
  signal: AbortSignal
}

const keepBytes = 67_108_864

/** All runs of this runner: admitted, queued, begun, kept for a while. */
export class Runs {
  readonly #options: RunsOptions
  readonly #keep: Keep
  readonly queue: Queue

  constructor(options: RunsOptions) {
    this.#options = options
    const { backend, share, maxWaiting, waitMs, now } = options
    this.#keep = new Keep({ now, readMs: 60_000, keyMs: 600_000, maxBytes: keepBytes, maxRuns: 10_000 })
    this.queue = new Queue({
      slots: () => backend.capacity().slots - backend.capacity().quarantined,
      free: () => backend.capacity().free,
      share,
      maxWaiting,
      waitMs,
    })
    backend.onChange(() => this.queue.pump())
  }

  find(token: CallerToken, id: string): RunRecord {
    const record = this.#keep.find(token.tenant, id)
    if (record === undefined) throw new Problem("run.unknown")
    return record
  }

  /** The run of a request: a new one that has begun, or, for a key used before, the one it began then. Throws a Problem. */
  async submit(submission: Submission): Promise<RunRecord> {
    const { token, key } = submission
    const digest = createHash("sha256")
      .update(submission.isGathered ? "json" : "stream")
      .update(submission.body)
      .digest("hex")
    const known = key === undefined ? undefined : this.#keep.keyed(token.tenant, key)
    if (known !== undefined) {
      if (known.digest !== digest) throw new Problem("key.reused")
      if (known.record === undefined) throw new Problem("run.gone")
      await known.record.begun
      return known.record
    }
    const verdict = this.#options.backend.verdict()
    if (!verdict.ready) throw new Problem("sandbox.unavailable", verdict.reason)
    const record = new RunRecord({
      id: `run_${randomBytes(16).toString("hex")}`,
      tenant: token.tenant,
      request: bounded(submission.request, token),
      isGathered: submission.isGathered,
    })
    this.#keep.add(record, key, digest)
    try {
      await this.#begin(record, submission)
    } catch (error) {
      record.refuse(error)
      this.#keep.forget(record, key)
      throw error
    }
    return record
  }

  async #begin(record: RunRecord, { token, key, signal }: Submission): Promise<void> {
    const { backend, metrics, openEgress } = this.#options
    const way =
      record.request.network.mode === "allow" ? await openEgress(record.id, record.request) : undefined
    try {
      await this.queue.enter(token.tenant, signal, async () => {
        await record.begin(backend, way)
        metrics.ran(record)
        this.#keep.end(record, key)
        await way?.close()
      })
    } catch (error) {
      await way?.close()
      throw error
    }
  }

  /** Ends every run and turns everyone away who waits. */
  async close(): Promise<void> {
    const why = new Problem("runner.busy", "The runner is going down.", { headers: { "retry-after": "1" } })
    this.queue.close(why)
    const live = [...this.#keep.live()]
    for (const record of live) record.cancel()
    await Promise.allSettled(live.map((record) => record.ended))
  }
}
