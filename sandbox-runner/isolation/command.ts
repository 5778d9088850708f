import { existsSync, lstatSync, readlinkSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Stage } from "./stage.ts"

/** Descriptors of a starting sandbox. 0 to 3 are the program's; bubblewrap eats 4, 5 and 9; 6 and 7 belong to the supervisor. */
export const descriptor = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  result: 3,
  filter: 4,
  args: 5,
  message: 6,
  report: 7,
  status: 8,
  code: 9,
  control: 10,
} as const

export interface Shape {
  readonly stage: Stage
  readonly diskBytes: number
  /** After the supervisor's own words: what it lets run. */
  readonly program: readonly string[]
  /** Processes of the program and all it starts. */
  readonly pids: number
  readonly env: Readonly<Record<string, string>>
  /** What comes on descriptor 6: a tar stream of files, the boot file's message, or nothing. */
  readonly input: "tar" | "message" | "none"
  /** A script comes on descriptor 9 and lies at /run/code. */
  readonly code: boolean
  /** Input comes little by little. */
  readonly live: boolean
  /** The program has a terminal, whose sizes come on descriptor 10. */
  readonly control: boolean
  readonly egress: { readonly socketPath: string; readonly port: number } | null
}

/** What the kernel tells of the whole machine in /proc. What strangers may not open there needs no mask: each costs a tenth of a millisecond. */
const maskedProc =
  `acpi asound cmdline config.gz diskstats interrupts iomem ioports kallsyms kcore key-users keys kmsg kpagecgroup
  kpagecount kpageflags latency_stats modules partitions sched_debug scsi slabinfo sysrq-trigger timer_list vmallocinfo`.split(
    /\s+/,
  )

let masked: { path: string; isFolder: boolean }[] | undefined
function maskProc(empty: string): string[] {
  masked ??= maskedProc.flatMap((name) => {
    const path = `/proc/${name}`
    const entry = statSync(path, { throwIfNoEntry: false })
    return entry === undefined || (entry.mode & 0o007) === 0 ? [] : [{ path, isFolder: entry.isDirectory() }]
  })
  return masked.flatMap(({ path, isFolder }) => ["--ro-bind", isFolder ? empty : "/dev/null", path])
}

/** `/bin`, `/lib` and their like: links into /usr, as they are in the tree, or the folders themselves on an old one. */
function topFolders(root: string): string[] {
  return ["bin", "sbin", "lib", "lib32", "lib64", "libx32"].flatMap((name) => {
    const path = join(root, name)
    if (!existsSync(path)) return []
    if (lstatSync(path).isSymbolicLink())
      return ["--symlink", readlinkSync(path).replace(/^\//, ""), `/${name}`]
    return ["--ro-bind", path, `/${name}`]
  })
}

/** On a developer's machine /usr may hold what nobody meant for programs. */
const maskedUsr = ["/usr/local", "/usr/src"]

function tree(stage: Stage): string[] {
  const masked = stage.root === "/" ? maskedUsr.filter((path) => existsSync(path)) : []
  return [
    ["--ro-bind", join(stage.root, "usr"), "/usr"],
    masked.flatMap((path) => ["--ro-bind", stage.empty, path]),
    topFolders(stage.root),
    ["--ro-bind", stage.etc, "/etc"],
    stage.node === null ? [] : ["--ro-bind", stage.node, "/opt/node"],
  ].flat()
}

export const basicEnv: Readonly<Record<string, string>> = {
  PATH: "/opt/node/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  HOME: "/box",
  LANG: "C.UTF-8",
  TMPDIR: "/tmp",
  RESULT_FD: "3",
}

/** What bubblewrap reads from descriptor 5: so neither its command line nor its environment tell of the run's environment. */
export function bubblewrapArguments(shape: Shape): string[] {
  const size = String(shape.diskBytes)
  const env = { ...basicEnv, ...shape.env }
  const { egress } = shape
  return [
    ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"],
    ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"],
    Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]),
    tree(shape.stage),
    ["--proc", "/proc", "--dev", "/dev", ...maskProc(shape.stage.empty)],
    ["--size", "1048576", "--tmpfs", "/dev/shm", "--remount-ro", "/dev", "--remount-ro", "/proc"],
    ["--dir", "/run", "--ro-bind", shape.stage.sbx, "/run/sbx"],
    shape.code ? ["--ro-bind-data", String(descriptor.code), "/run/code"] : [],
    egress === null ? [] : ["--dir", "/run/egress", "--ro-bind", egress.socketPath, "/run/egress/proxy"],
    ["--size", size, "--tmpfs", "/tmp", "--size", size, "--tmpfs", "/box"],
    ["--dir", "/box/in", "--dir", "/box/out", "--chdir", "/box", "--remount-ro", "/"],
    ["--seccomp", String(descriptor.filter), "--json-status-fd", String(descriptor.status)],
  ].flat()
}

/** What bubblewrap runs inside; it takes that from its own command line only. */
export const insideCommand = ({ pids, input, egress, program }: Shape): string[] => {
  const port = egress === null ? "-" : String(egress.port)
  return ["/bin/sh", "/run/sbx/supervise.sh", String(pids + 1), input, port, ...program]
}

/** The limits of single processes, set by the shell that becomes bubblewrap. */
export interface ProcessLimits {
  readonly files: number
  readonly fileBytes: number
  readonly cpuSeconds: number
  /** Private memory of one process, where no cgroup counts it; null for none. */
  readonly dataBytes: number | null
}

/**
 * The shell that starts bubblewrap: limits one by one (dash sets none at all when given two), then into the groups, then exec. Who starts
 * is asked at last: a runner that died meanwhile must not leave a sandbox behind.
 */
export function startScript(
  limits: ProcessLimits,
  join: readonly string[],
  parent: number,
  wrap: string,
): string {
  return [
    "set -e",
    "ulimit -c 0",
    `ulimit -n ${limits.files}`,
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`,
    `ulimit -t ${limits.cpuSeconds}`,
    ...(limits.dataBytes === null ? [] : [`ulimit -d ${Math.ceil(limits.dataBytes / 1024)}`]),
    ...join.map((file) => `echo 0 > '${file}'`),
    `[ "$PPID" = ${parent} ]`,
    `exec ${wrap} --args ${descriptor.args} -- "$@"`,
  ].join("\n")
}
