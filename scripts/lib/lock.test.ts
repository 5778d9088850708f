import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { StateFolder, tryLock, withLock } from "./lock.ts"

let folder = ""
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "edgecrew-lock-"))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Another process that takes the state folder and holds it. */
async function holder(path: string): Promise<{ pid: number; kill: () => Promise<void> }> {
  const script = `
    const { StateFolder } = await import(${JSON.stringify(import.meta.resolve("./lock.ts"))})
    const take = () => {
      const folder = new StateFolder(${JSON.stringify(path)})
      const taken = folder.take() === undefined
      folder.announce({ pid: process.pid, address: "http://127.0.0.1:1" })
      return taken
    }
    const taken = take()
    setInterval(() => {}, 1000)
    // What nobody refers to is gone after a collection or two; the lock must not be.
    for (let n = 0; n < 3; n++) await new Promise((resolve) => setTimeout(() => resolve(gc()), 10))
    process.stdout.write(String(taken))`
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const [said] = await once(child.stdout, "data")
  expect(String(said)).toBe("true")
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL")
    await once(child, "exit")
  }
  return { pid: child.pid ?? 0, kill }
}

describe("locks", () => {
  it("a state folder serves one process, which is named to the next", async () => {
    const other = await holder(folder)
    expect(new StateFolder(folder).take()).toEqual({ pid: other.pid, address: "http://127.0.0.1:1" })
    await other.kill()
  })

  it("a lock ends with its process, also by SIGKILL", async () => {
    const other = await holder(folder)
    await other.kill()
    expect(new StateFolder(folder).take()).toBeUndefined()
  })

  it("a folder that cannot be one is refused with what to do", () => {
    const file = join(folder, "file")
    writeFileSync(file, "")
    expect(() => new StateFolder(file)).toThrow(/^The state folder cannot be used .* Set EDGECREW_STATE/)
  })

  it("a released lock can be taken again", () => {
    const file = join(folder, "lock")
    const lock = tryLock(file)
    expect(tryLock(file)).toBeUndefined()
    lock?.release()
    expect(tryLock(file)).toBeDefined()
  })

  it("work under one lock never overlaps, and a failure gives the lock back", async () => {
    const file = join(folder, "lock")
    let inside = 0
    let most = 0
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside--
    }
    await expect(withLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken")
    let waits = 0
    await Promise.all([work, work, work].map((one) => withLock(file, one, () => waits++)))
    expect([most, waits]).toEqual([1, 2])
  })
})
