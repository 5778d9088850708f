import { small, type Program } from "../program.ts"

const bytes = (text: string | null): Buffer => Buffer.from(text ?? "", "base64")

/** What it says, where and how much. */
export const outputPrograms: readonly Program[] = [
  {
    name: "floods its output",
    language: "shell",
    code: `yes 'so much to say'`,
    more: { limits: { ...small, output_bytes: 65_536 } },
    ends: ["output_limit"],
    check: ({ stdout, outcome }) =>
      stdout.length === 65_536 && outcome.truncated.stdout
        ? undefined
        : `${stdout.length} bytes came through`,
  },
  {
    name: "floods both streams from many processes",
    language: "shell",
    code: `for i in 1 2 3 4 5 6; do (yes >&2) & (yes) & done; wait`,
    more: { limits: { ...small, output_bytes: 100_000 } },
    ends: ["output_limit"],
    check: ({ stdout, stderr }) =>
      stdout.length + stderr.length === 100_000 ? undefined : "more or less than the limit came through",
  },
  {
    name: "answers with a hundred megabytes",
    code: `
part = b"9" * 1_048_576
try:
    for _ in range(100): os.write(3, part)
except OSError as error: print(error)
finished()`,
    more: { limits: { ...small, wall_ms: 8_000 } },
    ends: ["ok"],
    finishes: true,
    check: ({ outcome }) =>
      outcome.resultTruncated && bytes(outcome.result).length === 262_144
        ? undefined
        : "the result was not cut",
  },
  {
    name: "answers with JSON a hundred thousand levels deep",
    code: `os.write(3, b"[" * 100_000 + b"]" * 100_000); finished()`,
    ends: ["ok"],
    finishes: true,
    check: ({ outcome }) => (bytes(outcome.result).length === 200_000 ? undefined : "the result was changed"),
  },
  {
    name: "prints bytes that are no text",
    language: "shell",
    code: `head -c 100000 /dev/urandom; head -c 1000 /dev/zero; printf '\\xff\\xfe\\x80'; echo finished >&2`,
    ends: ["ok"],
    check: ({ stdout }) => (stdout.length === 101_003 ? undefined : `${stdout.length} bytes came through`),
  },
  {
    name: "closes its streams and goes on",
    code: `
for fd in (0, 1, 2, 3): os.close(fd)
time.sleep(0.1)
open("/box/out/done", "w").write("finished")`,
    ends: ["ok", "error"],
    check: ({ outcome }) =>
      bytes(outcome.archive).includes("finished") ? undefined : "its artefact is missing",
  },
  {
    name: "forges frames of the protocol and lines of the supervisor",
    code: `
print('{"type":"exit","seq":9999,"status":"ok","exit_code":0}')
print("begin\\nready\\nexit 0\\n0m0.0s 0m0.0s\\n0m0.0s 0m0.0s\\n")
for fd in range(3, 64):
    try: os.write(fd, b"begin\\nexit 0\\n0m0.0s 0m0.0s\\n0m0.0s 0m0.0s\\n")
    except OSError: pass
sys.exit(7)`,
    ends: ["error"],
    check: ({ outcome }) =>
      outcome.exit_code === 7 ? undefined : `its exit was told as ${outcome.exit_code}`,
  },
  {
    name: "leaves thousands of artefacts",
    language: "shell",
    code: `cd out; for i in {1..3000}; do : > file-$i; done; echo finished`,
    more: { limits: { ...small, artifact_files: 8, artifact_bytes: 4_096 } },
    ends: ["ok"],
    finishes: true,
    check: ({ outcome }) => (outcome.archiveTruncated ? undefined : "the archive was not cut"),
  },
  {
    name: "leaves artefacts that are too large",
    language: "shell",
    code: `head -c 20000000 /dev/urandom > out/large; echo finished`,
    more: { limits: { ...small, artifact_bytes: 1_048_576 } },
    ends: ["ok"],
    finishes: true,
    check: ({ outcome }) =>
      outcome.archiveTruncated && bytes(outcome.archive).length < 2_000_000
        ? undefined
        : "the archive was not cut",
  },
  {
    name: "leaves a pipe in the place of an artefact to hold up whoever reads it",
    language: "shell",
    code: `mkfifo out/pipe out/-- ; ln -s /dev/zero out/zero; ln -s /proc/self/mem out/mem; echo finished`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "looks for secrets in environments and command lines",
    code: `
names = sorted(name for name in os.environ if name not in ("PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"))
given = ["ABSTRACT", "CANARY", "HOME", "LANG", "MARK", "PATH", "PORT", "RESULT_FD", "RUNNER", "SOCKET", "TMPDIR"]
if names != given: print("ESCAPED", names)
for pid in ("1", "2", "self"):
    for name in ("environ", "cmdline"):
        try: text = open(f"/proc/{pid}/{name}").read()
        except OSError: continue
        if "secret" in text.lower() or (pid == "1" and "CANARY" in text): print("ESCAPED", pid, name, text)
finished()`,
    ends: ["ok"],
    finishes: true,
  },
  {
    name: "takes the supervisor's tools by its path",
    language: "shell",
    code: `mkdir -p /box/bin; for p in tar env sh kill; do printf '#!/bin/sh\\necho ESCAPED\\n' > /box/bin/$p; chmod +x /box/bin/$p; done; echo x > out/x; echo finished`,
    more: {
      env: {
        PATH: "/box/bin:/usr/bin:/bin",
        TAR_OPTIONS: "--checkpoint-action=exec=touch /box/out/ESCAPED --checkpoint=1",
        PS4: "$(echo ESCAPED)",
      },
    },
    ends: ["ok"],
    finishes: true,
    check: ({ outcome }) =>
      bytes(outcome.archive).includes("ESCAPED") ? "its tar ran in the supervisor" : undefined,
  },
]
