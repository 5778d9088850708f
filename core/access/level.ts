import * as z from "zod"
import type { Capability } from "./capabilities.ts"

/** How far a share lets somebody come with one thing. Each includes those before it. */
export const ShareLevel = z.enum(["view", "run", "edit"])
export type ShareLevel = z.infer<typeof ShareLevel>

/** `role`: everybody comes as far as their role. `shared`: only admins, its owner and those it is shared with come near. */
export const Access = z.enum(["role", "shared"])
export type Access = z.infer<typeof Access>

const running: ReadonlySet<Capability> = new Set([
  "execution.start",
  "execution.cancel",
  "chat.write",
  "approval.answer",
])

/** Whether a share lets a capability of the role through; it never adds one. */
export const isWithin = (level: ShareLevel, capability: Capability): boolean =>
  level === "edit" || capability.endsWith(".read") || (level === "run" && running.has(capability))
