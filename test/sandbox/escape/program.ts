import type { Outcome } from "../../../sandbox-runner/backend.ts"
import type { Ran, Request } from "../kit/walls.ts"

/** A program that means harm, and what must become of it. */
export interface Program {
  /** A sentence: what it tries. */
  name: string
  language?: Request["language"]
  code: string
  more?: Partial<Omit<Request, "language" | "code">>
  /** Every way in which it may end. */
  ends: readonly Outcome["status"][]
  /** It runs to its last line, which says so: nothing cut it off before it had tried all. */
  finishes?: boolean
  /** What else must hold; returns what does not. */
  check?: (ran: Ran) => string | undefined
}

/**
 * Before each Python program: `attempt(name, f)` calls f and tells an escape when it gives anything but an error or None; `call` is a bare
 * system call that raises, by its number on x86-64 and on arm64.
 */
export const prelude = `
import ctypes, errno, os, platform, signal, socket, stat, struct, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def call(x86, arm, *arguments):
    number = x86 if platform.machine() == "x86_64" else arm
    if number is None: raise OSError(errno.ENOSYS, "not here")
    got = libc.syscall(number, *arguments)
    if got == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return got + 1
def attempt(name, f):
    try:
        got = f()
    except BaseException as error:
        print("refused", name, type(error).__name__, str(error)[:80], flush=True)
        return
    if got is None: print("nothing", name, flush=True)
    else: print("ESCAPED", name, repr(got)[:200], flush=True)
def child(f):
    pid = os.fork()
    if pid == 0:
        try: f()
        finally: os._exit(0)
    return pid
def finished(): print("finished", flush=True)
`

export const small = { wall_ms: 4_000, cpu_ms: 3_000, memory_mb: 96, pids: 32 } as const
