import { afterAll, beforeAll, describe } from "vitest"
import { SandboxPlace } from "#worker/tools/sandbox/place"
import { isolateContract } from "#test/contract/isolates"
import { Runner } from "./kit/runner.ts"
import { toRunner } from "./kit/worker.ts"

let runner: Runner
beforeAll(async () => void (runner = await Runner.start()))
afterAll(() => runner.stop())

describe("a function in the runner", () => {
  isolateContract({ place: () => new SandboxPlace(toRunner(runner.client.address)), isLimited: true })
})
