import { spawnSync } from "node:child_process"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { fingerprint } from "../../scripts/lib/fingerprint.ts"
import { at } from "../../scripts/lib/paths.ts"
import { familyOf, isRoot } from "./kit/host.ts"
import { Runner } from "./kit/runner.ts"

const image = (...parts: string[]): string => at("sandbox-runner", "image", ...parts)
const tree = at("dist", "sandbox-rootfs")
const bundle = at("dist", "sandbox-bundle")
const suite = "trixie"
const mirror = "http://deb.debian.org/debian"

/** Minutes that the making of the tree may take, most of them for a mirror that is far away. */
const mostMinutes = 10

/** A step of the build; throws with the end of what it said when it fails or takes too long. */
function make(program: string, args: readonly string[], minutes: number, env = process.env): void {
  const ended = spawnSync(program, args, { encoding: "utf8", env, maxBuffer: 1e8, timeout: minutes * 60_000 })
  if (ended.status === 0) return
  const why =
    ended.error === undefined
      ? `ended with ${ended.status ?? ended.signal}`
      : "code" in ended.error && ended.error.code === "ETIMEDOUT"
        ? `did not end within ${minutes} minutes`
        : ended.error.message
  throw new Error(`${program} ${why}:\n${`${ended.stdout}${ended.stderr}`.slice(-2_000)}`)
}

/** What the Dockerfile's first stage makes, made without an engine: the same packages from the same Debian, the same stripping. */
function buildTree(): void {
  const stamp = `${tree}.stamp`
  const made = fingerprint(["sandbox-runner/image"])
  if (existsSync(tree) && existsSync(stamp) && readFileSync(stamp, "utf8") === made) return
  const next = `${tree}.next`
  rmSync(next, { recursive: true, force: true })
  mkdirSync(next, { recursive: true })
  const packages = readFileSync(image("rootfs-packages.txt"), "utf8").trim().split("\n").join(",")
  const args = ["--variant=minbase", `--include=${packages}`, suite, next, mirror]
  make("debootstrap", args, mostMinutes)
  make("sh", [image("strip.sh"), next], 1)
  copyFileSync(process.execPath, join(next, "usr/bin/node"))
  rmSync(tree, { recursive: true, force: true })
  renameSync(next, tree)
  writeFileSync(stamp, made)
}

const find = (...test: string[]): string[] => {
  const { stdout } = spawnSync("find", [tree, "-xdev", ...test], { encoding: "utf8", maxBuffer: 1e8 })
  return stdout.split("\n").filter((line) => line !== "")
}

/** The end of the Dockerfile's last line: what keeps of root's rights only those that slots need. */
function entrypoint(): [string, ...string[]] {
  const line =
    /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(at("sandbox-runner", "Dockerfile"), "utf8"))?.[1] ?? "[]"
  const [, , program = "", ...args] = JSON.parse(line) as string[]
  return [
    program,
    ...args.map((arg) =>
      arg === "/opt/runner/node" ? process.execPath : arg.replace("/opt/runner", bundle),
    ),
  ]
}

// Whoever is not root is told so among the skipped: a tree that belongs to root is made by root.
describe.runIf(isRoot)("the image, made without an engine, as root", () => {
  let runner: Runner
  beforeAll(
    async () => {
      buildTree()
      const vite = [at("node_modules/vite/bin/vite.js"), "build", "--config", image("vite.config.ts")]
      make(process.execPath, vite, 2, { ...process.env, NODE_ENV: "production", SANDBOX_BUNDLE: bundle })
      runner = await Runner.start({
        command: entrypoint(),
        settings: {
          SANDBOX_ROOTFS: tree,
          SANDBOX_STRICT: "1",
          SANDBOX_TENANT: "tenant_a",
          PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        },
      })
    },
    (mostMinutes + 5) * 60_000,
  )
  afterAll(() => runner?.stop())

  it("[IM1] its tree gives nobody rights, holds no device and belongs to root", () => {
    expect(find("-perm", "/6000")).toEqual([])
    expect(find("(", "-type", "f", "-o", "-type", "d", ")", "-perm", "/0002")).toEqual([])
    expect(find("(", "-type", "b", "-o", "-type", "c", "-o", "-type", "p", "-o", "-type", "s", ")")).toEqual(
      [],
    )
    expect(find("(", "!", "-uid", "0", "-o", "!", "-gid", "0", ")")).toEqual([])
    for (const gone of ["etc/shadow", "usr/bin/apt-get", "usr/bin/dpkg", "var/lib/dpkg", "var/cache/apt"])
      expect([gone, existsSync(join(tree, gone))]).toEqual([gone, false])
  })

  it.each([
    ["python", "import sys, ssl, json; print(sys.version_info >= (3, 13))", "True\n"],
    ["node", "console.log(Number(process.versions.node.split('.')[0]) >= 24)", "true\n"],
    [
      "shell",
      "git --version | cut -c1-11; . /usr/lib/os-release; echo $VERSION_CODENAME; curl --version | head -c4",
      "git version\ntrixie\ncurl",
    ],
  ])("[IM2] is entered: %s runs in it", async (language, code, stdout) => {
    expect(await runner.client.run({ language, code })).toMatchObject({ status: "ok", stdout, stderr: "" })
  })

  it("[IM3] programs of a command-line agent's kind run in it: a repository is made, changed and told", async () => {
    const code =
      "cd /box && git init -q r && cd r && git config user.email a@b.c && git config user.name a && echo x > f && git add f && git commit -qm one && git log --oneline | wc -l"
    expect(await runner.client.run({ language: "shell", code, profile: "agent" })).toMatchObject({
      status: "ok",
      stdout: "1\n",
      stderr: "",
    })
  })

  it("[IM4] shows a program nothing of the machine around it", async () => {
    const result = await runner.client.run({
      language: "shell",
      code: "ls /usr/local/bin /home /root 2>&1 | wc -l; cat /etc/hostname; ls /; id -u",
    })
    expect(result.stdout).toContain("sandbox\n")
    for (const entry of readdirSync("/").filter((name) => !existsSync(join(tree, name)) && name !== "box"))
      expect(result.stdout.split("\n")).not.toContain(entry)
  })

  it("[IM5] keeps of root's rights only those that give each slot a user of its own", () => {
    const status = readFileSync(`/proc/${runner.child.pid}/status`, "utf8")
    // chown, dac_override, fowner, kill, setgid, setuid: bits 0, 1, 3, 5, 6, 7.
    for (const set of ["CapPrm", "CapEff", "CapBnd"])
      expect(new RegExp(`^${set}:\\s+(\\w+)`, "m").exec(status)?.[1]).toBe("00000000000000eb")
    expect(/^CapInh:\s+(\w+)/m.exec(status)?.[1]).toBe("0000000000000000")
    expect(
      familyOf(runner.child.pid ?? 0).filter(({ uid, command }) => uid === 0 && command.includes("bwrap")),
    ).toEqual([])
  })

  it("[IM6] serves the one tenant that it was started for", async () => {
    const other = await runner.client.call("/v1/runs", {
      body: JSON.stringify({ language: "shell", code: "" }),
      claims: { tenant: "tenant_b" },
    })
    expect(other.status).toBe(403)
  })
})
