import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { TarReader } from "../../sandbox-runner/tar.ts"
import type { Outcome } from "../../sandbox-runner/backend.ts"
import { begin, carryOut, realBackend, resultOf, type RealBackend } from "./kit/real-backend.ts"

let real: RealBackend
beforeAll(async () => void (real = await realBackend(3, { python: 1, node: 1 })))
afterAll(() => real.close())

function artifacts(outcome: Outcome): Record<string, string> {
  const reader = new TarReader({ files: 64, bytes: 1_000_000 })
  reader.push(outcome.archive ?? Buffer.alloc(1_024))
  return Object.fromEntries(
    reader.end().files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("utf8")]),
  )
}

const files = [
  { path: "data/a.txt", content: "from outside" },
  { path: "b.bin", content: Buffer.from([1, 2, 255]).toString("base64"), encoding: "base64" as const },
]

describe("[SB8] programs of every language", () => {
  it.each([
    [
      "python",
      `import os\nfrom edgecrew import inputs, result\nopen("/box/out/made", "w").write(open("in/data/a.txt").read())\nprint(os.environ["GREETING"], open("in/b.bin", "rb").read())\nresult({"got": inputs()})`,
      "hello b'\\x01\\x02\\xff'\n",
    ],
    [
      "node",
      `const { inputs, result } = require("edgecrew"); const fs = require("fs"); fs.writeFileSync("/box/out/made", fs.readFileSync("in/data/a.txt")); console.log(process.env.GREETING, fs.readFileSync("in/b.bin").toString("hex")); result({ got: inputs() })`,
      "hello 0102ff\n",
    ],
    [
      "node",
      `import { inputs, result } from "edgecrew"\nimport { copyFileSync, readFileSync } from "node:fs"\ncopyFileSync("in/data/a.txt", "/box/out/made")\nconsole.log(process.env.GREETING, await Promise.resolve(readFileSync("in/b.bin").toString("hex")))\nresult({ got: inputs() })`,
      "hello 0102ff\n",
    ],
    [
      "shell",
      `cp in/data/a.txt out/made; echo "$GREETING" "$(od -An -tx1 in/b.bin)"; printf '{"got":' >&3; cat >&3; printf '}' >&3`,
      "hello  01 02 ff\n",
    ],
  ] as const)(
    "%s reads files, input and environment, answers and leaves artefacts",
    async (language, code, stdout) => {
      const request = { language, code, files, stdin: { n: [1, "ü"] }, env: { GREETING: "hello" } }
      const ran = await carryOut(real.backend, request)
      expect(ran).toMatchObject({ stdout, stderr: "", outcome: { status: "ok", exit_code: 0, signal: null } })
      expect(resultOf(ran.outcome)).toEqual({ got: { n: [1, "ü"] } })
      expect(artifacts(ran.outcome)).toEqual({ made: "from outside" })
      expect(ran.outcome.usage.memory_peak).toBeGreaterThan(0)
      expect(ran.outcome.usage.wall_ms).toBeGreaterThan(0)
    },
  )

  it("a program of the image is called by its arguments", async () => {
    const ran = await carryOut(real.backend, {
      language: "shell",
      argv: ["/usr/bin/env", "printf", "%s|%s", "a b", "$HOME"],
    })
    expect(ran).toMatchObject({ stdout: "a b|$HOME", outcome: { status: "ok" } })
    const missing = await carryOut(real.backend, { language: "shell", argv: ["/usr/bin/none"] })
    expect(missing.outcome).toMatchObject({ status: "error", exit_code: 127 })
  })

  it("ends are told as they were", async () => {
    const end = async (language: "python" | "node" | "shell", code: string) => {
      const { outcome } = await carryOut(real.backend, { language, code })
      return [outcome.status, outcome.exit_code, outcome.signal]
    }
    expect(await end("python", "import sys; sys.exit(3)")).toEqual(["error", 3, null])
    expect(await end("python", "import os; os.kill(os.getpid(), 9)")).toEqual(["error", 137, "SIGKILL"])
    expect(await end("python", "import os; os._exit(0)")).toEqual(["ok", 0, null])
    expect(await end("node", "process.exit(4)")).toEqual(["error", 4, null])
    expect(await end("node", "process.abort()")).toEqual(["error", 134, "SIGABRT"])
    expect(await end("shell", "exit 5")).toEqual(["error", 5, null])
  })

  it("an error is told with the program's own lines, and no line of ours", async () => {
    const python = await carryOut(real.backend, {
      language: "python",
      code: "def f():\n    return 1 / 0\nf()",
    })
    expect(python.stderr).toContain('File "/box/main.py", line 3, in <module>\n    f()')
    expect(python.stderr).toContain("ZeroDivisionError")
    expect(python.stderr).not.toContain("boot.py")
    const node = await carryOut(real.backend, { language: "node", code: "function f() { null.x }\nf()" })
    expect(node.stderr).toContain("/box/main.js:1")
    expect(node.stderr).not.toContain("boot.cjs")
    const syntax = await carryOut(real.backend, { language: "python", code: "x = = 1" })
    expect(syntax).toMatchObject({ outcome: { status: "error", exit_code: 1 } })
    expect(syntax.stderr).toContain("SyntaxError")
  })

  it("Python waits for its threads, and what it registered for the end runs", async () => {
    const code = `import atexit, threading, time
atexit.register(lambda: print("last"))
threading.Thread(target=lambda: (time.sleep(0.1), print("thread"))).start()
print("main")`
    expect((await carryOut(real.backend, { language: "python", code })).stdout).toBe("main\nthread\nlast\n")
  })

  it("output comes while the program runs", async () => {
    for (const [language, code] of [
      ["python", `print("one")\ninput()\nprint("two")`],
      [
        "node",
        `console.log("one"); process.stdin.once("data", () => { console.log("two"); process.exit() })`,
      ],
      ["shell", `echo one; read x; echo two`],
    ] as const) {
      const going = begin(real.backend, { language, code, io: "open" })
      expect(await going.said(/one\n/)).toBe("one\n")
      going.run.stdin(Buffer.from("go on\n"))
      expect(await going.done).toMatchObject({ stdout: "one\ntwo\n", outcome: { status: "ok" } })
    }
  })

  it("what a request's input does not end, the caller does", async () => {
    const going = begin(real.backend, {
      language: "shell",
      code: "cat; echo; echo over",
      stdin: [1],
      io: "open",
    })
    going.run.stdin(Buffer.from(" and more"))
    going.run.stdin(null)
    expect((await going.done).stdout).toBe("[1] and more\nover\n")
  })

  it("much input goes in, and waits for a slow reader", async () => {
    const going = begin(real.backend, { language: "shell", code: "sleep 0.2; wc -c", io: "open" })
    const part = Buffer.alloc(65_536, "x")
    let waited = 0
    for (let i = 0; i < 64; i++)
      if (!going.run.stdin(part)) {
        waited++
        await going.run.drained()
      }
    going.run.stdin(null)
    expect((await going.done).stdout).toBe("4194304\n")
    expect(waited).toBeGreaterThan(0)
  })

  it("a program has a terminal when it asks for one, and is told of its size", async () => {
    const code = `trap 'stty size' WINCH; stty size; tty; echo ready; while ! read -t 0.05 line; do :; done; echo "got $line"; exit 6`
    const going = begin(real.backend, { language: "shell", code, tty: { cols: 80, rows: 24 }, io: "open" })
    await going.said(/ready/)
    going.run.resize(132, 50)
    await going.said(/50 132/)
    going.run.stdin(Buffer.from("hi\n"))
    const { outcome, stdout } = await going.done
    expect(stdout).toContain("24 80\r\n/dev/pts/0\r\n")
    expect(stdout).toContain("got hi\r\n")
    expect(outcome).toMatchObject({ status: "error", exit_code: 6 })
  })

  it("signals reach the program and no other", async () => {
    const code = `import signal, time\nsignal.signal(signal.SIGTERM, lambda *a: (print("stopping", flush=True), exit(9)))\nprint("up", flush=True)\ntime.sleep(60)`
    const [a, b] = [0, 1].map(() => begin(real.backend, { language: "python", code }))
    await Promise.all([a?.said(/up/), b?.said(/up/)])
    a?.run.signal("SIGTERM")
    expect(await a?.done).toMatchObject({
      stdout: "up\nstopping\n",
      outcome: { status: "error", exit_code: 9 },
    })
    b?.run.signal("SIGINT")
    expect(await b?.done).toMatchObject({ outcome: { status: "error", exit_code: 130 } })
  })

  it("files that do not fit are told", async () => {
    const large = [{ path: "large", content: "x".repeat(3_000_000) }]
    const shell = await carryOut(real.backend, {
      language: "shell",
      code: "true",
      files: large,
      limits: { disk_mb: 1 },
    })
    expect(shell.outcome).toMatchObject({
      status: "sandbox_error",
      reason: "The program's files or its way to the network could not be prepared.",
    })
    const python = await carryOut(real.backend, {
      language: "python",
      code: "1",
      files: large,
      limits: { disk_mb: 1 },
    })
    expect(python.outcome.status).toBe("error")
    expect(python.stderr).toMatch(/No space left|File too large/)
  })
})
