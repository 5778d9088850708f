import { expect, it } from "vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"

it("what a process guards ends with it, also by SIGKILL", async () => {
  const script = `
    const { Guardian } = await import(${JSON.stringify(import.meta.resolve("./guardian.ts"))})
    const { spawn } = await import("node:child_process")
    const guarded = spawn("sleep", ["60"], { detached: true, stdio: "ignore" })
    new Guardian().watch(guarded.pid)
    console.log(guarded.pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const [said] = await once(child.stdout, "data")
  const guarded = Number(said)
  expect(isAlive(guarded)).toBe(true)
  child.kill("SIGKILL")
  await expect.poll(() => isAlive(guarded), { timeout: 3000 }).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
