import type { Backend } from "./backend.ts"
import type { RunRecord } from "./runs/record.ts"

const buckets = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600]

class Histogram {
  readonly #counts = buckets.map(() => 0)
  #sum = 0
  #count = 0

  observe(seconds: number): void {
    this.#sum += seconds
    this.#count++
    buckets.forEach((bound, i) => {
      if (seconds <= bound) this.#counts[i] = (this.#counts[i] ?? 0) + 1
    })
  }

  lines(name: string): string[] {
    return [
      ...buckets.map((bound, i) => `${name}_bucket{le="${bound}"} ${this.#counts[i]}`),
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ]
  }
}

class Counter {
  readonly #values = new Map<string, number>()

  add(labels: Record<string, string>, by = 1): void {
    const key = Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(",")
    this.#values.set(key, (this.#values.get(key) ?? 0) + by)
  }

  lines(name: string): string[] {
    return [...this.#values].map(([labels, value]) => `${name}{${labels}} ${value}`)
  }
}

/** What the runner counts, as Prometheus reads it (text format 0.0.4). No tenant, host or id is a label. */
export class Metrics {
  readonly #runs = new Counter()
  readonly #refusals = new Counter()
  readonly #egress = new Counter()
  readonly #egressBytes = new Counter()
  readonly #start = new Histogram()
  readonly #firstByte = new Histogram()
  readonly #wall = new Histogram()

  /** A run has ended. */
  ran(record: RunRecord): void {
    const { ending, request } = record
    if (ending === undefined) return
    this.#runs.add({ language: request.language, status: ending.status })
    this.#wall.observe(ending.usage.wall_ms / 1_000)
    if (record.startedMs !== undefined) this.#start.observe(record.startedMs / 1_000)
    if (record.firstByteMs !== undefined) this.#firstByte.observe(record.firstByteMs / 1_000)
  }

  /** A call was turned away, with the code of its problem. */
  refused(code: string): void {
    this.#refusals.add({ code })
  }

  /** The proxy let a connection out, or not. */
  egress(verdict: string, bytes: { up: number; down: number } = { up: 0, down: 0 }): void {
    this.#egress.add({ verdict })
    if (bytes.up > 0) this.#egressBytes.add({ direction: "up" }, bytes.up)
    if (bytes.down > 0) this.#egressBytes.add({ direction: "down" }, bytes.down)
  }

  /** The whole page. */
  text(backend: Backend, waiting: number): string {
    const { slots, free, quarantined, pool, starting } = backend.capacity()
    const warm = Object.entries(pool).map(([language, count]): Sample => [`{language="${language}"}`, count])
    const places: Sample[] = [
      [`{state="free"}`, free],
      [`{state="quarantined"}`, quarantined],
      [`{state="busy"}`, Math.max(0, slots - free - quarantined)],
    ]
    return [
      gauge("edgecrew_sandbox_ready", "1 while isolation is real.", [["", backend.verdict().ready ? 1 : 0]]),
      gauge("edgecrew_sandbox_slots", "Places for runs.", places),
      gauge("edgecrew_sandbox_pool", "Warm sandboxes that wait for a program.", warm),
      gauge("edgecrew_sandbox_starting", "Sandboxes that are being started.", [["", starting]]),
      gauge("edgecrew_sandbox_waiting", "Runs that wait for a slot.", [["", waiting]]),
      gauge("process_resident_memory_bytes", "Memory of the runner itself.", [
        ["", process.memoryUsage.rss()],
      ]),
      counter("edgecrew_sandbox_runs_total", "Runs that ended.", this.#runs),
      counter("edgecrew_sandbox_refusals_total", "Calls turned away.", this.#refusals),
      counter("edgecrew_sandbox_egress_total", "Connections that programs asked for.", this.#egress),
      counter("edgecrew_sandbox_egress_bytes_total", "Bytes through the proxy.", this.#egressBytes),
      histogram("edgecrew_sandbox_start_seconds", "From the request to the program's start.", this.#start),
      histogram(
        "edgecrew_sandbox_first_byte_seconds",
        "From the request to its first output.",
        this.#firstByte,
      ),
      histogram("edgecrew_sandbox_wall_seconds", "Wall time of runs.", this.#wall),
    ].join("")
  }
}

type Sample = [labels: string, value: number]

const family = (name: string, type: string, help: string, lines: readonly string[]): string =>
  `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n")}\n`

const gauge = (name: string, help: string, samples: readonly Sample[]): string =>
  family(
    name,
    "gauge",
    help,
    samples.map(([labels, value]) => `${name}${labels} ${value}`),
  )

const counter = (name: string, help: string, counted: Counter): string =>
  family(name, "counter", help, counted.lines(name))

const histogram = (name: string, help: string, observed: Histogram): string =>
  family(name, "histogram", help, observed.lines(name))
