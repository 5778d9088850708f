import * as z from "zod"
import type { ApiKeyId, TriggerId, UserId } from "#core/ids"
import { allCapabilities, type Capability } from "./capabilities.ts"
import { isWithin, type ShareLevel } from "./level.ts"

export const Role = z.enum(["admin", "editor", "viewer", "executor"])
export type Role = z.infer<typeof Role>

const reading: Capability[] = [
  "flow.read",
  "agent.read",
  "chat.read",
  "execution.read",
  "trace.read",
  "trigger.read",
  "provider.read",
  "budget.read",
  "credential.read",
]

/** The one table of who may do what: browser hides, Worker refuses, object refuses. */
export const grants: Record<Role, ReadonlySet<Capability>> = {
  admin: new Set(allCapabilities),
  editor: new Set([
    ...reading,
    "flow.edit",
    "flow.review",
    "agent.edit",
    "chat.write",
    "trigger.edit",
    "credential.edit",
    "execution.start",
    "execution.cancel",
    "execution.delete",
    "approval.answer",
  ]),
  viewer: new Set(reading),
  executor: new Set([...reading, "chat.write", "execution.start", "execution.cancel", "approval.answer"]),
}

/** A platform admin who acts in somebody's name: who it is, and whether the tenant lets support change things. */
export type Support = { by: UserId; writes: boolean }

/** What support may do where a tenant lets it change things: the work itself, and nothing of keys, secrets, people and rules. */
const supportWrites: ReadonlySet<Capability> = new Set([
  "flow.edit",
  "agent.edit",
  "trigger.edit",
  "chat.write",
  "execution.start",
  "execution.cancel",
])

const reachesSupport = ({ writes }: Support, capability: Capability): boolean =>
  capability.endsWith(".read") || (writes && supportWrites.has(capability))

/** Who acts. An unknown role grants nothing. `within` is how far the thing that is asked for is shared with them, where that counts. */
export type Actor =
  | { is: "user"; id: UserId; role: Role; support?: Support; within?: ShareLevel }
  | { is: "api_key"; id: ApiKeyId; role: Role; scopes: Capability[]; within?: ShareLevel }
  | { is: "trigger"; id: TriggerId }
  | { is: "system" }

export function can(actor: Actor, capability: Capability): boolean {
  if ("within" in actor && actor.within && !isWithin(actor.within, capability)) return false
  switch (actor.is) {
    case "system":
      return true
    case "user":
      if (actor.support && !reachesSupport(actor.support, capability)) return false
      return grants[actor.role]?.has(capability) ?? false
    case "api_key":
      // A key never reaches past its creator's role, also when that role shrinks later.
      return actor.scopes.includes(capability) && (grants[actor.role]?.has(capability) ?? false)
    case "trigger":
      return capability === "execution.start"
    default:
      return actor satisfies never
  }
}

export const capabilitiesOf = (actor: Actor): Capability[] => allCapabilities.filter((one) => can(actor, one))

/** One word for the audit log and the execution's `actor` column: `user_01J…`, `key_01J…`, `trig_01J…`, `system`. */
export const actorId = (actor: Actor): string => (actor.is === "system" ? "system" : actor.id)
