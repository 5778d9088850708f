import { env } from "cloudflare:workers"
import { describe } from "vitest"
import { isolateContract } from "#test/contract/isolates"
import { DynamicPlace } from "#worker/tools/isolate/dynamic"
import type { Env } from "#worker/env"

const { LOADER } = env as unknown as Env

describe("a function in a Dynamic Worker", () => {
  isolateContract({ place: () => new DynamicPlace(LOADER), isLimited: false })
})
