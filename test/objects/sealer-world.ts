import { sign, createPrivateKey, createPublicKey, randomBytes } from "node:crypto"
import type { SealedEntry } from "#core/audit/entry"
import type { TenantId } from "#core/ids"
import { SealerObject } from "#durable/sealer/object"
import type { PostEnd, SealerPorts, SignedCheckpoint, Waiting } from "#durable/sealer/ports"

/** What the tests of sealers decide and see of the outside world; a test's tenant has its own. */
export class SealerWorld {
  /** Nobody of this name came to be. */
  isUnknown = false
  waiting: Waiting[] = []
  /** The tenant's log, by entries' ids, as its database has it. */
  kept = new Map<string, SealedEntry>()
  /** How often an entry was written down. */
  written = new Map<string, number>()
  /** What happens when entries were written down and before the sealer learns of it. */
  behindKeep: (() => Promise<void>) | undefined
  keepFailures = 0
  waitingFailures = 0
  signFailures = 0
  /** Sizes of the checkpoints that were sent out, and what becomes of each; nobody wants them unless a test says so. */
  posted: number[] = []
  receive: (checkpoint: SignedCheckpoint) => Promise<PostEnd> = async () => ({ is: "nobody" })
}

const worlds = new Map<string, SealerWorld>()

export function worldOf(tenant: string): SealerWorld {
  const world = worlds.get(tenant) ?? new SealerWorld()
  worlds.set(tenant, world)
  return world
}

/** Sealers ask for the time; tests move it on. */
export const time = { skew: 0 }

/** RFC 8032, test 1. */
const jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex").toString(
    "base64url",
  ),
  x: Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex").toString(
    "base64url",
  ),
}
export const publicKey = new Uint8Array(Buffer.from(jwk.x, "base64url"))
export const verifyKey = createPublicKey({ key: jwk, format: "jwk" })

const ports: SealerPorts = {
  async waiting(tenant, most) {
    const world = worldOf(tenant)
    if (world.waitingFailures-- > 0) throw new Error("D1 is away")
    return world.isUnknown ? undefined : world.waiting.slice(0, most)
  },
  async keep(tenant: TenantId, entries) {
    const world = worldOf(tenant)
    if (world.keepFailures-- > 0) throw new Error("D1 is away")
    for (const { place: _, ...sealed } of entries) {
      const { id } = sealed.entry
      const waiting = world.waiting.find((one) => one.id === id)
      // A row that has its number keeps it, as in the database.
      if (waiting) world.kept.set(id, { ...sealed, detail: JSON.parse(waiting.detail) })
      world.waiting = world.waiting.filter((one) => one.id !== id)
      world.written.set(id, (world.written.get(id) ?? 0) + 1)
    }
    await world.behindKeep?.()
  },
  async sign(name, text) {
    const signed = sign(null, Buffer.from(text), createPrivateKey({ key: jwk, format: "jwk" }))
    const tenant = name.split("/").at(-1) ?? ""
    if (worldOf(tenant).signFailures-- > 0) throw new Error("no key")
    return { key: { name, publicKey }, signature: new Uint8Array(signed) }
  },
  post(tenant, checkpoint) {
    const world = worldOf(tenant)
    world.posted.push(checkpoint.size)
    return world.receive(checkpoint)
  },
  chance: (bytes) => new Uint8Array(randomBytes(bytes)),
  now: () => Date.now() + time.skew,
}

export class FakeSealer extends SealerObject {
  protected ports() {
    return ports
  }
}
