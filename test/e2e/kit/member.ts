import { DatabaseSync } from "node:sqlite"
import type { Role } from "#core/access/roles"
import type { Server } from "#test/kit/server"
import { Client } from "./client.ts"
import { databasesOf } from "./disk.ts"
import { register, type Tenant } from "./world.ts"

/** A further member of a tenant. Put in by hand, into the files of the running server, without an invitation. */
export async function join(server: Server, tenant: Tenant, role: Role, name: string): Promise<Tenant> {
  const member = await register(await Client.of(server.address), name.toLowerCase())
  for (const file of databasesOf(server.state)) {
    const database = new DatabaseSync(file, { timeout: 10_000 })
    try {
      const isControl = database
        .prepare("select 1 from sqlite_master where type = 'table' and name = 'memberships'")
        .get()
      if (!isControl) continue
      database
        .prepare("update memberships set tenant_id = ?, role = ? where identity_id = ?")
        .run(tenant.id, role, member.user)
      database.prepare("update identities set name = ? where id = ?").run(name, member.user)
    } finally {
      database.close()
    }
  }
  return { ...member, id: tenant.id, slug: tenant.slug }
}
