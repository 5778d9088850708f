import { can, grants, Role, type Actor } from "./roles.ts"

/** Nobody gives more than they have: whether all that a role can do, the actor can do too. */
export const mayGrant = (actor: Actor, role: Role): boolean =>
  [...grants[role]].every((capability) => can(actor, capability))

/** Whether somebody who had the one role and has the other now has lost something. */
export const isNarrower = (now: Role, was: Role): boolean =>
  [...grants[was]].some((capability) => !grants[now].has(capability))

/** The roles whose holders look after the members of a tenant; one of them always stays. */
export const managers: readonly Role[] = Role.options.filter((role) => grants[role].has("user.edit"))
