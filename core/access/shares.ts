import { grants, type Role } from "./roles.ts"

/** Whether shares count for a role at all: those who look after the members could give themselves any. */
export const isBound = (role: Role): boolean => !grants[role].has("user.edit")
