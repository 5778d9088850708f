import type { RunRecord } from "./record.ts"

export interface KeepOptions {
  now: () => number
  /** How long an ended run can still be read, and how long its key is remembered. */
  readMs: number
  keyMs: number
  maxBytes: number
  maxRuns: number
}

interface Keyed {
  digest: string
  record: RunRecord | undefined
  forgetAt: number
}

/** Runs by id and by their callers' idempotency keys, for as long as somebody may ask for them. */
export class Keep {
  readonly #options: KeepOptions
  readonly #byId = new Map<string, RunRecord>()
  readonly #byKey = new Map<string, Keyed>()
  /** Ended runs in the order of their ends. */
  readonly #ended = new Map<RunRecord, { dropAt: number; bytes: number; key: string | undefined }>()
  #bytes = 0
  #sweepAt = 0

  constructor(options: KeepOptions) {
    this.#options = options
  }

  /** A run of this tenant; another's is as unknown as none. */
  find(tenant: string, id: string): RunRecord | undefined {
    this.sweep()
    const record = this.#byId.get(id)
    return record?.tenant === tenant ? record : undefined
  }

  /** What a key was used for. `record` is missing where its answer is no longer kept. */
  keyed(tenant: string, key: string): Keyed | undefined {
    this.sweep()
    return this.#byKey.get(scoped(tenant, key))
  }

  add(record: RunRecord, key: string | undefined, digest: string): void {
    this.#byId.set(record.id, record)
    if (key !== undefined)
      this.#byKey.set(scoped(record.tenant, key), { digest, record, forgetAt: Number.POSITIVE_INFINITY })
  }

  /** A run that never began: its key may be used again. */
  forget(record: RunRecord, key: string | undefined): void {
    this.#byId.delete(record.id)
    if (key !== undefined) this.#byKey.delete(scoped(record.tenant, key))
  }

  /** A run that ended: it can be read for a while yet, if anyone can know of it. */
  end(record: RunRecord, key: string | undefined): void {
    if (record.isGathered && key === undefined) {
      this.#byId.delete(record.id)
      return
    }
    const { now, keyMs, readMs } = this.#options
    const entry = key === undefined ? undefined : this.#byKey.get(scoped(record.tenant, key))
    if (entry !== undefined) entry.forgetAt = now() + keyMs
    const bytes = record.bytes
    this.#bytes += bytes
    this.#ended.set(record, { dropAt: now() + (key === undefined ? readMs : keyMs), bytes, key })
    this.sweep()
  }

  /** Looks through all of it at most once a second: it is called with every request. */
  sweep(): void {
    const { now, maxBytes, maxRuns } = this.#options
    const at = now()
    if (at < this.#sweepAt && this.#bytes <= maxBytes && this.#ended.size <= maxRuns) return
    this.#sweepAt = at + 1_000
    for (const [record, { dropAt, bytes, key }] of this.#ended) {
      const isCrowded = this.#bytes > maxBytes || this.#ended.size > maxRuns
      if (dropAt > at && !isCrowded) continue
      this.#ended.delete(record)
      this.#byId.delete(record.id)
      this.#bytes -= bytes
      const entry = key === undefined ? undefined : this.#byKey.get(scoped(record.tenant, key))
      // The key outlives the answer: a late second call must not run the program again.
      if (entry !== undefined) entry.record = undefined
    }
    for (const [key, { forgetAt }] of this.#byKey) if (forgetAt <= at) this.#byKey.delete(key)
  }

  /** Runs that have not ended. */
  *live(): Iterable<RunRecord> {
    for (const record of this.#byId.values()) if (!this.#ended.has(record)) yield record
  }
}

const scoped = (tenant: string, key: string): string => JSON.stringify([tenant, key])
