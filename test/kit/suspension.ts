import { adminApi } from "#core/contract/admin"
import { call } from "./api.ts"
import { makePlatformAdmin, newTenant, type TestTenant } from "./tenants.ts"
import { flowDraft } from "./world.ts"

export const reason = "The invoice of August is open"
/** What a suspended tenant answers whoever would change or start something in it. */
export const refused = { status: 403, code: "tenant.suspended" }

/** The one who runs the installation, and suspends tenants. */
export class Operator {
  readonly email: string
  private readonly token: string

  private constructor({ email, token }: TestTenant) {
    this.email = email
    this.token = token
  }

  static async make(): Promise<Operator> {
    const own = await newTenant("operator")
    await makePlatformAdmin(own)
    return new Operator(own)
  }

  suspend = (tenant: Pick<TestTenant, "id">) => this.put(tenant, "suspended")
  letGoOn = (tenant: Pick<TestTenant, "id">) => this.put(tenant, "active")

  private put({ id }: Pick<TestTenant, "id">, status: "active" | "suspended") {
    return call(adminApi.updateTenant, {
      token: this.token,
      params: { tenant_id: id },
      body: { status, reason },
    })
  }
}

/** A flow that waits for a moment before it ends. */
export const restingDraft = () => {
  const { nodes = [], edges: _, ...draft } = flowDraft()
  const rest = { id: "rest", type: "wait", position: { x: 0, y: 200 }, data: { seconds: 1 } }
  return {
    ...draft,
    nodes: [...nodes, rest],
    edges: [
      { id: "a", source: "input", target: "rest" },
      { id: "b", source: "rest", target: "greet" },
      { id: "c", source: "greet", target: "output" },
    ],
  }
}
