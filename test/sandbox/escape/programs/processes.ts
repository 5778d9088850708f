import { small, type Program } from "../program.ts"

/** Processes that multiply, hide, refuse to die, or reach for others. */
export const processPrograms: readonly Program[] = [
  {
    name: "forks without end",
    code: `
while True:
    try: os.fork()
    except OSError: time.sleep(0.01)`,
    more: { limits: { ...small, wall_ms: 1_500 } },
    ends: ["timeout", "cpu_limit", "memory_limit"],
  },
  {
    name: "forks without end, in a shell",
    language: "shell",
    code: `:(){ :|:& };: ; sleep 60`,
    more: { limits: { ...small, wall_ms: 1_500 } },
    ends: ["timeout", "cpu_limit", "error", "ok", "memory_limit"],
  },
  {
    name: "starts threads without end",
    code: `
import threading
count = 0
try:
    while count < 5000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); count += 1
except RuntimeError: pass
print("ESCAPED" if count > 40 else "held at", count, flush=True)
os._exit(0)`,
    more: { limits: small },
    ends: ["ok"],
  },
  {
    name: "starts more processes than it may",
    code: `
count = 0
try:
    while count < 1000: child(lambda: time.sleep(60)); count += 1
except OSError: pass
print("ESCAPED" if count > 40 else "held at", count, flush=True)
finished()`,
    more: { limits: { ...small, memory_mb: 256 } },
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "leaves a daemon in a session of its own",
    code: `
def daemon():
    os.setsid()
    if os.fork() == 0:
        for fd in range(64):
            try: os.close(fd)
            except OSError: pass
        os.chdir("/"); time.sleep(600)
child(daemon); time.sleep(0.1); finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "leaves a daemon that holds its output open",
    language: "shell",
    code: `(trap '' TERM HUP INT; nohup setsid sleep 600) & disown; echo finished`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "refuses every signal that can be refused, and stays",
    code: `
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: time.sleep(1)`,
    more: { limits: { ...small, wall_ms: 500 } },
    ends: ["timeout"],
  },
  {
    name: "kills everything it can see",
    code: `
os.kill(-1, signal.SIGKILL); time.sleep(0.1); finished()`,
    ends: ["error", "ok"],
  },
  {
    name: "kills its supervisor and lives on",
    code: `
for fd in range(3): os.close(fd)
os.kill(2, signal.SIGKILL); time.sleep(600)`,
    ends: ["error"],
  },
  {
    name: "stops its supervisor",
    code: `
os.kill(2, signal.SIGSTOP); finished()`,
    more: { limits: { ...small, wall_ms: 800 } },
    ends: ["timeout"],
    finishes: true,
  },
  {
    name: "signals the first process of its namespace",
    code: `
for number in (9, 15, 2, 11, 19):
    os.kill(1, number)
time.sleep(0.1)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "debugs its neighbours",
    code: `
attempt("traceme", lambda: call(101, 117, 0, 0, 0, 0))
for pid in (1, 2):
    attempt(f"attach {pid}", lambda: call(101, 117, 16, pid, 0, 0))
    attempt(f"seize {pid}", lambda: call(101, 117, 0x4206, pid, 0, 0))
    attempt(f"process_vm_readv {pid}", lambda: call(310, 270, pid, b"\\0" * 16, 1, b"\\0" * 16, 1, 0))
    attempt(f"process_vm_writev {pid}", lambda: call(311, 271, pid, b"\\0" * 16, 1, b"\\0" * 16, 1, 0))
    fd = None
    try: fd = os.pidfd_open(pid)
    except OSError: pass
    if fd is not None: attempt(f"pidfd_getfd {pid}", lambda: call(438, 438, fd, 0, 0))
    attempt(f"kcmp {pid}", lambda: call(312, 272, pid, os.getpid(), 0, 0, 0))
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "sees processes of the host",
    code: `
pids = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
if len(pids) > 4 or pids[-1] > 64: print("ESCAPED", pids)
for pid in (os.getppid() + 1000, 4242, 31337, int(os.environ["RUNNER"])):
    attempt(f"kill {pid}", lambda: os.kill(pid, 0) or True)
    attempt(f"pidfd {pid}", lambda: os.pidfd_open(pid))
    attempt(f"priority {pid}", lambda: os.getpriority(os.PRIO_PROCESS, pid) + 100)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "raises its own limits",
    code: `
import resource
for name in ("RLIMIT_CORE", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NPROC"):
    kind = getattr(resource, name)
    attempt(name, lambda: resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)) or True)
attempt("nice", lambda: os.setpriority(os.PRIO_PROCESS, 0, -20) or True)
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)) or True)
fds = 0
try:
    while fds < 5000: os.open("/dev/null", os.O_RDONLY); fds += 1
except OSError: pass
if fds > 256: print("ESCAPED", fds, "descriptors")
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "leaves zombies behind",
    code: `
count = 0
while count < 200:
    try:
        if os.fork() == 0: os._exit(0)
        count += 1
    except OSError: break
finished()`,
    more: { limits: { ...small, memory_mb: 256 } },
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "runs from process to process so that no kill finds it",
    code: `
sys.stdout.flush()
if os.fork() == 0:
    os.setsid()
    end = time.time() + 600
    while time.time() < end:
        if os.fork() != 0: os._exit(0)
else: finished()`,
    more: { limits: small },
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "dumps core",
    code: `
pid = child(lambda: os.abort()); os.waitpid(pid, 0)
print([name for name in os.listdir("/box")])
os.kill(os.getpid(), signal.SIGSEGV)`,
    ends: ["error"],
    check: ({ outcome }) => (outcome.signal === "SIGSEGV" ? undefined : `it died by ${outcome.signal}`),
  },
  {
    name: "breaks out by control groups",
    code: `
for version, kind in ((b"cgroup", b"memory"), (b"cgroup2", None)):
    attempt("mount", lambda: call(165, 40, b"none", b"/tmp", version, 0, kind))
attempt("see them", lambda: os.listdir("/sys/fs/cgroup"))
attempt("release_agent", lambda: open("/sys/fs/cgroup/release_agent", "w"))
with open("/proc/self/cgroup") as file: groups = file.read()
if "edgecrew" in groups: print("ESCAPED its path", groups)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
]
