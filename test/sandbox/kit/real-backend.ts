import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RunRequest } from "../../../core/contract/sandbox.ts"
import type { Backend, Outcome, Run, RunSink } from "../../../sandbox-runner/backend.ts"
import { openBackend } from "../../../sandbox-runner/isolation/open.ts"
import type { Request } from "./walls.ts"

export const isRoot = process.getuid?.() === 0

export interface RealBackend {
  readonly backend: Backend
  readonly stateDir: string
  readonly log: string[]
  close(): Promise<void>
}

/** The strongest walls that this user may have, in this process. */
export async function realBackend(slots = 3, pool = { python: 0, node: 0 }): Promise<RealBackend> {
  const dir = mkdtempSync(join(tmpdir(), "edgecrew-backend-"))
  chmodSync(dir, 0o755)
  const stateDir = join(dir, "state")
  const log: string[] = []
  const { backend, reason } = await openBackend({
    profile: isRoot ? "strong" : "dev",
    slots,
    pool,
    rootfs: null,
    stateDir,
    log: (line) => log.push(line),
  })
  if (backend === null) throw new Error(reason)
  const verdict = backend.verdict()
  if (!verdict.ready) throw new Error(verdict.reason)
  return {
    backend,
    stateDir,
    log,
    close: async () => {
      await backend.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export interface Going {
  readonly run: Run
  readonly done: Promise<{ outcome: Outcome; stdout: string; stderr: string }>
  /** Kept when the output so far matches. */
  said(pattern: RegExp): Promise<string>
}

let count = 0

/** Starts a run and gathers what it says. */
export function begin(backend: Backend, request: Request, more: Partial<RunSink> = {}): Going {
  const out: Buffer[] = []
  const err: Buffer[] = []
  let listeners: (() => void)[] = []
  const text = (): string => Buffer.concat(out).toString("utf8")
  const run = backend.start(
    { id: `run_${++count}`, request: RunRequest.parse(request) },
    {
      started: () => more.started?.(),
      stdout: (bytes) => {
        out.push(bytes)
        for (const listener of listeners) listener()
        return more.stdout?.(bytes)
      },
      stderr: (bytes) => {
        err.push(bytes)
        return more.stderr?.(bytes)
      },
    },
  )
  return {
    run,
    done: run.done.then((outcome) => ({
      outcome,
      stdout: text(),
      stderr: Buffer.concat(err).toString("utf8"),
    })),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(text())) return
          listeners = listeners.filter((each) => each !== look)
          resolve(text())
        }
        listeners.push(look)
        void run.done.then(() => {
          look()
          return reject(
            new Error(`It ended without saying ${pattern}: ${text()} ${Buffer.concat(err).toString()}`),
          )
        })
        look()
      }),
  }
}

export const carryOut = (backend: Backend, request: Request): Going["done"] => begin(backend, request).done

export const resultOf = (outcome: Outcome): unknown => JSON.parse(outcome.result?.toString("utf8") ?? "null")
