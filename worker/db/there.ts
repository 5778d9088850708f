import { inArray } from "drizzle-orm"
import { tenants } from "./schema/control.ts"

/** The condition that a tenant is there for its people, keys and visitors: of one that was deleted nothing is found. */
export const isThere = inArray(tenants.status, ["active", "suspended"])
