import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { runnerCommand } from "../../../scripts/lib/sandbox.ts"
import { audience, Client, secret } from "./client.ts"
import { endWithUs } from "../../kit/end-with-us.ts"

export interface RunnerOptions {
  settings?: Record<string, string>
  /** Runs it as this user, in the profile that an ordinary user can have. */
  uid?: number
  /** The program that is started in place of this Node and main.ts. */
  command?: readonly [string, ...string[]]
}

/** A folder that every slot's user can walk to. */
function newStateDir(uid: number | undefined): string {
  const dir = mkdtempSync(join(tmpdir(), "edgecrew-runner-"))
  chmodSync(dir, 0o755)
  if (uid !== undefined) chownSync(dir, uid, uid)
  return dir
}

/** The runner as a child process, with real walls. */
export class Runner {
  readonly client: Client
  readonly child: ChildProcess
  readonly stateDir: string
  readonly #said: () => string

  private constructor(child: ChildProcess, stateDir: string, address: string, said: () => string) {
    this.child = child
    this.stateDir = stateDir
    this.client = new Client(address)
    this.#said = said
  }

  /** Starts it and answers when it listens; throws with all that it said when it ends before. */
  static async start({ settings = {}, uid, command }: RunnerOptions = {}): Promise<Runner> {
    const stateDir = settings["SANDBOX_STATE"] ?? newStateDir(uid)
    const [program, ...args] = command ?? runnerCommand
    const child = spawn(program, args, {
      cwd: "/",
      ...(uid === undefined ? {} : { uid, gid: uid }),
      env: {
        PATH: process.env["PATH"],
        SANDBOX_SECRET: secret,
        SANDBOX_ID: audience,
        SANDBOX_PORT: "0",
        SANDBOX_STATE: stateDir,
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    endWithUs(child, "SIGKILL")
    let said = ""
    const address = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said += chunk.toString()
        const found = /^listening (http:\S+)$/m.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      }
      child.stdout.on("data", hear)
      child.stderr.on("data", hear)
      child.once("error", reject)
      child.once("close", (code) => reject(new Error(`the runner ended with exit code ${code}:\n${said}`)))
    })
    return new Runner(child, stateDir, address, () => said)
  }

  get output(): string {
    return this.#said()
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal)
      await once(this.child, "close")
    }
    return this.child.exitCode
  }

  /** Asks it to end, as an operator does; answers with its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.#end("SIGTERM")
    rmSync(this.stateDir, { recursive: true, force: true })
    return code
  }

  /** As when it crashes: it can tidy up nothing. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL")
  }
}
