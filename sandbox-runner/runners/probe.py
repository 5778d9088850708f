# The self-test's program: tries from inside what must not be possible, and tells what was. argv[1]: what it needs to know, as JSON.
import ctypes, errno, json, os, platform, resource, socket, sys, time  # noqa: E401

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
CALLS = {
    # name: (x86_64, aarch64, arguments)
    "unshare": (272, 97, (0x10000000,)),
    "clone with a new user namespace": (56, 220, (0x10000000 | 17, 0, 0, 0, 0)),
    "mount": (165, 40, (b"none", b"/tmp", b"tmpfs", 0, 0)),
    "ptrace": (101, 117, (0, 0, 0, 0)),
    "keyctl": (250, 219, (0, -3, 0, 0, 0)),
    "io_uring_setup": (425, 425, (8, ctypes.create_string_buffer(256))),
    "bpf": (321, 280, (0, ctypes.create_string_buffer(128), 128)),
    "perf_event_open": (298, 241, (ctypes.create_string_buffer(128), 0, -1, -1, 0)),
    "userfaultfd": (323, 282, (0,)),
    "setns": (308, 268, (0, 0)),
    "a vsock socket": (41, 198, (40, 1, 0)),
    "a packet socket": (41, 198, (17, 3, 0)),
    "a raw socket": (41, 198, (2, 3, 1)),
    "a netlink socket": (41, 198, (16, 3, 0)),
}
REFUSALS = (errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT)


def refused(x86, arm, arguments):
    """Tried in a process of its own: what is granted may change it for good."""
    pid = os.fork()
    if pid == 0:
        got = libc.syscall(x86 if X86 else arm, *arguments)
        os._exit(0 if got == -1 and ctypes.get_errno() in REFUSALS else 1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def system_calls(found, _told):
    for name, (x86, arm, arguments) in CALLS.items():
        if not refused(x86, arm, arguments):
            found.append(f"{name} is not refused")


def status_of(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def rights(found, _told):
    for pid in ("self", "1"):
        status = status_of(pid)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd" if pid == "self" else "CapEff", "CapAmb"):
            if int(status[name], 16) != 0:
                found.append(f"process {pid} has capabilities ({name})")
        if status["NoNewPrivs"] != "1":
            found.append(f"process {pid} may gain privileges")
        if status["Seccomp"] != "2":
            found.append(f"process {pid} has no seccomp filter")


def reachable(found, told):
    try:
        with open(told["canary"]):
            found.append("a file of the runner can be read")
    except OSError:
        pass
    for path in ("/etc/shadow", "/root", "/home", "/var", "/sys", "/proc/1/root/etc/shadow"):
        try:
            os.stat(path)
            found.append(f"{path} can be seen")
        except OSError:
            pass
    for what, family, address in (
        ("an abstract socket of the runner", socket.AF_UNIX, "\0" + told["abstract"]),
        ("a port of the runner", socket.AF_INET, ("127.0.0.1", told["port"])),
        ("the internet", socket.AF_INET, ("192.0.2.1", 80)),
    ):
        try:
            with socket.socket(family) as client:
                client.settimeout(1)
                client.connect(address)
            found.append(f"{what} can be reached")
        except TimeoutError:
            found.append(f"{what} has a route")
        except OSError:
            pass
    with open("/proc/net/dev") as file:
        if [line.split(":")[0].strip() for line in file.readlines()[2:]] != ["lo"]:
            found.append("there is a network interface")


def writable(found, _told):
    for path in ("/x", "/dev/x", "/proc/self/oom_score_adj", "/usr/x", "/etc/x", "/run/x", "/run/sbx/x", "/proc/sys/kernel/hostname"):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
            found.append(f"{path} can be written")
        except OSError:
            pass
    for path in ("/", "/dev", "/proc", "/usr", "/etc", "/run/sbx"):
        if not os.statvfs(path).f_flag & os.ST_RDONLY:
            found.append(f"{path} is mounted writable")
    for name in ("kallsyms", "kcore", "keys", "timer_list", "modules", "cmdline"):
        try:
            with open(f"/proc/{name}", "rb") as file:
                if file.read(1):
                    found.append(f"/proc/{name} can be read")
        except OSError:
            pass


def limits(found, told):
    for name, most in told["rlimits"].items():
        soft, hard = resource.getrlimit(getattr(resource, name))
        if hard == resource.RLIM_INFINITY or hard > most:
            found.append(f"{name} is not limited to {most}")


def surroundings(found, told):
    names = sorted(name for name in os.environ if name not in ("PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"))
    if names != sorted(told["env"]):
        found.append(f"the environment holds {', '.join(set(names) ^ set(told['env']))}")
    if os.uname().nodename != "sandbox":
        found.append("the host's name can be seen")
    fds = []
    for fd in range(256):
        try:
            os.fstat(fd)
            fds.append(fd)
        except OSError:
            pass
    if fds != [0, 1, 2, 3]:
        found.append(f"descriptors {fds} are open")
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    if len(pids) > 4 or max(pids) > 64:
        found.append("processes of the host can be seen")
    if os.getuid() != 1000:
        found.append("the program is not the sandbox's user")


def forks(found, told):
    children = []
    for _ in range(told["pids"] * 2):
        try:
            pid = os.fork()
        except OSError:
            break
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
    if len(children) > told["pids"]:
        found.append(f"{len(children)} processes could be started where {told['pids']} may be")
    for pid in children:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


def main():
    told = json.loads(sys.argv[1])
    found = []
    if told["mode"] == "bomb":
        held = []
        try:
            for _ in range(told["megabytes"]):
                held.append(b"\x01" * 1_048_576)
        except MemoryError:
            held.clear()
            print("refused")
            return
        time.sleep(1)
        print("survived")
        return
    for check in (system_calls, rights, reachable, writable, limits, surroundings):
        try:
            check(found, told)
        except Exception as error:
            found.append(f"a check failed: {error!r}")
    print("look", flush=True)
    sys.stdin.readline()
    forks(found, told)
    daemon()
    os.write(3, json.dumps(found).encode())


main()
