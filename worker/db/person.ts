import { and, eq, isNull, sql } from "drizzle-orm"
import type { ChatId, TenantId, UserId } from "#core/ids"
import type { Db } from "./commit.ts"
import { api_keys, identities, memberships } from "./schema/control.ts"

/** A place in which the databases name a person, and what of it is told to them: never a secret, a digest or a whole definition. */
export type Place = {
  /** The file of an export, without its ending. */
  file: string
  says: string
  from: "control" | "tenant"
  table: string
  /** Those that name who it was. */
  by: readonly string[]
  shown: readonly string[]
  /** Those of `shown` that hold JSON. */
  json?: readonly string[]
  /** Of tables that several tenants share: the column with the tenant's id. */
  tenant?: string
}

const made = ["created_at", "updated_at", "deleted_at"]
const audited = ["id", "at", "actor", "action", "target", "detail", "request_id"]

const authored = (table: string, says: string, shown: readonly string[]): Place => ({
  file: table,
  says,
  from: "tenant",
  table,
  by: ["created_by"],
  shown,
})

export const places: readonly Place[] = [
  {
    file: "profile",
    says: "The account: name, address, preferences. Your password is not in here.",
    from: "control",
    table: "identities",
    by: ["id"],
    shown: ["id", "email", "name", "preferences", "created_at", "updated_at"],
    json: ["preferences"],
  },
  {
    file: "memberships",
    says: "Your role in this workspace, and since when.",
    from: "control",
    table: "memberships",
    by: ["identity_id"],
    tenant: "tenant_id",
    shown: ["tenant_id", "role", "status", "created_at"],
  },
  {
    file: "sessions",
    says: "Where and when you were signed in, by the names that browsers gave themselves.",
    from: "control",
    table: "sessions",
    by: ["identity_id"],
    tenant: "tenant_id",
    shown: ["id", "user_agent", "created_at", "used_at", "expires_at", "ended_at", "ended_because"],
  },
  {
    file: "api-keys",
    says: "API keys that are yours or that you made, without the keys themselves.",
    from: "control",
    table: "api_keys",
    by: ["owner_id", "created_by"],
    tenant: "tenant_id",
    shown: [
      "id",
      "name",
      "hint",
      "scopes",
      "created_by",
      "created_at",
      "expires_at",
      "used_at",
      "revoked_at",
    ],
    json: ["scopes"],
  },
  {
    file: "audit-account",
    says: "Audit entries about your account: sign-ins, sessions, keys.",
    from: "control",
    table: "audit_entries",
    by: ["actor", "target"],
    tenant: "tenant_id",
    shown: audited,
    json: ["detail"],
  },
  {
    file: "audit-workspace",
    says: "Audit entries of what you did in the workspace, or what was done to you.",
    from: "tenant",
    table: "audit_entries",
    by: ["actor", "target"],
    shown: audited,
    json: ["detail"],
  },
  authored("flows", "Flows that you made.", ["id", "name", "description", ...made]),
  authored("flow_versions", "Versions of flows that you published, with your notes.", [
    "flow_id",
    "version",
    "note",
    "created_at",
  ]),
  {
    file: "flow_reviews",
    says: "Reviews that you asked for or answered, with what was written.",
    from: "tenant",
    table: "flow_reviews",
    by: ["requested_by", "requester", "answered_by"],
    shown: [
      "id",
      "flow_id",
      "status",
      "note",
      "requested_by",
      "requested_at",
      "answered_by",
      "answered_at",
      "reason",
    ],
  },
  {
    file: "shares",
    says: "Flows, crews and agents of yours that are shared, that you shared, or that are shared with you.",
    from: "tenant",
    table: "resource_access",
    by: [
      "owner_id",
      "shared_by",
      "(select key from json_each(shares) where key in (select value from json_each(?2)))",
    ],
    shown: ["resource_id", "access", "shared_at"],
  },
  authored("agents", "Agents that you made.", ["id", "name", "description", ...made]),
  authored("agent_versions", "Versions of agents that you saved.", ["agent_id", "version", "created_at"]),
  authored("crews", "Crews that you made.", ["id", "name", "description", ...made]),
  authored("crew_versions", "Versions of crews that you saved.", ["crew_id", "version", "created_at"]),
  authored("tools", "Tools that you made.", ["id", "name", "description", ...made]),
  authored("tool_versions", "Versions of tools that you saved.", ["tool_id", "version", "created_at"]),
  authored("triggers", "Triggers that you made.", ["id", "flow_id", "name", "kind", ...made]),
  authored("chat_sessions", "Chats that you began. What you said in them is in messages.ndjson.", [
    "id",
    "title",
    "partner",
    "message_count",
    ...made,
  ]),
  {
    file: "executions",
    says: "Executions that you or your keys started. Each can be exported whole: GET /api/v1/executions/{id}/export.",
    from: "tenant",
    table: "executions",
    by: ["actor"],
    shown: [
      "id",
      "flow_id",
      "flow_name",
      "status",
      "actor",
      "created_at",
      "finished_at",
      "cost_micros",
      "deleted_at",
    ],
  },
  {
    file: "memories",
    says: "What agents and crews remember from executions that you or your keys started.",
    from: "tenant",
    table: "memories",
    by: ["actor"],
    shown: ["id", "holder", "text", "execution_id", "created_at"],
  },
  {
    file: "approvals",
    says: "Questions that you answered, with your answers.",
    from: "tenant",
    table: "approvals",
    by: ["row ->> '$.answered_by'"],
    shown: ["id", "execution_id", "flow_name", "title", "answered_at", "row"],
    json: ["row"],
  },
  {
    file: "legal_holds",
    says: "Legal holds that you placed or lifted.",
    from: "tenant",
    table: "legal_holds",
    by: ["created_by", "lifted_by"],
    shown: ["id", "target", "reason", "created_by", "created_at", "lifted_by", "lifted_at"],
  },
]

const mostRows = 500

/** What a place has of somebody, page by page in the order in which it was written. */
export async function* rowsOf(
  db: Db,
  { table, by, shown, json = [], tenant }: Place,
  names: readonly string[],
  tenantId: TenantId,
): AsyncGenerator<Record<string, unknown>[]> {
  const columns = shown.map((name) => `"${name}"`).join(", ")
  const named = by.map((one) => `${one} in (select value from json_each(?2))`).join(" or ")
  const within = tenant === undefined ? "" : `and ${tenant} = ?3`
  const query = `select rowid as _place, ${columns} from "${table}" where rowid > ?1 and (${named}) ${within} order by rowid limit ${mostRows}`
  for (let last = 0; ;) {
    const given = [last, JSON.stringify(names), ...(tenant === undefined ? [] : [tenantId])]
    const { results } = await db.$client
      .prepare(query)
      .bind(...given)
      .all<Record<string, unknown> & { _place: number }>()
    if (results.length === 0) return
    last = results.at(-1)!._place
    yield results.map(({ _place, ...row }) => ({
      ...row,
      ...Object.fromEntries(json.map((name) => [name, parsed(row[name])])),
    }))
    if (results.length < mostRows) return
  }
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The ids under which somebody acts in a tenant: their own, and those of their keys; under one that stands in a site's source others act. */
export async function namesOf(control: Db, tenant: TenantId, user: UserId): Promise<string[]> {
  const keys = await control
    .select({ id: api_keys.id })
    .from(api_keys)
    .where(and(eq(api_keys.tenant_id, tenant), eq(api_keys.owner_id, user), isNull(api_keys.restrictions)))
  return [user, ...keys.map(({ id }) => id)]
}

/** A person of a tenant, those who have left among them. */
export async function memberOf(control: Db, tenant: TenantId, user: UserId) {
  const [row] = await control
    .select({
      id: identities.id,
      email: identities.email,
      name: identities.name,
      role: memberships.role,
      status: memberships.status,
      /** In how many tenants they are. */
      tenants: sql<number>`(select count(*) from memberships as every where every.identity_id = identities.id)`,
    })
    .from(memberships)
    .innerJoin(identities, eq(identities.id, memberships.identity_id))
    .where(and(eq(memberships.tenant_id, tenant), eq(memberships.identity_id, user)))
  return row
}

/**
 * Pages of the chats in which somebody may have written, in their order: where they are noted, and those of which nobody knows. Those
 * that were deleted are among them, for as long as anything of them is kept.
 */
export async function* chatsWith(db: Db, names: Iterable<string>): AsyncGenerator<ChatId> {
  const authors = JSON.stringify([...names])
  for (let last = ""; ;) {
    const { results } = await db.$client
      .prepare(
        `select chat_id as id from chat_authors where author in (select value from json_each(?2)) and chat_id > ?1
         union
         select id from chat_sessions where id > ?1 and not exists (select 1 from chat_authors where chat_id = chat_sessions.id)
         order by id limit ${mostRows}`,
      )
      .bind(last, authors)
      .all<{ id: ChatId }>()
    for (const { id } of results) yield id
    if (results.length < mostRows) return
    last = results.at(-1)!.id
  }
}

/** Pages of ids of a table of the tenant's, in their order. */
export async function* idsOf<T extends string>(db: Db, table: "flows", more = "1 = 1"): AsyncGenerator<T> {
  for (let last = ""; ;) {
    const { results } = await db.$client
      .prepare(`select id from ${table} where id > ?1 and ${more} order by id limit ${mostRows}`)
      .bind(last)
      .all<{ id: T }>()
    for (const { id } of results) yield id
    if (results.length < mostRows) return
    last = results.at(-1)!.id
  }
}
