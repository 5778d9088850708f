import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { RunRequest } from "../../core/contract/sandbox.ts"
import type { Profile } from "../../sandbox-runner/backend.ts"
import { openBackend } from "../../sandbox-runner/isolation/open.ts"
import { mutants, rootMutants } from "./kit/mutants.ts"

const root = process.getuid?.() === 0
const profile: Profile = root ? "strong" : "dev"

async function verdictOf(hole: ((dir: string) => object) | null): Promise<string | null> {
  const dir = mkdtempSync(join(tmpdir(), "edgecrew-self-test-"))
  chmodSync(dir, 0o755)
  const options = {
    profile,
    slots: 1,
    pool: { python: 0, node: 0 },
    rootfs: null,
    stateDir: join(dir, "state"),
  }
  try {
    const { backend, reason } = await openBackend({ ...options, log: () => {} }, hole?.(dir) ?? {})
    if (backend === null) return `no backend: ${reason}`
    const verdict = backend.verdict()
    const refusal = verdict.ready ? null : verdict.reason
    // What does not hold, serves nothing.
    const outcome = await backend.start(never, silent).done
    expect(outcome.status).toBe(verdict.ready ? "ok" : "sandbox_error")
    await backend.close()
    return refusal
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const silent = { started: () => {}, stdout: () => {}, stderr: () => {} }
const never = { id: "run_1", request: RunRequest.parse({ language: "shell", code: "true" }) }

describe("[SB3] the self-test", () => {
  it("passes walls that hold", async () => {
    expect(await verdictOf(null)).toBeNull()
  })

  const all = { ...mutants, ...(root ? rootMutants : {}) }
  it.each(Object.entries(all))("refuses %s and says so", async (_, { hole, says }) => {
    expect(await verdictOf(hole)).toMatch(says)
  })
})
