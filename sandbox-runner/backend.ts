import type { RunRequest, RunResult } from "../core/contract/sandbox.ts"

/** How strong the walls are: own uids and cgroups; own uids only, inside a container with limits; one ordinary user, development only. */
export type Profile = "strong" | "contained" | "dev"

/** One run as the isolation sees it: already authorised, every limit already bounded. */
export interface RunSpec {
  /** `run_…`, unique for the life of the process. Every kill and cancel is bound to it, never to a slot. */
  readonly id: string
  readonly request: RunRequest
  /** For `network: allow`: a unix socket of this run alone, which every slot's uid can reach, and what the program is told of it. */
  readonly egress?: Egress
}

/**
 * The way out of a run with `network: allow`. Inside, `runners/forwarder.py SOCKET PORT` listens on 127.0.0.1:PORT, writes a line to its
 * stdout once it does, and carries every connection to SOCKET; `env` (`HTTPS_PROXY` and its like) is added to the program's.
 */
export interface Egress {
  readonly socketPath: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
}

/** Where the bytes go. A promise holds the program back until it is kept. */
export interface RunSink {
  /** The program has been let go, its wall clock runs. Called at most once, before any output. */
  started(): void
  stdout(bytes: Buffer): void | Promise<void>
  stderr(bytes: Buffer): void | Promise<void>
}

/** What became of a run. All bytes in it are the program's and hostile: the service parses them. */
export interface Outcome {
  readonly status: RunResult["status"]
  /** Why, for `sandbox_error`; never the program's words. */
  readonly reason: string | null
  /** As a shell tells it: 128 + n for a death by signal n, which `signal` then names. Null when we ended it. */
  readonly exit_code: number | null
  readonly signal: string | null
  /** `output_bytes` counts both streams together; what is beyond it was not passed on. */
  readonly truncated: { readonly stdout: boolean; readonly stderr: boolean }
  /** What was written to descriptor 3, at most `result_bytes`; null if nothing was. */
  readonly result: Buffer | null
  readonly resultTruncated: boolean
  /** A tar stream of `/box/out`, made by the program's side of the wall; null if it is empty. Cut at what the limits can need. */
  readonly archive: Buffer | null
  readonly archiveTruncated: boolean
  readonly usage: RunResult["usage"]
}

export interface Run {
  /** Kept when the whole tree is verified gone. Never breaks. */
  readonly done: Promise<Outcome>
  /** Ends this run and no other, at any time, as often as one likes. */
  cancel(): void
  /** More input, or null for its end. Dropped unless the request's `io` is `open`, and after the end. True: write on; false: wait for `drained`. */
  stdin(bytes: Buffer | null): boolean
  drained(): Promise<void>
  /** `SIGINT`, `SIGTERM`, … to the program itself. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGKILL"): void
  resize(cols: number, rows: number): void
}

export type Verdict =
  | { readonly ready: true; readonly at: number }
  | { readonly ready: false; readonly reason: string; readonly at: number }

export interface Capacity {
  readonly slots: number
  /** Slots that a run could take now; those of warm sandboxes count as free. */
  readonly free: number
  readonly quarantined: number
  /** Warm sandboxes waiting, by language. */
  readonly pool: Readonly<Record<string, number>>
  readonly starting: number
}

/** The walls. `start` neither throws nor queues: without a free slot the outcome is `sandbox_error`, so ask `capacity()` first. */
export interface Backend {
  readonly profile: Profile | "none"
  /** Such as `bwrap+cgroup1+seccomp`: what stands in every result. */
  readonly isolation: string
  start(spec: RunSpec, sink: RunSink): Run
  verdict(): Verdict
  capacity(): Capacity
  /** Called after a slot became free, the pool changed or the verdict did. */
  onChange(listener: () => void): void
  close(): Promise<void>
}

/** Given by `isolation/open.ts`: `openBackend(options)`. A machine without real isolation gives `{ backend: null, reason }`. */
export interface BackendOptions {
  /** `auto` takes the strongest that works, but `dev` only when asked for by name. */
  readonly profile: "auto" | Profile
  /** Runs at the same time. */
  readonly slots: number
  /** Warm sandboxes per language. */
  readonly pool: { readonly python: number; readonly node: number }
  /** A root file system made for it (the image), or null: this machine's /usr, read-only. */
  readonly rootfs: string | null
  /** Scratch of the runner itself: FIFOs, boot files. Made if missing. */
  readonly stateDir: string
  readonly log: (line: string) => void
}
export type Opened =
  | { readonly backend: Backend; readonly reason: null }
  | { readonly backend: null; readonly reason: string }
