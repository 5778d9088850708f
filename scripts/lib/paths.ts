import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url))

/** A file of the checkout. */
export const at = (...parts: string[]): string => join(root, ...parts)

/** A command that npm installed. */
export const bin = (name: string): string => at("node_modules", ".bin", name)
