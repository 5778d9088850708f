import { spawn } from "node:child_process"
import type { Writable } from "node:stream"

// Reads the pid to guard, line by line; when our end of the pipe closes, however we died, it ends that process.
const script = `trap '' INT TERM HUP
while read -r line; do pid=$line; done
[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null`

/** Ends a process when this one is gone, even by SIGKILL: a shell that waits on a pipe. */
export class Guardian {
  readonly #pipe: Writable

  constructor() {
    const shell = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true })
    shell.unref()
    this.#pipe = shell.stdin
    // A guardian that somebody ended must not end the server.
    this.#pipe.on("error", () => {})
  }

  /** Guards this process from now on, in place of the one before. */
  watch(pid: number | undefined): void {
    this.#pipe.write(`${pid ?? ""}\n`)
  }
}
