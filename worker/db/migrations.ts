import control0000 from "../../migrations/control/0000_first_tables.sql"
import control0001 from "../../migrations/control/0001_key_restrictions.sql"
import control0002 from "../../migrations/control/0002_people.sql"
import control0003 from "../../migrations/control/0003_platform.sql"
import control0004 from "../../migrations/control/0004_sso.sql"
import control0005 from "../../migrations/control/0005_tenant_states.sql"
import control0006 from "../../migrations/control/0006_tenant_erasure.sql"
import tenant0000 from "../../migrations/tenant/0000_first_tables.sql"
import tenant0001 from "../../migrations/tenant/0001_builtin_provider.sql"
import tenant0002 from "../../migrations/tenant/0002_credentials.sql"
import tenant0003 from "../../migrations/tenant/0003_triggers.sql"
import tenant0004 from "../../migrations/tenant/0004_trigger_depth.sql"
import tenant0005 from "../../migrations/tenant/0005_approvals.sql"
import tenant0006 from "../../migrations/tenant/0006_deleted_executions.sql"
import tenant0007 from "../../migrations/tenant/0007_spans.sql"
import tenant0008 from "../../migrations/tenant/0008_drop_trigger_depth.sql"
import tenant0009 from "../../migrations/tenant/0009_model_aliases.sql"
import tenant0010 from "../../migrations/tenant/0010_agents.sql"
import tenant0011 from "../../migrations/tenant/0011_chats.sql"
import tenant0012 from "../../migrations/tenant/0012_tool_versions.sql"
import tenant0013 from "../../migrations/tenant/0013_chat_search.sql"
import tenant0014 from "../../migrations/tenant/0014_agent_calls.sql"
import tenant0015 from "../../migrations/tenant/0015_calls_of_tools.sql"
import tenant0016 from "../../migrations/tenant/0016_flow_canvases.sql"
import tenant0017 from "../../migrations/tenant/0017_flow_origins.sql"
import tenant0018 from "../../migrations/tenant/0018_flow_reviews.sql"
import tenant0019 from "../../migrations/tenant/0019_sealed_audit.sql"
import tenant0020 from "../../migrations/tenant/0020_budgets.sql"
import tenant0021 from "../../migrations/tenant/0021_privacy.sql"
import tenant0022 from "../../migrations/tenant/0022_governance.sql"
import tenant0023 from "../../migrations/tenant/0023_chat_authors.sql"
import tenant0024 from "../../migrations/tenant/0024_memory_sources.sql"

/** Written by drizzle-kit (`npm run db:generate`), appended to, never edited. A test holds these lists to the folders. */
export type Migration = { id: string; sql: string }

export const controlMigrations: readonly Migration[] = [
  { id: "0000_first_tables", sql: control0000 },
  { id: "0001_key_restrictions", sql: control0001 },
  { id: "0002_people", sql: control0002 },
  { id: "0003_platform", sql: control0003 },
  { id: "0004_sso", sql: control0004 },
  { id: "0005_tenant_states", sql: control0005 },
  { id: "0006_tenant_erasure", sql: control0006 },
]

export const tenantMigrations: readonly Migration[] = [
  { id: "0000_first_tables", sql: tenant0000 },
  { id: "0001_builtin_provider", sql: tenant0001 },
  { id: "0002_credentials", sql: tenant0002 },
  { id: "0003_triggers", sql: tenant0003 },
  { id: "0004_trigger_depth", sql: tenant0004 },
  { id: "0005_approvals", sql: tenant0005 },
  { id: "0006_deleted_executions", sql: tenant0006 },
  { id: "0007_spans", sql: tenant0007 },
  { id: "0008_drop_trigger_depth", sql: tenant0008 },
  { id: "0009_model_aliases", sql: tenant0009 },
  { id: "0010_agents", sql: tenant0010 },
  { id: "0011_chats", sql: tenant0011 },
  { id: "0012_tool_versions", sql: tenant0012 },
  { id: "0013_chat_search", sql: tenant0013 },
  { id: "0014_agent_calls", sql: tenant0014 },
  { id: "0015_calls_of_tools", sql: tenant0015 },
  { id: "0016_flow_canvases", sql: tenant0016 },
  { id: "0017_flow_origins", sql: tenant0017 },
  { id: "0018_flow_reviews", sql: tenant0018 },
  { id: "0019_sealed_audit", sql: tenant0019 },
  { id: "0020_budgets", sql: tenant0020 },
  { id: "0021_privacy", sql: tenant0021 },
  { id: "0022_governance", sql: tenant0022 },
  { id: "0023_chat_authors", sql: tenant0023 },
  { id: "0024_memory_sources", sql: tenant0024 },
]
