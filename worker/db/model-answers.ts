import { and, eq, gt, lte } from "drizzle-orm"
import type { KeptAnswer } from "#core/llm/answer-cache"
import type { Db } from "./commit.ts"
import { model_answers } from "./schema/model-aliases.ts"

export const byKey = async (db: Db, key: string, now: string): Promise<KeptAnswer | undefined> =>
  (
    await db
      .select({ answer: model_answers.answer })
      .from(model_answers)
      .where(and(eq(model_answers.key, key), gt(model_answers.expires_at, now)))
  )[0]?.answer

/** Keeps an answer, and drops what nobody will be given any more. */
export async function keep(
  db: Db,
  key: string,
  answer: KeptAnswer,
  { now, expires_at }: { now: string; expires_at: string },
): Promise<void> {
  await db.batch([
    db
      .insert(model_answers)
      .values({ key, answer, expires_at })
      .onConflictDoUpdate({ target: model_answers.key, set: { answer, expires_at } }),
    db.delete(model_answers).where(lte(model_answers.expires_at, now)),
  ])
}
