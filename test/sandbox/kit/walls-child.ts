// Opens the walls and runs what it is told, one JSON line a run: a process of its own, so that it can be another user than the tests.
import { createInterface } from "node:readline"
import { join } from "node:path"
import { RunRequest } from "../../../core/contract/sandbox.ts"
import type { Backend, Profile } from "../../../sandbox-runner/backend.ts"
import type { Bubblewrap } from "../../../sandbox-runner/isolation/bubblewrap.ts"
import { openBackend } from "../../../sandbox-runner/isolation/open.ts"
import { mutants, rootMutants } from "./mutants.ts"

const [profile, stateDir, broken] = process.argv.slice(2) as [Profile, string, string]
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

// Not a hole, but the other way in: as control groups of the second version need it.
const late = broken === "late" ? { lateUid: true } : {}
const hole = { ...mutants, ...rootMutants }[broken]?.hole
const opened = await openBackend(
  {
    profile,
    slots: 2,
    pool: { python: 0, node: 0 },
    rootfs: null,
    stateDir,
    log: (line) => process.stderr.write(`${line}\n`),
  },
  hole?.(join(stateDir, "..")) ?? late,
)
if (opened.backend === null) {
  say({ hello: { ready: false, reason: opened.reason } })
  process.exit(1)
}
const backend: Backend = opened.backend
say({ hello: { ...backend.verdict(), isolation: backend.isolation } })
// Whether the programs find the same hole as the self-test is another test's question.
if (hole !== undefined) (backend as Bubblewrap).judge({ ready: true, at: Date.now() })

async function carryOut(id: string, given: unknown): Promise<void> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  const run = backend.start(
    { id, request: RunRequest.parse(given) },
    { started: () => {}, stdout: (bytes) => void out.push(bytes), stderr: (bytes) => void err.push(bytes) },
  )
  const outcome = await run?.done
  if (outcome === undefined) return
  say({
    id,
    outcome: {
      ...outcome,
      result: outcome.result?.toString("base64") ?? null,
      archive: outcome.archive?.toString("base64") ?? null,
    },
    stdout: Buffer.concat(out).toString("latin1"),
    stderr: Buffer.concat(err).toString("latin1"),
    capacity: backend.capacity(),
    memory: process.memoryUsage.rss(),
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, request } = JSON.parse(line) as { id: string; request: unknown }
  void carryOut(id, request)
}
await backend.close()
