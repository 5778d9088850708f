import type { Role } from "#core/access/roles"
import type { Server } from "#test/kit/server"
import { Client } from "./client.ts"
import { inControl } from "./control.ts"
import { register, type Tenant } from "./world.ts"

/** A further member of a tenant. Put in by hand, into the files of the running server, without an invitation. */
export async function join(server: Server, tenant: Tenant, role: Role, name: string): Promise<Tenant> {
  const member = await register(await Client.of(server.address), name.toLowerCase())
  inControl(server, (database) => {
    database
      .prepare("update memberships set tenant_id = ?, role = ? where identity_id = ?")
      .run(tenant.id, role, member.user)
    database.prepare("update identities set name = ? where id = ?").run(name, member.user)
  })
  return { ...member, id: tenant.id, slug: tenant.slug }
}
