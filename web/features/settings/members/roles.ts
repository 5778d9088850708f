import type { Role } from "#core/access/roles"

/** The roles in words, the widest first. */
export const roleWords: Record<Role, { label: string; may: string }> = {
  admin: { label: "Admin", may: "Everything in the tenant: members, keys, models and settings too" },
  editor: { label: "Editor", may: "Create, change, publish and execute flows, agents, crews and tools" },
  executor: { label: "Executor", may: "Execute flows, answer approvals and chat" },
  viewer: { label: "Viewer", may: "See everything, and change nothing" },
}

export const roleOptions = Object.entries(roleWords).map(([value, { label }]) => ({ value, label }))
