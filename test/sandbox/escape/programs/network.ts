import type { Program } from "../program.ts"

/** Ways out by any kind of socket. */
export const networkPrograms: readonly Program[] = [
  {
    name: "connects to the machine, its neighbours, the cloud's metadata and the internet",
    code: `
socket.setdefaulttimeout(0.5)
for host, port in (("127.0.0.1", int(os.environ["PORT"])), ("127.0.0.1", 22), ("127.0.0.53", 53), ("169.254.169.254", 80), ("10.0.0.1", 80),
                   ("192.168.0.1", 80), ("172.17.0.1", 80), ("1.1.1.1", 53), ("8.8.8.8", 443), ("100.100.100.200", 80)):
    def go():
        with socket.socket() as s: s.connect((host, port)); return True
    attempt(f"{host}:{port}", go)
for host in ("::1", "fd00:ec2::254", "2606:4700:4700::1111", "::ffff:127.0.0.1"):
    def go():
        with socket.socket(socket.AF_INET6) as s: s.connect((host, int(os.environ["PORT"]))); return True
    attempt(host, go)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "asks for names and sends datagrams",
    code: `
socket.setdefaulttimeout(0.5)
attempt("resolve", lambda: socket.getaddrinfo("example.com", 80))
attempt("datagram", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("1.1.1.1", 53)))
attempt("broadcast", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("255.255.255.255", 67)))
attempt("multicast", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("224.0.0.251", 5353)))
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "reaches sockets of the host by name",
    code: `
for path in ("\\0" + os.environ["ABSTRACT"], os.environ["SOCKET"], "/run/systemd/private", "/run/dbus/system_bus_socket", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/tmp/.X11-unix/X0"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        def go():
            with socket.socket(socket.AF_UNIX, kind) as s: s.connect(path); return True
        attempt(path, go)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "opens sockets of other families",
    code: `
for family in range(0, 46):
    if family in (1, 2, 10): continue
    for kind in (1, 2, 3, 5):
        def go():
            fd = call(41, 198, family, kind, 0) - 1; os.close(fd); return True
        attempt(f"family {family} kind {kind}", go)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "opens raw sockets and protocols that nobody needs",
    code: `
for family in (2, 10):
    for kind, protocol in ((3, 0), (3, 1), (3, 255), (10, 0), (2, 1), (1, 132), (5, 132), (1, 262), (1, 256), (2, 136), (6, 33)):
        attempt(f"{family} {kind} {protocol}", lambda: call(41, 198, family, kind, protocol))
attempt("vsock pair", lambda: call(53, 199, 40, 1, 0, ctypes.create_string_buffer(8)))
attempt("tipc pair", lambda: call(53, 199, 30, 1, 0, ctypes.create_string_buffer(8)))
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "joins the host's namespaces",
    code: `
for kind in ("net", "mnt", "pid", "user", "ipc", "uts", "cgroup"):
    for pid in ("1", "2", "self"):
        def go():
            fd = os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY)
            return call(308, 268, fd, 0)
        attempt(f"{kind} of {pid}", go)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "serves on ports that the host could see",
    code: `
server = socket.socket(); server.bind(("0.0.0.0", int(os.environ["PORT"]))); server.listen()
names = [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]
if names != ["lo"]: print("ESCAPED", names)
attempt("route", lambda: open("/proc/net/route").readlines()[1:] or None)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
]
