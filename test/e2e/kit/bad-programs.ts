export type Config = Record<string, unknown>
export const python = (source: string, more: Config = {}): Config => ({
  runtime: "python",
  source,
  timeout_seconds: 8,
  ...more,
})
export const bash = (source: string, more: Config = {}): Config => ({
  runtime: "bash",
  source,
  timeout_seconds: 8,
  ...more,
})

const held = /^tool\.(?:memory_limit|exit|timeout)$/
const small = { memory_limit: 64 }
const deep = `"[" * 100_000 + "]" * 100_000`

/** What a program does that means no good or knows no better, and how its call ends. */
export const badPrograms: [what: string, config: Config, ends: RegExp | string][] = [
  [
    "forks without end",
    python("import os\nwhile True: os.fork()", small),
    /^tool\.(?:exit|timeout|memory_limit|cpu_limit)$/,
  ],
  ["begins as many processes as it gets", bash("while sleep 30 & do :; done", small), held],
  [
    "takes memory without end",
    python("held = []\nwhile True: held.append(bytearray(b'x' * 4_194_304))", small),
    held,
  ],
  [
    "takes memory in shared files",
    python(
      "import mmap\nheld = []\nwhile True:\n  part = mmap.mmap(-1, 8_388_608); part.write(b'x' * 8_388_608); held.append(part)",
      small,
    ),
    held,
  ],
  [
    "fills the disk",
    python("out = open('/box/out/large', 'wb')\nwhile True: out.write(b'x' * 4_194_304)"),
    held,
  ],
  [
    "fills the disk with many files",
    bash("cd /box/out; i=0; while :; do i=$((i+1)); echo x > file-$i || exit 1; done"),
    /^tool\.(?:exit|timeout|cpu_limit|memory_limit)$/,
  ],
  ["computes without end", python("while True: pass", { cpu_limit: 0.5 }), "tool.cpu_limit"],
  ["floods its output", bash("yes 'so much to say'"), "tool.output_limit"],
  [
    "floods its output and what goes wrong, from many processes",
    bash("for i in 1 2 3 4; do (yes >&2) & (yes) & done; wait"),
    "tool.output_limit",
  ],
  [
    "ignores SIGTERM",
    python(
      "import signal, time\nfor one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(one, signal.SIG_IGN)\ntime.sleep(600)",
      { timeout_seconds: 1 },
    ),
    "tool.timeout",
  ],
  [
    "sleeps past its time in a process that it left",
    bash("setsid sleep 600 & setsid sleep 600 & wait", { timeout_seconds: 1 }),
    "tool.timeout",
  ],
  [
    "prints bytes that are no text before its result",
    bash(`head -c 50000 /dev/urandom; printf '\\xff\\xfe\\0\\n'; echo '{"done":true}'`),
    "succeeded",
  ],
  ["prints bytes in place of a result", bash("head -c 5000 /dev/urandom | tr -d '\\n'"), "tool.bad_result"],
  [
    "closes its streams and answers nothing",
    python("import os\nfor fd in (0, 1, 2): os.close(fd)\nos._exit(0)"),
    "tool.bad_result",
  ],
  [
    "closes its streams and answers by the file",
    python(
      `import os\nwhere = os.environ["EDGECREW_RESULT"]\nfor fd in (0, 1, 2): os.close(fd)\nopen(where, "w").write('{"done":true}')\nos._exit(0)`,
    ),
    "succeeded",
  ],
  [
    "answers with a hundred megabytes",
    python(
      `import sys\nsys.stdout.write('{"a":"')\nfor _ in range(100): sys.stdout.write("x" * 1_048_576)\nsys.stdout.write('"}')`,
    ),
    /^tool\.(?:output_limit|bad_result)$/,
  ],
  [
    "answers with a hundred megabytes by the file",
    python(
      `import os\nwith open(os.environ["EDGECREW_RESULT"], "w") as out:\n  out.write('{"a":"')\n  for _ in range(100): out.write("x" * 1_048_576)\n  out.write('"}')`,
      { memory_limit: 512 },
    ),
    /^tool\.(?:bad_result|exit|memory_limit|output_limit)$/,
  ],
  [
    "answers with JSON a hundred thousand levels deep",
    python(`print('{"a":' + ${deep} + '}')`),
    "tool.bad_result",
  ],
  [
    "answers so deep by the file",
    python(`import os\nopen(os.environ["EDGECREW_RESULT"], "w").write('{"a":' + ${deep} + '}')`),
    "tool.bad_result",
  ],
  [
    "answers with names that mean something elsewhere",
    python(`print('{"__proto__": {"admin": true}, "a": 1}')`),
    "tool.bad_result",
  ],
  ["answers with a text", python(`print("all is well")`), "tool.bad_result"],
  ["answers nothing", bash("true"), "tool.bad_result"],
  [
    "leaves thousands of files",
    bash(`cd /box/out; for i in {1..2000}; do : > file-$i; done; echo '{"done":true}'`),
    "succeeded",
  ],
  [
    "leaves pipes and links in the place of files",
    bash(`cd /box/out; mkfifo pipe; ln -s /dev/zero zero; ln -s /etc/passwd passwd; echo '{"done":true}'`),
    "succeeded",
  ],
  ["fails", bash("echo 'no such order' >&2; exit 3"), "tool.exit"],
  ["kills itself", bash("kill -9 $$"), "tool.exit"],
  ["is no program", python("this is not python"), "tool.exit"],
  [
    "a function that never ends",
    { source: "export default () => { for (;;); }", timeout_ms: 500 },
    /^tool\.(?:timeout|cpu_limit)$/,
  ],
  [
    "a function that waits for nothing",
    { source: "export default () => new Promise(() => {})", timeout_ms: 500 },
    /^tool\.(?:timeout|bad_result|exit)$/,
  ],
  [
    "a function that takes memory without end",
    {
      source: "export default () => { const held = []; for (;;) held.push(new Uint8Array(4194304).fill(1)) }",
      timeout_ms: 8000,
      memory_mb: 64,
    },
    held,
  ],
  [
    "a function that answers with a hundred megabytes",
    { source: "export default () => 'x'.repeat(100 * 1048576)", memory_mb: 512, timeout_ms: 10000 },
    /^tool\.(?:bad_result|memory_limit|exit|output_limit)$/,
  ],
  [
    "a function that answers a hundred thousand levels deep",
    { source: "export default () => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a }" },
    /^tool\.(?:bad_result|exit)$/,
  ],
  [
    "a function that answers in a circle",
    { source: "export default () => { const a = {}; a.a = a; return a }" },
    /^tool\.(?:bad_result|exit)$/,
  ],
  [
    "a function that prints without end",
    { source: "export default () => { for (;;) console.log('x'.repeat(1000)) }", timeout_ms: 8000 },
    /^tool\.(?:output_limit|timeout|cpu_limit|memory_limit)$/,
  ],
  [
    "a function that throws what is no error",
    { source: "export default () => { throw { toString() { throw 1 } } }" },
    "tool.exit",
  ],
]
