import type { GovernorPorts } from "#durable/governor/ports"
import type { Env } from "#worker/env"
import { tellOfBudget } from "#worker/services/budgets/tell"

/** What a tenant's governor is given: a way to tell people of its budgets. */
export const governorPorts = (env: Env): GovernorPorts => ({
  tell: (tenant, note, ways) => tellOfBudget(env, tenant, note, ways),
  now: () => Date.now(),
})
