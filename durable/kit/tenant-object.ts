import { DurableObject } from "cloudflare:workers"
import { isMigrated } from "./sqlite.ts"

/** An object of a tenant: it ends with the tenant. */
export abstract class TenantObject<E = unknown> extends DurableObject<E> {
  /**
   * Deletes all that is stored here, appointments too, and what is in memory with it, which would write itself down again. Whoever asks
   * hears of a broken call at best: they see by `isBlank` whether it was done.
   */
  async wipe(): Promise<void> {
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    await this.ctx.storage.sync()
    this.ctx.abort("the tenant of this object was erased")
  }

  /** Nothing is stored here: it is as if it had never been asked. */
  isBlank(): boolean {
    return !isMigrated(this.ctx.storage.sql)
  }
}
