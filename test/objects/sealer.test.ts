import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test"
import { env } from "cloudflare:workers"
import { verify } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { fromHex, toHex } from "#core/audit/bytes"
import { faultsOf, noHash } from "#core/audit/entry"
import { leafHash, verifyConsistency, verifyInclusion } from "#core/audit/merkle"
import { parseCheckpoint, parseNote, signatureBy, type Checkpoint } from "#core/audit/note"
import { unwrap } from "#core/errors"
import type { TenantId } from "#core/ids"
import type { PostEnd, SignedCheckpoint } from "#durable/sealer/ports"
import { publicKey, time, verifyKey, worldOf, type FakeSealer, type SealerWorld } from "./sealer-world.ts"

const { SEALER } = env as unknown as { SEALER: DurableObjectNamespace<FakeSealer> }

let count = 0
let tenant: TenantId
let world: SealerWorld
let stub: DurableObjectStub<FakeSealer>

beforeEach(() => {
  tenant = `tenant_${count++}`
  world = worldOf(tenant)
  stub = SEALER.get(SEALER.idFromName(tenant))
  time.skew = 0
})

let entries = 0
/** Entries that a mutation has written. */
function write(many = 1, place: "tenant" | "control" = "tenant"): void {
  for (let i = 0; i < many; i++) {
    const id = `audit_${String(entries++).padStart(8, "0")}`
    const at = new Date(1_800_000_000_000 + entries).toISOString()
    const rest = { actor: "user_1", action: "flow.update", target: null, request_id: "req_1" }
    world.waiting.push({ id, at, ...rest, detail: `{"n":${i}}`, place })
  }
}

const lease = async (isWritten: boolean) => unwrap(await stub.lease(tenant, isWritten))

/** Moves the time on and lets the alarm ring that is set for it. */
async function tick(ms: number): Promise<void> {
  time.skew += ms
  await runDurableObjectAlarm(stub)
}

/** A crash of the object: its memory is gone, what was written is there. */
async function crash(): Promise<void> {
  await abortAllDurableObjects()
  stub = SEALER.get(SEALER.idFromName(tenant))
}

/** The log as the tenant's database has it, in its order; what a verifier asks of it holds. */
function log() {
  const kept = [...world.kept.values()].sort((a, b) => a.entry.seq - b.entry.seq)
  let prev = noHash
  for (const [i, one] of kept.entries()) {
    expect([one.entry.seq, one.entry.prev, faultsOf(one)]).toEqual([i + 1, prev, []])
    prev = one.hash
  }
  return kept
}

function read({ note }: SignedCheckpoint): Checkpoint {
  const parsed = parseNote(note)!
  const checkpoint = parseCheckpoint(parsed.text)!
  expect(checkpoint.origin).toBe(`edgecrew/audit/${tenant}`)
  const signature = signatureBy(parsed, { name: checkpoint.origin, publicKey })!
  expect(verify(null, Buffer.from(parsed.text), verifyKey, signature)).toBe(true)
  return checkpoint
}

const state = () => stub.state(tenant)

describe("a sealer", () => {
  it("[SE1] numbers and chains what was written, in the order of the entries, soon after it is told", async () => {
    write(3)
    write(2, "control")
    const asked = Date.now()
    const { until } = await lease(true)
    expect(until - asked).toBeLessThan(2_500)
    await expect.poll(() => world.kept.size, { timeout: 2_000 }).toBe(5)
    expect(log().map(({ entry }) => entry.id)).toEqual([...world.kept.keys()].sort())
    expect((await state()).hash).toBe(log().at(-1)?.hash)
  })

  it("[SE2] looks for itself when whoever had a lease did not live to say that it wrote", async () => {
    await lease(false)
    write()
    expect(world.kept.size).toBe(0)
    await tick(4_100)
    expect(world.kept.size).toBe(1)
    // And as long as leases are given, behind each of them.
    await lease(false)
    await tick(1_500)
    await lease(false)
    write()
    await tick(4_100)
    await tick(4_100)
    expect(log()).toHaveLength(2)
  })

  it("[SE3] gives no number twice and leaves none out, wherever it dies", async () => {
    for (const point of ["before", "after"] as const) {
      write(3)
      await lease(true)
      world.behindKeep = async () => {
        world.behindKeep = undefined
        if (point === "after") throw new Error("the answer is lost")
      }
      if (point === "before") world.keepFailures = 1
      await tick(200)
      await crash()
      write(2)
      await lease(true)
      await tick(1_000)
      await expect.poll(() => world.waiting.length).toBe(0)
    }
    expect(log()).toHaveLength(10)
    expect((await state()).seq).toBe(10)
  })

  it("[SE4] keeps its chain and its tree through evictions and crashes", async () => {
    for (let i = 0; i < 12; i++) {
      write(i % 4)
      await lease(true)
      await tick(200)
      if (i % 2 === 0) await evictDurableObject(stub)
      else await crash()
      await lease(false)
    }
    await tick(5_000)
    const kept = log()
    const { seq, hash, root } = await state()
    expect([seq, hash]).toEqual([kept.length, kept.at(-1)?.hash])
    const now = read(unwrap(await stub.signNow(tenant)))
    expect([now.size, toHex(now.root)]).toEqual([seq, root])
    for (const one of kept) {
      const { index, hashes, checkpoint } = unwrap(await stub.inclusion(one.entry.seq))
      const { size, root: signed } = read(checkpoint)
      const leaf = leafHash(fromHex(one.hash)!)
      expect(
        verifyInclusion(
          leaf,
          index,
          size,
          hashes.map((hex) => fromHex(hex)!),
          signed,
        ),
      ).toBe(true)
    }
  })

  it("[SE5] signs a checkpoint at once, then one a minute, and one for every thousand entries", async () => {
    write()
    await lease(true)
    await tick(200)
    await tick(200)
    expect((await stub.checkpoints(1e9, 10)).map(({ size }) => size)).toEqual([1])
    write(2)
    await lease(true)
    await tick(200)
    await tick(30_000)
    expect((await stub.checkpoints(1e9, 10)).map(({ size }) => size)).toEqual([1])
    await tick(31_000)
    await tick(200)
    expect((await stub.checkpoints(1e9, 10)).map(({ size }) => size)).toEqual([3, 1])
    write(2_500)
    await lease(true)
    await tick(200)
    const sizes = (await stub.checkpointsAfter(3, 10)).map(({ size }) => size)
    expect(sizes).toEqual([1_003, 2_003])
    const [small, large] = await stub.checkpointsAfter(3, 10)
    const proof = unwrap(await stub.consistency(1_003, 2_003)).map((hex) => fromHex(hex)!)
    expect(verifyConsistency(read(small!), read(large!), proof)).toBe(true)
    expect(log()).toHaveLength(2_503)
  })

  it("[SE6] goes on when a database was away, and refuses leases when it stays away", async () => {
    write()
    world.waitingFailures = 2
    await lease(true)
    await tick(200)
    expect((await stub.lease(tenant, false)).ok).toBe(true)
    await tick(1_000)
    await tick(1_000)
    expect(log()).toHaveLength(1)
    write()
    world.waitingFailures = 1e9
    await lease(true)
    await tick(200)
    time.skew += 31_000
    expect(await stub.lease(tenant, false)).toMatchObject({ ok: false, code: "audit.unavailable" })
    world.waitingFailures = 0
    await tick(31_000)
    expect((await stub.lease(tenant, false)).ok).toBe(true)
    expect(log()).toHaveLength(2)
  })

  it("[SE7] keeps nothing of details once they are where they belong", async () => {
    write(2)
    write(2, "control")
    await lease(true)
    await tick(200)
    await runInDurableObject(stub, (_, { storage }) => {
      const rows = storage.sql.exec("SELECT * FROM assigned").toArray()
      expect(rows).toEqual([])
    })
  })

  it("[SE8] leaves nothing behind of a tenant that never came to be, and begins anew when it does", async () => {
    world.isUnknown = true
    await lease(false)
    await tick(4_100)
    await runInDurableObject(stub, (_, { storage }) => {
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'chain'").toArray()).toEqual([])
    })
    expect(await stub.checkpoints(1e9, 10)).toEqual([])
    world.isUnknown = false
    write()
    time.skew += 60_000
    await lease(true)
    await tick(200)
    expect(log()).toHaveLength(1)
  })

  it("[SE9] proves nothing that is not there", async () => {
    write()
    await lease(true)
    await tick(200)
    for (const seq of [0, 2, -1]) expect((await stub.inclusion(seq)).ok).toBe(false)
    for (const [first, second] of [
      [0, 1],
      [1, 2],
      [2, 1],
    ] as const)
      expect((await stub.consistency(first, second)).ok).toBe(false)
  })

  /** A receiver that answers when it may; it looks for itself, since an object hears nothing from outside its own turns. */
  async function once(isAnswered: () => boolean): Promise<PostEnd> {
    while (!isAnswered()) await new Promise((resolve) => setTimeout(resolve, 5))
    return { is: "arrived" }
  }

  /** Lets a delivery that is under way come to its end. */
  const delivered = (sizes: number[]) => expect.poll(() => world.posted).toEqual(sizes)

  it("[SE10] sends each checkpoint out in its order, and tries again for as long as it takes", async () => {
    let isThere = true
    const away = {
      is: "failed",
      error: { code: "checkpoint.refused", message: "The receiver answered 500." },
    }
    world.receive = async () => (isThere ? { is: "arrived" } : (away as PostEnd))
    write()
    await lease(true)
    await tick(200)
    await tick(0)
    await delivered([1])
    expect((await stub.post()).last).toMatchObject({ state: "arrived", size: 1, attempts: 1, next_at: null })
    isThere = false
    for (const [size, later] of [
      [2, 61_000],
      [3, 61_000],
    ] as const) {
      write()
      await lease(true)
      await tick(200)
      await tick(later)
      expect((await stub.state(tenant)).checkpoint?.size).toBe(size)
    }
    await tick(0)
    await expect.poll(async () => (await stub.post()).last?.state).toBe("failed")
    for (let i = 0; i < 3; i++) {
      const before = world.posted.length
      await crash()
      await tick(3_600_000)
      await expect.poll(() => world.posted.length).toBeGreaterThan(before)
    }
    expect(new Set(world.posted.slice(1))).toEqual(new Set([2]))
    const { last, waiting } = await stub.post()
    expect([last?.size, last?.error?.code, waiting]).toEqual([2, "checkpoint.refused", 2])
    expect(last!.attempts).toBeGreaterThan(2)
    isThere = true
    await tick(3_600_000)
    await expect.poll(async () => (await stub.post()).waiting).toBe(0)
    expect(world.posted.slice(-2)).toEqual([2, 3])
    expect((await stub.post()).last).toMatchObject({ state: "arrived", size: 3, attempts: 1 })
  })

  it("[SE11] seals while a checkpoint is out that nobody answers, and when sending breaks", async () => {
    let isAnswered = false
    world.receive = () => once(() => isAnswered)
    write()
    await lease(true)
    await tick(200)
    await tick(0)
    await delivered([1])
    write(5)
    await lease(true)
    await tick(200)
    expect(log()).toHaveLength(6)
    world.receive = () => Promise.reject(new Error("broken"))
    isAnswered = true
    await tick(61_000)
    await tick(0)
    await expect.poll(async () => (await stub.post()).last?.state).toBe("failed")
    write()
    await lease(true)
    await tick(200)
    expect(log()).toHaveLength(7)
  })

  it("[SE12] sends nothing of before to an address that is new, but the newest at once", async () => {
    write()
    await lease(true)
    await tick(200)
    await tick(0)
    await delivered([1])
    expect(await stub.post()).toEqual({ last: null, waiting: 0 })
    write()
    await lease(true)
    await tick(200)
    await tick(61_000)
    await tick(0)
    await delivered([1, 2])
    world.receive = async () => ({ is: "arrived" })
    await stub.postAnew(tenant)
    await tick(0)
    await delivered([1, 2, 2])
    expect((await stub.post()).last).toMatchObject({ state: "arrived", size: 2 })
  })

  it("[SE13] forgets what became of one that was out when the address changed", async () => {
    let isAnswered = false
    world.receive = () => once(() => isAnswered)
    write()
    await lease(true)
    await tick(200)
    await tick(0)
    await delivered([1])
    world.receive = async () => ({ is: "failed", error: { code: "checkpoint.refused", message: "No." } })
    await stub.postAnew(tenant)
    isAnswered = true
    await delivered([1, 1])
    await expect.poll(async () => (await stub.post()).last?.state).toBe("failed")
  })
})
