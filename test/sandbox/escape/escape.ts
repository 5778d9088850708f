import { randomBytes } from "node:crypto"
import { readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs"
import { createServer, type AddressInfo, type Server } from "node:net"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Profile } from "../../../sandbox-runner/backend.ts"
import { marks, strays } from "../kit/outside.ts"
import { Walls, type Ran } from "../kit/walls.ts"
import { filePrograms } from "./programs/files.ts"
import { kernelPrograms } from "./programs/kernel.ts"
import { networkPrograms } from "./programs/network.ts"
import { outputPrograms } from "./programs/output.ts"
import { processPrograms } from "./programs/processes.ts"
import { resourcePrograms } from "./programs/resources.ts"
import { prelude, small, type Program } from "./program.ts"

const megabyte = 1_048_576

const groups: Readonly<Record<string, readonly Program[]>> = {
  files: filePrograms,
  processes: processPrograms,
  memory: resourcePrograms,
  network: networkPrograms,
  kernel: kernelPrograms,
  output: outputPrograms,
}

const listen = (server: Server, at: object): Promise<Server> =>
  new Promise((resolve) => server.listen(at, () => resolve(server)))

/** Every program against one profile; the host is looked at from outside after each. */
export function escapes(
  profile: Profile,
  uid: number | null,
  chosen: Readonly<Record<string, readonly Program[]>> = groups,
): void {
  let walls: Walls
  let servers: Server[]
  let connections = 0
  let env: Record<string, string>
  const secret = `the canary ${randomBytes(8).toString("hex")}`
  const mark = `mark-${randomBytes(8).toString("hex")}`
  const count = (): void => void connections++

  beforeAll(async () => {
    walls = new Walls(profile, uid)
    const hello = await walls.hello
    expect(hello, walls.log).toMatchObject({ ready: true })
    const canary = join(walls.dir, "canary")
    writeFileSync(canary, secret)
    const socket = join(walls.dir, "socket")
    const abstract = `edgecrew-${mark}`
    servers = [
      await listen(createServer(count), { port: 0, host: "0.0.0.0" }),
      await listen(createServer(count), { path: socket }),
      await listen(createServer(count), { path: `\0${abstract}` }),
    ]
    chmodSync(socket, 0o777)
    const port = (servers[0]?.address() as AddressInfo | undefined)?.port
    env = {
      CANARY: canary,
      SOCKET: socket,
      ABSTRACT: abstract,
      PORT: String(port),
      MARK: mark,
      RUNNER: String(walls.pid),
    }
  })

  afterAll(async () => {
    await walls.close()
    for (const server of servers) server.close()
  })

  const carryOut = ({ language = "python", code, more = {} }: Program): Promise<Ran> =>
    walls.run({
      language,
      code: language === "python" ? `${prelude}\n${code}` : code,
      limits: small,
      ...more,
      env: { ...env, ...more.env },
    })

  /** Nothing of it on the host: no process, no file, no connection, no change, no memory. */
  const lookAround = (ran: Ran, program: Program): void => {
    const foreign = uid ?? -1
    expect(
      strays(walls.pid, (each) => each === foreign, walls.group),
      program.name,
    ).toEqual([])
    expect(marks(mark, [walls.dir, join(walls.dir, "state"), join(walls.dir, "state/stage/sbx")])).toEqual([])
    expect(readFileSync(env["CANARY"] ?? "", "utf8")).toBe(secret)
    expect(connections).toBe(0)
    expect(ran.memory).toBeLessThan(400 * megabyte)
    expect(ran.capacity).toMatchObject({ quarantined: 0 })
  }

  for (const [group, list] of Object.entries(chosen)) {
    describe(group, () => {
      it.each(list.map((program) => [program.name, program] as const))(
        "a program that %s is held",
        async (_, program) => {
          const ran = await carryOut(program)
          const told = `${program.name}: ${ran.outcome.status} ${ran.outcome.exit_code}\n${ran.stdout.slice(0, 2_000)}\n${ran.stderr.slice(0, 2_000)}`
          expect(ran.stdout + ran.stderr, told).not.toContain("ESCAPED")
          expect(ran.stdout + ran.stderr, told).not.toContain(secret)
          expect(program.ends, told).toContain(ran.outcome.status)
          if (program.finishes === true) expect(ran.stdout, told).toContain("finished")
          expect(program.check?.(ran), told).toBeUndefined()
          lookAround(ran, program)
          const next = await walls.run({
            language: "shell",
            code: "echo honest; cat; ls -A /box /tmp",
            stdin: 1,
          })
          expect(next.stdout, `the run after ${program.name}: ${next.stderr}`).toBe(
            "honest\n1/box:\nin\nout\n\n/tmp:\n",
          )
        },
      )
    })
  }

  it("the canary was there all the time", () => {
    rmSync(env["CANARY"] ?? "")
    if (chosen === groups) expect(Object.values(chosen).flat().length).toBeGreaterThanOrEqual(80)
  })
}
