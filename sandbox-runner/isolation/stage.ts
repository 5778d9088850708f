import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { arch } from "node:process"
import { dirname, join } from "node:path"
import { assets } from "./assets.ts"

/** What every sandbox is given to read, prepared once; all of it readable by any uid. */
export interface Stage {
  /** Boot files and helper modules, at /run/sbx inside. */
  readonly sbx: string
  readonly etc: string
  /** Laid over folders that are nobody's business inside. */
  readonly empty: string
  /** The folder that holds `usr`: the image's tree, or `/`. */
  readonly root: string
  /** A node to bind at /opt/node when the tree has none of its own, or null. */
  readonly node: string | null
  readonly filter: string
  readonly uncountedFilter: string
}

const account = "root:x:0:0:root:/root:/usr/sbin/nologin\nsandbox:x:1000:1000:sandbox:/box:/bin/bash\n"
const files: Readonly<Record<string, string>> = {
  passwd: `${account}nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
  group: "root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n",
  hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
  "resolv.conf": "",
  hostname: "sandbox\n",
}
/** Links and caches without which programs of the tree do not start or cannot speak TLS; nothing in them is the machine's own. */
const borrowed = ["ld.so.cache", "alternatives", "ssl/certs/ca-certificates.crt", "localtime", "mime.types"]

function stageEtc(dir: string, root: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o644 })
  for (const name of borrowed) {
    const from = join(root, "etc", name)
    if (!existsSync(from)) continue
    mkdirSync(dirname(join(dir, name)), { recursive: true, mode: 0o755 })
    cpSync(from, join(dir, name), { recursive: true, verbatimSymlinks: true })
  }
}

/** By a hard link if it can be: it is 100 MB, and its own folder may be closed to other uids. */
function stageNode(dir: string): void {
  const target = join(dir, "bin", "node")
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  const own = statSync(process.execPath)
  const open = (own.mode & 0o005) === 0o005
  try {
    if (!open) throw new Error("closed to others")
    linkSync(process.execPath, target)
  } catch {
    copyFileSync(process.execPath, target)
    chmodSync(target, 0o755)
  }
}

/** Every uid must be able to walk to the folder, or bubblewrap finds nothing there. */
function checkOpen(dir: string): void {
  for (let each = dir; each !== dirname(each); each = dirname(each))
    if ((statSync(each).mode & 0o001) === 0)
      throw new Error(`${each} is closed to other users: choose another folder for the runner's state.`)
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Makes the folder anew. Throws with a sentence when something needed is missing. */
export function prepareStage(stateDir: string, rootfs: string | null, shared: boolean): Stage {
  const root = rootfs ?? "/"
  for (const program of ["bin/python3", "bin/bash", "bin/tar", "bin/env"])
    if (!executable(join(root, "usr", program)))
      throw new Error(`${join(root, "usr", program)} is missing: programs could not be run.`)
  const dir = join(stateDir, "stage")
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o755 })
  if (shared) checkOpen(dir)
  const sbx = join(dir, "sbx")
  cpSync(assets("runners"), sbx, { recursive: true })
  mkdirSync(join(dir, "empty"), { mode: 0o755 })
  open(sbx)
  stageEtc(join(dir, "etc"), root)
  const needsNode = rootfs === null || !executable(join(root, "usr/bin/node"))
  if (needsNode) stageNode(join(dir, "node"))
  const machine = arch === "arm64" ? "aarch64" : "x86_64"
  return {
    sbx,
    etc: join(dir, "etc"),
    empty: join(dir, "empty"),
    root,
    node: needsNode ? join(dir, "node") : null,
    filter: join(assets("seccomp"), `${machine}.bpf`),
    uncountedFilter: join(assets("seccomp"), `${machine}-uncounted.bpf`),
  }
}

/** A checkout may have been made with a strict umask. */
function open(path: string): void {
  const folder = lstatSync(path).isDirectory()
  chmodSync(path, folder ? 0o755 : 0o644)
  if (folder) for (const name of readdirSync(path)) open(join(path, name))
}
