import { and, desc, eq, inArray, ne, sql } from "drizzle-orm"
import type { ReviewRule } from "#core/flow/review"
import type { FlowId, ReviewId, TenantId } from "#core/ids"
import { guard, insertWhere, write, type Db, type Statement } from "./commit.ts"
import { api_keys, identities, memberships } from "./schema/control.ts"
import { flow_versions, flows } from "./schema/flows.ts"
import { flow_reviews } from "./schema/reviews.ts"
import { workspace_settings } from "./schema/workspace.ts"

export type ReviewRow = typeof flow_reviews.$inferSelect

/** So many of a flow are looked at: who stands behind more has published in between. */
export const mostReviews = 50

export const byId = async (db: Db, flow: FlowId, id: ReviewId): Promise<ReviewRow | undefined> =>
  (
    await db
      .select()
      .from(flow_reviews)
      .where(and(eq(flow_reviews.id, id), eq(flow_reviews.flow_id, flow)))
  )[0]

const asks = sql`'$.settings.requires_review'`

/** Who wants this flow reviewed, and its last reviews, newest first. */
export async function ofFlow(db: Db, id: FlowId): Promise<{ rule: ReviewRule; reviews: ReviewRow[] }> {
  const [reviews, rules] = await db.batch([
    db
      .select()
      .from(flow_reviews)
      .where(eq(flow_reviews.flow_id, id))
      .orderBy(desc(flow_reviews.requested_at), desc(flow_reviews.id))
      .limit(mostReviews),
    db
      .select({
        workspace: sql<
          number | null
        >`(select ${workspace_settings.review_before_publish} from ${workspace_settings})`,
        draft: sql<number | null>`json_extract(${flows.graph}, ${asks})`,
        published: sql<number | null>`json_extract(${flow_versions.graph}, ${asks})`,
      })
      .from(flows)
      .leftJoin(
        flow_versions,
        and(eq(flow_versions.flow_id, flows.id), eq(flow_versions.version, flows.published_version)),
      )
      .where(eq(flows.id, id)),
  ])
  const found = rules[0]
  const rule = {
    workspace: found?.workspace === 1,
    draft: found?.draft === 1,
    published: found?.published === 1,
  }
  return { rule, reviews }
}

/** Asks, where nobody has asked about the same draft yet. */
export const insert = (
  row: Omit<ReviewRow, "answered_by" | "answered_at" | "reason" | "published_as">,
): Statement => ({
  ...insertWhere(
    flow_reviews,
    row,
    sql`not exists (select 1 from ${flow_reviews} where flow_id = ${row.flow_id} and status = 'open'
      and digest = ${row.digest} and base_version is ${row.base_version})`,
  ),
  guard: "review.open",
})

/** Closes what else is open of the flow, once another is asked for: it is about a draft that is no more. */
export const withdrawOthers = (db: Db, { flow_id, id }: Pick<ReviewRow, "flow_id" | "id">): Statement =>
  write(
    db
      .update(flow_reviews)
      .set({ status: "withdrawn" })
      .where(
        and(
          eq(flow_reviews.flow_id, flow_id),
          eq(flow_reviews.status, "open"),
          ne(flow_reviews.id, id),
          // Named otherwise than the table that is written, whose columns drizzle writes without it.
          sql`exists (select 1 from flow_reviews as asked where asked.id = ${id})`,
        ),
      ),
  )

/** Answers an open review while the draft is still what it is about. */
export const answer = (
  db: Db,
  id: ReviewId,
  change: Pick<ReviewRow, "status" | "reason" | "answered_by" | "answered_at">,
): Statement =>
  guard(
    db
      .update(flow_reviews)
      .set(change)
      .where(
        and(
          eq(flow_reviews.id, id),
          eq(flow_reviews.status, "open"),
          sql`exists (select 1 from ${flows} where flows.id = flow_reviews.flow_id
            and flows.graph_digest = flow_reviews.digest and flows.published_version is flow_reviews.base_version)`,
        ),
      ),
    "review.stale",
  )

export const withdraw = (db: Db, id: ReviewId): Statement =>
  guard(
    db
      .update(flow_reviews)
      .set({ status: "withdrawn" })
      .where(and(eq(flow_reviews.id, id), eq(flow_reviews.status, "open"))),
    "review.closed",
  )

/** Notes the version that was published by a review, once it is there. */
export const markPublished = (db: Db, { id, flow_id, digest }: ReviewRow, version: number): Statement =>
  write(
    db
      .update(flow_reviews)
      .set({ published_as: version })
      .where(
        and(
          eq(flow_reviews.id, id),
          sql`exists (select 1 from ${flow_versions} where flow_versions.flow_id = ${flow_id}
            and flow_versions.version = ${version} and flow_versions.definition = ${digest})`,
        ),
      ),
  )

/** The names behind actors' ids, from the control database: people by name or address, keys by theirs. */
export async function namesOf(
  control: Db,
  tenant: TenantId,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  const [people, keys] = await control.batch([
    control
      .select({ id: identities.id, name: identities.name, email: identities.email })
      .from(identities)
      .innerJoin(
        memberships,
        and(eq(memberships.identity_id, identities.id), eq(memberships.tenant_id, tenant)),
      )
      .where(inArray(identities.id, wanted)),
    control
      .select({ id: api_keys.id, name: api_keys.name })
      .from(api_keys)
      .where(inArray(api_keys.id, wanted)),
  ])
  return new Map<string, string>([
    ...people.map(({ id, name, email }) => [id, name || email] as const),
    ...keys.map(({ id, name }) => [id, name] as const),
  ])
}
