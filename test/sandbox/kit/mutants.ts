import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Launcher } from "../../../sandbox-runner/isolation/sandbox.ts"

type Hole = Partial<Launcher>

const without = (flag: string, values = 0): Hole => ({
  arguments: (args) => {
    const at = args.indexOf(flag)
    return at === -1 ? args : args.toSpliced(at, values + 1)
  },
})

const namespaces = ["user", "ipc", "pid", "net", "uts", "cgroup"]
/** All namespaces but one. */
const sharing = (name: string): Hole => ({
  arguments: (args) => [
    ...namespaces.filter((each) => each !== name).map((each) => `--unshare-${each}`),
    ...args.filter(
      (arg, i) =>
        arg !== "--unshare-all" &&
        arg !== "--unshare-user" &&
        (name !== "uts" || (arg !== "--hostname" && args[i - 1] !== "--hostname")),
    ),
  ],
})

const remount = (path: string): Hole => ({
  arguments: (args) => {
    const at = args.findIndex((arg, i) => arg === "--remount-ro" && args[i + 1] === path)
    return args.toSpliced(at, 2)
  },
})

const scriptWithout = (line: RegExp): Hole => ({
  script: (text) =>
    text
      .split("\n")
      .filter((each) => !line.test(each))
      .join("\n"),
})

/** A filter that allows everything: BPF_RET | BPF_K, SECCOMP_RET_ALLOW. */
const allowAll = Buffer.from([0x06, 0, 0, 0, 0, 0, 0xff, 0x7f])

export interface Mutant {
  readonly hole: (dir: string) => Hole
  /** What the self-test must say of it. */
  readonly says: RegExp
}

/** Isolations with one hole each, by name; each is a mistake that someone could make in command.ts or sandbox.ts. */
export const mutants: Readonly<Record<string, Mutant>> = {
  "a shared network": { hole: () => sharing("net"), says: /the net namespace .* port of the runner/ },
  "a shared pid namespace": { hole: () => sharing("pid"), says: /the pid namespace/ },
  "a shared ipc namespace": { hole: () => sharing("ipc"), says: /the ipc namespace/ },
  "a shared uts namespace": { hole: () => sharing("uts"), says: /the uts namespace .* host's name/ },
  "a shared cgroup namespace": { hole: () => sharing("cgroup"), says: /the cgroup namespace/ },
  "no filter of system calls": { hole: () => without("--seccomp", 1), says: /no seccomp filter/ },
  "a filter that allows everything": {
    hole: (dir) => {
      const path = join(dir, "all.bpf")
      writeFileSync(path, allowAll)
      return { filter: () => path }
    },
    says: /ptrace is not refused.*a vsock socket is not refused/,
  },
  "a writable /proc": { hole: () => remount("/proc"), says: /oom_score_adj can be written/ },
  "a writable /dev": { hole: () => remount("/dev"), says: /\/dev is mounted writable/ },
  "a writable root": { hole: () => remount("/"), says: /\/ is mounted writable/ },
  "a writable /usr": {
    hole: () => ({
      arguments: (args) =>
        args.map((arg, i) => (arg === "--ro-bind" && args[i + 2] === "/usr" ? "--bind" : arg)),
    }),
    says: /\/usr is mounted writable/,
  },
  "the runner's environment": {
    hole: () => ({ ...without("--clearenv"), env: { SECRET: "of the runner" } }),
    says: /the environment holds SECRET/,
  },
  "the host's files": {
    hole: () => ({
      arguments: (args) => {
        const at = args.findIndex((arg, i) => arg === "--remount-ro" && args[i + 1] === "/")
        return args.toSpliced(at, 0, "--ro-bind", "/home", "/home")
      },
    }),
    says: /\/home can be seen/,
  },
  "no limits of processes": { hole: () => scriptWithout(/^ulimit/), says: /RLIMIT_CORE is not limited/ },
  "a descriptor left open": {
    hole: () => ({ script: (text) => text.replace("exec ", "exec 9</etc/hostname; exec ") }),
    says: /descriptors .*9.* are open/,
  },
  "capabilities kept": {
    hole: () => ({ arguments: (args) => [...args, "--cap-add", "ALL"] }),
    says: /has capabilities/,
  },
  "the /proc of the host": {
    hole: () => ({
      arguments: (args) => args.toSpliced(args.indexOf("--proc"), 2, "--ro-bind", "/proc", "/proc"),
    }),
    says: /processes of the host can be seen/,
  },
}

/** Only where there are users and groups of a slot. */
export const rootMutants: Readonly<Record<string, Mutant>> = {
  "the host's root": { hole: () => ({ uid: () => null }), says: /the host's root/ },
  "no control group": { hole: () => scriptWithout(/^echo 0 >/), says: /not in its slot's control group/ },
  "memory that is not counted": {
    hole: () => scriptWithout(/^echo 0 > .*memory/),
    says: /could hold 128 MB where 64 may be/,
  },
  "processes that are not counted": {
    hole: () => scriptWithout(/^echo 0 > .*pids/),
    says: /not in its slot's control group/,
  },
}
