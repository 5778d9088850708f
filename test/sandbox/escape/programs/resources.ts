import { small, type Program } from "../program.ts"

const held = ["memory_limit", "error", "timeout"] as const
const counted = { limits: { ...small, wall_ms: 6_000, cpu_ms: 6_000 } }

/** Memory of every kind, and time. */
export const resourcePrograms: readonly Program[] = [
  {
    name: "takes memory without end",
    code: `held = []\nwhile True: held.append(b"x" * 4_194_304)`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory without end, in node",
    language: "node",
    code: `const held = []; for (;;) held.push(Buffer.alloc(4_194_304, 1))`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory in many processes that each stay small",
    code: `
def take():
    held = bytearray(b"x" * 16_000_000); time.sleep(60)
try:
    for _ in range(24): child(take)
except OSError: pass
time.sleep(60)`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory that processes share",
    code: `
import mmap
parts = []
while True:
    part = mmap.mmap(-1, 8_388_608); part.write(b"x" * 8_388_608); parts.append(part)`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory as files without a name",
    code: `
fds = []
while True:
    fd = os.memfd_create("m"); fds.append(fd)
    os.write(fd, b"x" * 8_388_608)`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory as System V segments",
    code: `
held = 0
while held < 1 << 30:
    shmid = call(29, 194, 0, 8_388_608, 0o1600) - 1
    libc.shmat.restype = ctypes.c_void_p
    at = libc.shmat(shmid, None, 0)
    ctypes.memset(at, 1, 8_388_608)
    held += 8_388_608
print("ESCAPED", held)`,
    more: counted,
    ends: held,
  },
  {
    name: "takes memory as message queues",
    code: `
held = 0
try:
    while held < 1 << 29:
        queue = call(68, 186, 0, 0o1600) - 1
        for _ in range(2):
            call(69, 189, queue, struct.pack("l", 1) + b"x" * 8000, 8000, 0o4000)
            held += 8000
except OSError as error: print(error)
print("ESCAPED" if held >= 1 << 29 else "held at", held)
finished()`,
    more: counted,
    ends: ["ok", ...held],
  },
  {
    name: "takes memory as full sockets and pipes",
    code: `
pairs = []
try:
    while True:
        a, b = socket.socketpair(); a.setblocking(False); pairs.append((a, b))
        try:
            while True: a.send(b"x" * 65536)
        except BlockingIOError: pass
except OSError as error: print(len(pairs), error)
finished()`,
    more: counted,
    ends: ["ok", ...held],
  },
  {
    name: "locks memory",
    code: `
attempt("mlockall", lambda: None if libc.mlockall(3) == -1 else None)
held = []
while True: held.append(bytearray(b"x" * 4_194_304))`,
    more: counted,
    ends: held,
  },
  {
    name: "calls itself without end",
    code: `
import threading
sys.setrecursionlimit(10 ** 9)
def deeper(): deeper()
deeper()`,
    more: counted,
    ends: [...held, "cpu_limit"],
  },
  {
    name: "computes without end",
    code: `while True: pass`,
    more: { limits: { ...small, cpu_ms: 400, wall_ms: 5_000 } },
    ends: ["cpu_limit"],
  },
  {
    name: "computes without end, in node",
    language: "node",
    code: `for (;;);`,
    more: { limits: { ...small, cpu_ms: 400, wall_ms: 8_000 } },
    ends: ["cpu_limit"],
  },
  {
    name: "computes in many processes",
    code: `
def spin():
    while True: pass
for _ in range(16): child(spin)
spin()`,
    more: { limits: { ...small, cpu_ms: 600, wall_ms: 8_000, memory_mb: 256 } },
    ends: ["cpu_limit"],
  },
  {
    name: "computes in children of a moment, each for itself below the limit",
    code: `
def spin():
    end = time.process_time() + 0.05
    while time.process_time() < end: pass
while True:
    os.waitpid(child(spin), 0)`,
    more: { limits: { ...small, cpu_ms: 600, wall_ms: 8_000, memory_mb: 256 } },
    ends: ["cpu_limit"],
  },
  {
    name: "sleeps without end",
    code: `time.sleep(10 ** 6)`,
    more: { limits: { ...small, wall_ms: 300 } },
    ends: ["timeout"],
  },
  {
    name: "waits for input that never comes",
    code: `sys.stdin.read(); time.sleep(10 ** 6)`,
    more: { limits: { ...small, wall_ms: 300 } },
    ends: ["timeout"],
  },
  {
    name: "lets timers fire without end",
    code: `
signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 0.000001, 0.000001)
while True: signal.pause()`,
    more: { limits: { ...small, wall_ms: 1_000 } },
    ends: ["timeout", "cpu_limit"],
  },
]
