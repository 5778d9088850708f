import { small, type Program } from "../program.ts"

const python = (name: string, code: string, more: Partial<Program> = {}): Program => ({
  name,
  code: `${code}\nfinished()`,
  ends: ["ok"],
  finishes: true,
  ...more,
})

/** Reads, writes and names outside of its own folders. */
export const filePrograms: readonly Program[] = [
  python(
    "reads the host's secrets",
    `for path in ("/etc/shadow", "/etc/gshadow", "/root/.ssh", "/root", "/home", "/var/lib", "/var/run/docker.sock", "/run/docker.sock",
             "/proc/1/root/etc/shadow", "/proc/self/root/etc/shadow", "/box/../etc/shadow", "/etc/ssh", "/mnt", "/media", "/srv"):
    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())`,
  ),
  python(
    "reads the runner's own files",
    `canary = os.environ["CANARY"]
for path in (canary, os.path.dirname(canary), "/proc/1/cwd/" + canary, "/proc/1/root" + canary, "/proc/2/root" + canary):
    attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())`,
  ),
  python(
    "writes into the system",
    `mark = os.environ["MARK"]
for path in ("/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/run", "/run/sbx", "/dev", "/proc", "/opt", "/bin", "/lib"):
    attempt(path, lambda: open(os.path.join(path, mark), "w").write("x"))
for path in ("/etc/passwd", "/usr/bin/env", "/run/sbx/boot.py", "/run/sbx/supervise.sh", "/etc/ld.so.preload", "/opt/node/bin/node"):
    attempt(path, lambda: open(path, "r+b").write(b"x"))
    attempt("unlink " + path, lambda: os.unlink(path) or True)
    attempt("chmod " + path, lambda: os.chmod(path, 0o777) or True)`,
  ),
  python(
    "mounts and moves the root",
    `attempt("mount tmpfs", lambda: call(165, 40, b"none", b"/tmp", b"tmpfs", 0, 0))
attempt("remount writable", lambda: call(165, 40, b"none", b"/usr", None, 32, 0))
attempt("bind", lambda: call(165, 40, b"/proc/1/root", b"/tmp", None, 4096, 0))
attempt("umount", lambda: call(166, 39, b"/proc", 2))
attempt("pivot_root", lambda: call(155, 41, b"/box", b"/box"))
attempt("chroot", lambda: os.chroot("/box") or True)
attempt("open_tree", lambda: call(428, 428, -100, b"/", 1))
attempt("fsopen", lambda: call(430, 430, b"tmpfs", 0))
attempt("move_mount", lambda: call(429, 429, -100, b"/usr", -100, b"/box", 0))
attempt("mount_setattr", lambda: call(442, 442, -100, b"/", 0, b"\\0" * 32, 32))`,
  ),
  python(
    "makes and opens devices",
    `for name in ("mem", "kmem", "port", "sda", "vda", "kvm", "fuse", "net/tun", "loop-control", "mapper/control", "vsock", "userfaultfd", "kmsg"):
    attempt("/dev/" + name, lambda: open("/dev/" + name, "rb").read(1) or True)
for major, minor in ((1, 1), (8, 0), (254, 0), (253, 0), (7, 0), (10, 232)):
    path = f"/box/device-{major}-{minor}"
    attempt(path, lambda: os.mknod(path, stat.S_IFBLK | 0o666, os.makedev(major, minor)) or True)
    attempt(path + " character", lambda: os.mknod(path + "c", stat.S_IFCHR | 0o666, os.makedev(major, minor)) or True)`,
  ),
  python(
    "writes the kernel's settings",
    `for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
             "/proc/self/oom_score_adj", "/proc/1/oom_score_adj", "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups",
             "/proc/self/attr/current", "/proc/self/timerslack_ns", "/proc/self/coredump_filter", "/proc/sys/kernel/hostname",
             "/proc/sys/user/max_user_namespaces", "/proc/sys/net/ipv4/ip_forward"):
    attempt(path, lambda: os.write(os.open(path, os.O_WRONLY), b"1"))`,
  ),
  python(
    "reads what the kernel tells of the machine",
    `for name in ("kallsyms", "kcore", "keys", "key-users", "timer_list", "modules", "cmdline", "slabinfo", "vmallocinfo", "iomem", "ioports",
             "interrupts", "kmsg", "config.gz", "diskstats", "partitions", "kpageflags"):
    attempt(name, lambda: open("/proc/" + name, "rb").read(1) or None)
for path in ("/sys/kernel", "/sys/fs/cgroup", "/sys/class/net", "/sys/firmware", "/proc/scsi/scsi", "/proc/acpi/x"):
    attempt(path, lambda: os.listdir(path))`,
  ),
  python(
    "overwrites the programs that hold it",
    `for pid in ("self", "1", "2"):
    attempt("exe of " + pid, lambda: os.open(f"/proc/{pid}/exe", os.O_WRONLY))
    attempt("mem of " + pid, lambda: os.write(os.open(f"/proc/{pid}/mem", os.O_WRONLY), b"x"))
    attempt("comm of " + pid, lambda: os.write(os.open(f"/proc/{pid}/comm", os.O_WRONLY), b"x"))
attempt("bwrap", lambda: os.open("/usr/bin/bwrap", os.O_WRONLY))`,
  ),
  python(
    "opens files by their handles",
    `handle = ctypes.create_string_buffer(struct.pack("II", 128, 0) + b"\\0" * 128)
mount = ctypes.c_int(0)
attempt("name_to_handle_at", lambda: call(303, 264, -100, b"/usr", handle, ctypes.byref(mount), 0))
attempt("open_by_handle_at", lambda: call(304, 265, os.open("/usr", os.O_RDONLY), handle, 0))`,
  ),
  python(
    "gains rights by a set-uid file",
    `import shutil, subprocess
for program in ("/usr/bin/su", "/usr/bin/passwd", "/usr/bin/mount", "/usr/bin/chsh", "/usr/bin/newgrp"):
    if os.path.exists(program):
        attempt(program, lambda: (lambda done: done.stdout if b"uid=0" in done.stdout else None)(
            subprocess.run([program, "-c", "id"], capture_output=True, stdin=subprocess.DEVNULL, timeout=3)))
shutil.copy("/usr/bin/id", "/box/id")
os.chmod("/box/id", 0o6755)
attempt("own set-uid copy", lambda: (lambda out: out if "euid=0" in out or "uid=0" in out else None)(subprocess.run(["/box/id"], capture_output=True, text=True).stdout))
for name, f in (("setuid", lambda: os.setuid(0)), ("setgid", lambda: os.setgid(0)), ("setresuid", lambda: os.setresuid(0, 0, 0)), ("setgroups", lambda: os.setgroups([0])), ("chown", lambda: os.chown("/box", 0, 0))):
    attempt(name, lambda: f() or True)
attempt("capset", lambda: call(126, 91, struct.pack("II", 0x20080522, 0), b"\\xff" * 24))`,
  ),
  python(
    "reopens its pipes the other way to steal and forge",
    `for fd, flags in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY), (3, os.O_RDONLY), (0, os.O_RDWR), (1, os.O_RDWR)):
    attempt(f"descriptor {fd}", lambda: os.open(f"/proc/self/fd/{fd}", flags | os.O_NONBLOCK))
for fd in range(4, 40):
    attempt(f"write to {fd}", lambda: os.write(fd, b"exit 0\\n"))
for pid in ("1", "2"):
    for fd in os.listdir(f"/proc/{pid}/fd"):
        target = f"/proc/{pid}/fd/{fd}"
        if fd not in ("0", "1", "2", "3") and "eventfd" not in os.readlink(target) and "socket" in os.readlink(target):
            attempt("descriptor of the supervisor", lambda: os.open(target, os.O_WRONLY))`,
  ),
  python(
    "hands out what is not its own as artefacts",
    `os.symlink("/etc/shadow", "/box/out/shadow")
os.symlink(os.environ["CANARY"], "/box/out/canary")
os.symlink("/proc/self/environ", "/box/out/environ")
os.symlink("/", "/box/out/root")
os.mkfifo("/box/out/pipe")
s = socket.socket(socket.AF_UNIX); s.bind("/box/out/socket")
open("/box/out/plain", "w").write("mine")
attempt("hard link", lambda: os.link("/etc/passwd", "/box/out/passwd") or True)`,
    {
      check: ({ outcome }) => {
        const bytes = Buffer.from(outcome.archive ?? "", "base64")
        if (!bytes.includes("mine")) return "its own file is missing"
        return bytes.includes("root:") || bytes.includes("the canary")
          ? "it holds a file of the host"
          : undefined
      },
    },
  ),
  python(
    "puts a link in the place of its folder of artefacts",
    `os.rmdir("/box/out")
os.symlink("/etc", "/box/out")`,
    {
      check: ({ outcome }) =>
        Buffer.from(outcome.archive ?? "", "base64").includes("edgecrew-walls")
          ? "the host's etc came out"
          : undefined,
    },
  ),
  {
    name: "fills its disks",
    code: `
for folder in ("/box", "/tmp", "/dev/shm"):
    try:
        with open(folder + "/full", "wb") as file:
            while True: file.write(b"x" * 65536); file.flush()
    except OSError as error:
        print(folder, os.path.getsize(folder + "/full") >> 20, error.errno)
        if os.path.getsize(folder + "/full") > 33 << 20: print("ESCAPED the size of", folder)
finished()`,
    more: { limits: { ...small, memory_mb: 256 } },
    ends: ["ok", "error", "memory_limit"],
  },
  {
    name: "makes a file of a terabyte with a hole",
    code: `
def sparse():
    with open("/box/sparse", "wb") as file: file.truncate(1 << 40)
    return os.path.getsize("/box/sparse")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
attempt("sparse", sparse)
attempt("fallocate", lambda: os.posix_fallocate(os.open("/box/f", os.O_CREAT | os.O_RDWR), 0, 1 << 34) or True)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "makes files without end",
    code: `
i = 0
try:
    while True:
        os.close(os.open(f"/box/{i}", os.O_CREAT | os.O_WRONLY)); i += 1
except OSError as error: print(i, error)
finished()`,
    more: { limits: small },
    ends: ["ok", "memory_limit", "cpu_limit", "timeout"],
  },
  {
    name: "digs folders without end",
    code: `
depth = 0
try:
    while depth < 20000:
        os.mkdir("d"); os.chdir("d"); depth += 1
except OSError as error: print(error)
os.chdir("/box"); os.rename("d", "out/d")
finished()`,
    more: { limits: small },
    ends: ["ok", "error", "memory_limit", "cpu_limit", "timeout"],
  },
  {
    name: "names artefacts to hurt whoever unpacks them",
    language: "shell",
    code: `cd out; printf x > $'new\\nline'; printf x > $'\\e[31mred'; printf x > '-rf'; printf x > '--checkpoint-action=exec=sh'; mkdir -p a/b; printf x > "a/b/$(printf 'n%.0s' {1..200})"; printf x > $'\\xff\\xfe'; echo finished`,
    ends: ["ok"],
    finishes: true,
  },
]
