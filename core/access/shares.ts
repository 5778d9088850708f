import type { Capability } from "./capabilities.ts"
import type { ShareLevel } from "./level.ts"
import { can, grants, type Actor, type Role } from "./roles.ts"

/** Whether shares count for a role at all: those who look after the members could give themselves any. */
export const isBound = (role: Role): boolean => !grants[role].has("user.edit")

/** How far an actor comes with the thing at hand: `editing` is the capability that changes it. */
export const reachOf = (actor: Actor, editing: Capability): ShareLevel =>
  can(actor, editing) ? "edit" : can(actor, "execution.start") ? "run" : "view"
