import { toHex } from "#core/audit/bytes"
import { seal } from "#core/audit/entry"
import { consistencyProof, inclusionProof, rootOf } from "#core/audit/merkle"
import { checkpointText, noteOf, originOf } from "#core/audit/note"
import { nodesIn } from "#core/audit/tiles"
import { done, refused, type Outcome } from "#core/errors"
import type { TenantId } from "#core/ids"
import { Alarms } from "#durable/kit/alarms"
import { TenantObject } from "#durable/kit/tenant-object"
import { Courier } from "./courier.ts"
import type { Inclusion, Lease, LogState, Post } from "./messages.ts"
import type { Sealed, SealerPorts, SignedCheckpoint, Waiting } from "./ports.ts"
import { SealerStore } from "./store.ts"

/** For so long whoever asked may write entries without asking again. */
const leaseMs = 2_000
/** Behind the end of every lease it is looked whether an entry came whose writer did not live to say so. */
const lookMs = leaseMs * 2
/** Entries that are written together are sealed together. */
const soonMs = 100
/** An alarm that a crash cut off is followed by another. */
const watchMs = 15_000
const mostRetryMs = 30_000
/** When nothing could be sealed for so long, nothing more is to be written that would have to be. */
const patienceMs = 30_000
const mostAtOnce = 250
const checkpointEntries = 1_000
const checkpointMs = 60_000

/**
 * A tenant's sealer: gives audit entries their numbers, chains them, keeps the Merkle tree over them and signs checkpoints. The
 * numbers are given here, in one place and one step; the tenant's database has a copy of them.
 */
export abstract class SealerObject<E = unknown> extends TenantObject<E> {
  private readonly store: SealerStore
  private alarms: Alarms
  private readonly courier: Courier
  private outside: SealerPorts | undefined
  private sealing: Promise<void> | undefined
  private leasedUntil = 0
  private isLooking = false
  private isSoon = false
  private failures = 0
  private failingSince: number | undefined

  /** What a sealer asks of the outside world. The Worker supplies it. */
  protected abstract ports(): SealerPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.store = new SealerStore(ctx.storage)
    this.alarms = new Alarms(ctx.storage)
    this.courier = new Courier(
      this.store,
      () => this.alarms,
      () => this.world,
    )
    // A crash has lost what was under way: whoever makes this object anew has it look at everything.
    if (!this.store.isOpen) return
    this.alarms.at("seal", Date.now())
    this.alarms.at("look", Date.now() + lookMs)
    this.isLooking = true
  }

  private get world(): SealerPorts {
    return (this.outside ??= this.ports())
  }

  /**
   * Lets entries of a tenant be written for a moment, and promises to look for them behind it. Refuses when what was written before
   * cannot be sealed. `isWritten` says that some have just been written: they are sealed soon.
   */
  lease(tenant: TenantId, isWritten: boolean): Outcome<Lease> {
    const now = this.world.now()
    this.store.open(tenant)
    if (isWritten && !this.isSoon) {
      this.isSoon = true
      this.alarms.at("seal", now + soonMs)
    }
    if (this.failingSince !== undefined && now - this.failingSince > patienceMs)
      return refused("audit.unavailable", { retryAfterSeconds: 5 })
    this.leasedUntil = now + leaseMs
    this.lookLater(now)
    return done({ until: this.leasedUntil, forMs: leaseMs })
  }

  private lookLater(now: number): void {
    if (this.isLooking || this.leasedUntil <= now) return
    this.isLooking = true
    this.alarms.at("look", now + lookMs)
  }

  /** The log as it is now, with the newest checkpoint that was kept. */
  state(tenant: TenantId): LogState {
    this.store.open(tenant)
    const head = this.store.head()
    const [checkpoint = null] = this.store.checkpoints(Number.MAX_SAFE_INTEGER, 1)
    return { ...head, root: toHex(rootOf(nodesIn(this.store), head.seq)), checkpoint }
  }

  /** Proves that an entry is in the log: by the newest checkpoint that has it, or else by one that is signed now and not kept. */
  async inclusion(seq: number): Promise<Outcome<Inclusion>> {
    if (!this.store.isOpen || seq < 1 || seq > this.store.head().seq) return refused("audit.no_such_size")
    const [newest] = this.store.checkpoints(Number.MAX_SAFE_INTEGER, 1)
    const checkpoint = newest && newest.size >= seq ? newest : await this.signed()
    const hashes = inclusionProof(nodesIn(this.store), seq - 1, checkpoint.size).map(toHex)
    return done({ index: seq - 1, hashes, checkpoint })
  }

  /** Proves that the log of one size is the beginning of that of another. Hashes in hexadecimal. */
  consistency(first: number, second: number): Outcome<string[]> {
    const size = this.store.isOpen ? this.store.head().seq : 0
    if (first < 1 || first > second || second > size) return refused("audit.no_such_size")
    return done(consistencyProof(nodesIn(this.store), first, second).map(toHex))
  }

  /** Checkpoints below a size, the newest first. */
  checkpoints(below: number, most: number): SignedCheckpoint[] {
    return this.store.isOpen ? this.store.checkpoints(below, most) : []
  }

  /** Checkpoints that follow a size, the oldest first. */
  checkpointsAfter(size: number, most: number): SignedCheckpoint[] {
    return this.store.isOpen ? this.store.checkpointsAfter(size, most) : []
  }

  /** A checkpoint over all that waits, once it is sealed and has its numbers in the tenant's database. It is not kept here. */
  async signNow(tenant: TenantId): Promise<Outcome<SignedCheckpoint>> {
    this.store.open(tenant)
    try {
      await this.seal()
      return done(await this.signed())
    } catch (error) {
      this.failed(error)
      return refused("audit.unavailable", { retryAfterSeconds: 2 })
    }
  }

  /** Sends the newest checkpoint to where checkpoints are sent from now on, and each that follows. */
  postAnew(tenant: TenantId): void {
    this.store.open(tenant)
    this.courier.restart()
  }

  /** What became of the checkpoint that was sent out last. */
  post(): Post {
    return this.store.isOpen ? this.store.post() : { last: null, waiting: 0 }
  }

  override async alarm(): Promise<void> {
    if (!this.store.isOpen) return
    const now = this.world.now()
    try {
      const taken = this.alarms.take(now)
      this.alarms.at("watch", now + watchMs)
      this.alarms.rearm()
      this.courier.run(taken)
      // From here on an entry may come too late for this turn, and asks for another.
      this.isSoon = false
      if (taken.includes("look")) {
        this.isLooking = false
        this.lookLater(now)
      }
      await this.seal()
      if (this.store.isOpen && taken.includes("checkpoint")) await this.checkpoint()
    } catch (error) {
      this.failed(error)
    } finally {
      if (this.store.isOpen) {
        this.alarms.drop("watch")
        this.alarms.rearm()
      }
    }
  }

  private failed(error: unknown): void {
    const now = this.world.now()
    this.failingSince ??= now
    this.alarms.at("seal", now + Math.min(250 * 2 ** this.failures++, mostRetryMs))
    console.warn("sealer: entries could not be sealed, will be tried again", { error: String(error) })
  }

  /** Seals all that waits; one at a time. */
  private async seal(): Promise<void> {
    await (this.sealing ??= this.sealAll().finally(() => (this.sealing = undefined)))
    this.failures = 0
    this.failingSince = undefined
  }

  private async sealAll(): Promise<void> {
    const tenant = this.store.tenant()
    const given = new Set<string>()
    for (;;) {
      for (const { entry } of await this.handOver(tenant)) given.add(entry.id)
      // Asked behind the hand-over alone: what has its number already would be found waiting, and get another.
      const waiting = await this.world.waiting(tenant, mostAtOnce)
      if (waiting === undefined && this.store.head().seq === 0) return this.forget()
      if (!waiting?.length) break
      if (waiting.some(({ id }) => given.has(id))) throw new Error("what was handed over was not kept")
      this.store.assign(this.chained(tenant, waiting))
      await this.checkpointIfMany()
    }
    this.planCheckpoint()
  }

  /** Nobody of that name ever came to be. */
  private async forget(): Promise<void> {
    await this.store.forget()
    this.alarms = new Alarms(this.ctx.storage)
    this.isLooking = false
  }

  private async handOver(tenant: TenantId): Promise<Sealed[]> {
    const assigned = this.store.assigned()
    const last = assigned.at(-1)
    if (!last) return []
    await this.world.keep(tenant, assigned)
    this.store.kept(last.entry.seq)
    return assigned
  }

  private chained(tenant: TenantId, waiting: readonly Waiting[]): Sealed[] {
    let head = this.store.head()
    return waiting.map(({ place, ...deed }) => {
      const sealed = seal(tenant, head, deed, this.world.chance(32))
      head = { seq: sealed.entry.seq, hash: sealed.hash }
      // What lies in the tenant's database stays there: only its numbers are on their way.
      return { ...sealed, detail: place === "tenant" ? null : sealed.detail, place }
    })
  }

  private async checkpointIfMany(): Promise<void> {
    const [last] = this.store.checkpoints(Number.MAX_SAFE_INTEGER, 1)
    if (this.store.head().seq - (last?.size ?? 0) >= checkpointEntries) await this.checkpoint()
  }

  /** A minute behind the last one at the soonest, so that a lone entry has its checkpoint at once. */
  private planCheckpoint(): void {
    const [last] = this.store.checkpoints(Number.MAX_SAFE_INTEGER, 1)
    if (this.store.head().seq <= (last?.size ?? 0)) return this.alarms.drop("checkpoint")
    const now = this.world.now()
    const due = last === undefined ? now : Math.max(now, Date.parse(last.at) + checkpointMs)
    this.alarms.at("checkpoint", due)
  }

  private async checkpoint(): Promise<void> {
    if (this.store.head().seq === 0) return
    this.store.addCheckpoint(await this.signed())
    this.courier.nudge()
    this.planCheckpoint()
  }

  private async signed(): Promise<SignedCheckpoint> {
    const origin = originOf(this.store.tenant())
    const size = this.store.head().seq
    const at = new Date(this.world.now()).toISOString()
    const text = checkpointText({ origin, size, root: rootOf(nodesIn(this.store), size), time: at })
    const { key, signature } = await this.world.sign(origin, text)
    return { size, at, note: noteOf(text, key, signature) }
  }
}
