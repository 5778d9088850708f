import type { BaseCtx } from "#worker/context"
import * as attempts from "#worker/db/attempts"
import type { Db } from "#worker/db/commit"
import { digestOf } from "#worker/digest"

const window = { most: 3, windowMs: 3_600_000 }

/** Whether one more mail may go to an address: at most three of ours an hour, whoever asks for them. Asking counts. */
export const mayMail = async (ctx: Pick<BaseCtx, "now">, control: Db, email: string): Promise<boolean> =>
  (await attempts.within(control, digestOf(`mail:${email}`), ctx.now, window)) === undefined
