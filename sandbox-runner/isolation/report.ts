import type { RunLimits } from "../../core/contract/sandbox.ts"

/** Words come first and are short: more than this is not ours. */
const longestHead = 300
const words =
  /^begin\n(ready\n|failed\n)?(?:exit (\d{1,3})\n\S+ \S+\n(\d{1,6})m(\d{1,2}\.\d+)s (\d{1,6})m(\d{1,2}\.\d+)s\n)?/

/** A few lines, then a tar stream: what the supervisor says. It lives inside the program's walls, so nothing of it is believed further. */
export class Report {
  /** Kept when the walls stand and the supervisor speaks: what came before that was not the program. */
  readonly begin: Promise<void>
  begun = false
  /** Files or the way out could not be laid before the program: it was not let go. */
  failed = false
  code: number | null = null
  /** As the supervisor counted; for where nobody else counts. */
  cpuMs = 0
  truncated = false
  /** Kept when a boot file waits for its message. */
  readonly ready: Promise<void>
  #isReady: () => void = () => {}
  #hasBegun: () => void = () => {}
  #head = ""
  #parts: Buffer[] = []
  #left = 0
  #ended: () => void = () => {}
  #stop: () => void = () => {}

  constructor() {
    this.begin = new Promise((resolve) => (this.#hasBegun = resolve))
    this.ready = new Promise((resolve) => (this.#isReady = resolve))
  }

  /** `ended`: the program is over. `stop`: there is more than the limits could ever need. */
  arm(limits: RunLimits, ended: () => void, stop: () => void): void {
    // A header and padding for each file, its folders and its long name, and tar's last record.
    this.#left = limits.artifact_bytes + (limits.artifact_files + 1) * 4_096 + 20_480
    this.#ended = ended
    this.#stop = stop
  }

  push(bytes: Buffer): void {
    if (this.code !== null) return this.#keep(bytes)
    if (this.#head.length > longestHead) return
    this.#head += bytes.toString("latin1")
    const found = words.exec(this.#head)
    if (found !== null) {
      this.begun = true
      this.#hasBegun()
    }
    if (found?.[1] === "failed\n") this.failed = true
    else if (found?.[1] !== undefined) this.#isReady()
    if (found?.[2] === undefined) return this.#head.length > longestHead ? this.#stop() : undefined
    const [minutes, seconds, systemMinutes, systemSeconds] = found.slice(3).map(Number)
    this.code = Number(found[2])
    this.cpuMs =
      ((minutes ?? 0) + (systemMinutes ?? 0)) * 60_000 + ((seconds ?? 0) + (systemSeconds ?? 0)) * 1_000
    this.#ended()
    this.#keep(Buffer.from(this.#head.slice(found[0].length), "latin1"))
    this.#head = ""
  }

  #keep(bytes: Buffer): void {
    if (this.truncated || bytes.length === 0) return
    if (bytes.length > this.#left) {
      this.truncated = true
      this.#stop()
      return
    }
    this.#left -= bytes.length
    this.#parts.push(bytes)
  }

  /** The tar stream, or null if there was none. */
  archive(): Buffer | null {
    return this.#parts.length === 0 ? null : Buffer.concat(this.#parts)
  }
}
