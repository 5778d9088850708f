import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { governorStub } from "#worker/stubs"
import { forgetBook, readBook } from "./book.ts"

/**
 * Shows the governor the book after a change, so that it holds at once. Should it not be reached, the next call that is to be held shows
 * it: the change is made all the same.
 */
export async function showBook(env: Env, ctx: Pick<Ctx, "tenant" | "db">): Promise<void> {
  forgetBook(ctx.tenant.id)
  try {
    await governorStub(env, ctx.tenant.id).govern(ctx.tenant, await readBook(ctx.db))
  } catch (error) {
    console.warn("budgets: the governor was not told of a change", { error: String(error) })
  }
}
