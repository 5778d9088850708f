import type { Program } from "../program.ts"

const python = (name: string, code: string): Program => ({
  name,
  code: `${code}\nfinished()`,
  ends: ["ok"],
  finishes: true,
})

/** Calls that widen what of the kernel can be reached. */
export const kernelPrograms: readonly Program[] = [
  python(
    "makes namespaces of its own",
    `for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x80):
    attempt(f"unshare {flag:#x}", lambda: call(272, 97, flag))
def clone():
    got = call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)
    if got == 1: os._exit(0)
    return got
attempt("clone", clone)
attempt("clone3", lambda: call(435, 435, struct.pack("11Q", 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0), 88))`,
  ),
  python(
    "loads programs and modules into the kernel",
    `attempt("bpf", lambda: call(321, 280, 0, ctypes.create_string_buffer(128), 128))
attempt("init_module", lambda: call(175, 105, b"x", 1, b""))
attempt("finit_module", lambda: call(313, 273, 0, b"", 0))
attempt("delete_module", lambda: call(176, 106, b"x", 0))
attempt("kexec_load", lambda: call(246, 104, 0, 0, 0, 0))
attempt("kexec_file_load", lambda: call(320, 294, 0, 0, 0, b"", 0))`,
  ),
  python(
    "uses rings, faults and counters of the kernel",
    `attempt("io_uring_setup", lambda: call(425, 425, 8, ctypes.create_string_buffer(256)))
attempt("io_uring_enter", lambda: call(426, 426, 0, 0, 0, 0, 0, 0))
attempt("userfaultfd", lambda: call(323, 282, 0))
attempt("perf_event_open", lambda: call(298, 241, ctypes.create_string_buffer(128), 0, -1, -1, 0))
attempt("io_setup", lambda: call(206, 0, 8, ctypes.byref(ctypes.c_ulong(0))))
attempt("fanotify_init", lambda: call(300, 262, 0, 0))
attempt("memfd_secret", lambda: call(447, 447, 0))
attempt("vmsplice", lambda: call(278, 75, 1, b"\\0" * 16, 1, 0))
attempt("remap_file_pages", lambda: call(216, 234, 0, 0, 0, 0, 0))`,
  ),
  python(
    "reads and adds keys",
    `attempt("keyctl", lambda: call(250, 219, 0, -3, 0, 0, 0))
attempt("add_key", lambda: call(248, 217, b"user", b"x", b"x", 1, -3))
attempt("request_key", lambda: call(249, 218, b"user", b"x", None, 0))`,
  ),
  python(
    "administers the machine",
    `attempt("reboot", lambda: call(169, 142, 0xfee1dead, 672274793, 0, 0))
attempt("sethostname", lambda: call(170, 161, b"x", 1))
attempt("settimeofday", lambda: call(164, 170, struct.pack("qq", 1, 1), None))
attempt("clock_settime", lambda: call(227, 112, 0, struct.pack("qq", 1, 1)))
attempt("swapon", lambda: call(167, 224, b"/box/x", 0))
attempt("acct", lambda: call(163, 89, b"/box/x"))
attempt("syslog", lambda: call(103, 116, 3, ctypes.create_string_buffer(64), 64))
attempt("quotactl", lambda: call(179, 60, 0, b"", 0, None))
attempt("iopl", lambda: call(172, None, 3))
attempt("ioperm", lambda: call(173, None, 0x80, 1, 1))
attempt("modify_ldt", lambda: call(154, None, 0, ctypes.create_string_buffer(64), 64))
attempt("vhangup", lambda: call(153, 58))
attempt("sync", lambda: call(162, 81))`,
  ),
  python(
    "types into a terminal",
    `import fcntl, pty
master, slave = pty.openpty()
for number in (0x5412, 0x541c, 0x5423):
    attempt(f"ioctl {number:#x}", lambda: fcntl.ioctl(slave, number, b"x\\0\\0\\0") and True or True)
    attempt(f"ioctl {number:#x} with high bits", lambda: call(16, 29, slave, number | 1 << 32, b"x\\0\\0\\0"))
attempt("tty", lambda: open("/dev/tty").read(1) or True)
attempt("console", lambda: open("/dev/console", "w").write("x"))`,
  ),
  python(
    "weakens its own process",
    `attempt("read implies exec", lambda: call(135, 92, 0x0400000))
attempt("addresses low", lambda: call(135, 92, 0x0100000))
attempt("seccomp", lambda: call(317, 277, 1, 0, None))
attempt("drop no_new_privs", lambda: None if libc.prctl(38, 0, 0, 0, 0) == -1 else True)
with open("/proc/self/status") as file:
    for line in file:
        if line.startswith("Cap") and int(line.split()[1], 16) != 0: print("ESCAPED", line)
        if line.startswith("Seccomp:") and line.split()[1] != "2": print("ESCAPED", line)
        if line.startswith("NoNewPrivs:") and line.split()[1] != "1": print("ESCAPED", line)`,
  ),
  {
    name: "speaks to the kernel as an x32 program",
    code: `
if platform.machine() != "x86_64": os.kill(os.getpid(), signal.SIGSYS)
libc.syscall(0x40000000 + 39)
print("ESCAPED")`,
    ends: ["error"],
    check: ({ outcome }) => (outcome.signal === "SIGSYS" ? undefined : `it died by ${outcome.signal}`),
  },
  {
    name: "speaks to the kernel as a 32-bit program",
    code: `
import mmap
if platform.machine() != "x86_64": os.kill(os.getpid(), signal.SIGSYS)
# mov eax, 20 (getpid); int 0x80; ret
page = mmap.mmap(-1, 4096, prot=7); page.write(b"\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3")
got = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("ESCAPED", got)`,
    ends: ["error"],
    check: ({ outcome }) =>
      ["SIGSYS", "SIGSEGV"].includes(outcome.signal ?? "") ? undefined : `it died by ${outcome.signal}`,
  },
]
