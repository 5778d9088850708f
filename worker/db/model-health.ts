import { sql } from "drizzle-orm"
import type { Db } from "./commit.ts"
import { spans } from "./schema/spans.ts"

/** What the model calls of a while came to, for each model at each provider. */
export type HealthRow = {
  provider_id: string
  model: string
  calls: number
  failures: number
  p50_ms: number | null
  p95_ms: number | null
}

export type ErrorRow = { provider_id: string; model: string; code: string; message: string; at: string }

/** So many of the newest calls are looked at, so that no question costs more than a moment. */
const mostCalls = 20_000
const mostErrors = 200

const provider = sql`json_extract(${spans.attributes}, '$."edgecrew.provider.id"')`

/** Calls, failures and how long good answers took, since a time. */
export const byTarget = (db: Db, since: string): Promise<HealthRow[]> =>
  db.all<HealthRow>(sql`
    with newest as (
      select ${provider} as provider_id, ${spans.model} as model, ${spans.status} as status,
        ${spans.duration_ms} as duration_ms
      from ${spans}
      where ${spans.model} is not null and ${spans.kind} = 'model' and ${spans.start_time} >= ${since}
      order by ${spans.start_time} desc limit ${mostCalls}
    ), placed as (
      select *, row_number() over same as place, count(*) over (partition by provider_id, model, status) as of_all
      from newest window same as (partition by provider_id, model, status order by duration_ms)
    )
    select provider_id, model, count(*) as calls, sum(status = 'error') as failures,
      min(case when status = 'ok' and place >= of_all * 0.5 then duration_ms end) as p50_ms,
      min(case when status = 'ok' and place >= of_all * 0.95 then duration_ms end) as p95_ms
    from placed where provider_id is not null group by provider_id, model order by provider_id, model`)

/** The newest failures since a time, the newest first. A span's text ends with its error. */
export const newestErrors = (db: Db, since: string): Promise<ErrorRow[]> =>
  db.all<ErrorRow>(sql`
    select ${provider} as provider_id, ${spans.model} as model,
      coalesce(json_extract(${spans.attributes}, '$."error.type"'), 'model.failed') as code,
      coalesce(${spans.text}, '') as message,
      ${spans.end_time} as at
    from ${spans}
    where ${spans.status} = 'error' and ${spans.kind} = 'model' and ${spans.model} is not null
      and ${spans.start_time} >= ${since} and ${provider} is not null
    order by ${spans.start_time} desc limit ${mostErrors}`)
