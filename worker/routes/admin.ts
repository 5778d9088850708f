import { adminApi } from "#core/contract/admin"
import { settingsOf } from "#worker/env"
import { answer, routes } from "#worker/http/answer"
import { installationHealth } from "#worker/services/admin/health"
import { impersonate, listImpersonations, renewImpersonation } from "#worker/services/admin/impersonate"
import { readTenantQuotas, setTenantQuotas } from "#worker/services/admin/quotas"
import { listSlots } from "#worker/services/admin/slots"
import { listSwitches, setSwitch } from "#worker/services/admin/switches"
import { listTenants, readTenant, updateTenant } from "#worker/services/admin/tenants"
import { listUsers, setPlatformAdmin } from "#worker/services/admin/users"
import { runnerOf } from "#worker/tools/sandbox/runner"

export const adminRoutes = routes(
  answer(adminApi.tenants, ({ ctx, env, query }) => listTenants(ctx, env, query)),
  answer(adminApi.tenant, ({ ctx, env, params }) => readTenant(ctx, env, params.tenant_id)),
  answer(adminApi.updateTenant, ({ ctx, env, params, body }) =>
    updateTenant(ctx, env, params.tenant_id, body),
  ),
  answer(adminApi.tenantQuotas, ({ ctx, env, params }) => readTenantQuotas(ctx, env, params.tenant_id)),
  answer(adminApi.setTenantQuotas, ({ ctx, env, params, body }) =>
    setTenantQuotas(ctx, env, params.tenant_id, body),
  ),
  answer(adminApi.users, ({ ctx, query }) => listUsers(ctx, query)),
  answer(adminApi.updateUser, ({ ctx, params, body }) =>
    setPlatformAdmin(ctx, params.user_id, body.is_platform_admin),
  ),
  answer(adminApi.slots, ({ ctx, env }) => listSlots(ctx, env)),
  answer(adminApi.health, ({ ctx, env }) =>
    installationHealth(ctx, env, (signal) =>
      runnerOf(env, "health", "health")?.fetch("/healthz", { method: "GET", signal }),
    ),
  ),
  answer(adminApi.switches, ({ ctx }) => listSwitches(ctx)),
  answer(adminApi.setSwitch, ({ ctx, params, body }) => setSwitch(ctx, params.name, body.is_on)),
  answer(adminApi.impersonate, ({ ctx, env, body }) => impersonate(ctx, settingsOf(env), body), {
    once: true,
  }),
  answer(adminApi.impersonations, ({ ctx, query }) => listImpersonations(ctx, query)),
  answer(
    adminApi.renewImpersonation,
    ({ ctx, env, params }) => renewImpersonation(ctx, settingsOf(env), params.impersonation_id),
    { once: true },
  ),
)
