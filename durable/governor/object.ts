import { done, refused, type Outcome } from "#core/errors"
import { take } from "#core/governor/gcra"
import {
  emptyAccount,
  expire,
  isAmount,
  refusalWords,
  reserve,
  settle,
  type Alert,
  type Refusal,
} from "#core/governor/ledger"
import { accountAt, spanAt } from "#core/governor/period"
import { Alarms } from "#durable/kit/alarms"
import { TenantObject } from "#durable/kit/tenant-object"
import { Alerts, type DueAlert } from "./alerts.ts"
import type {
  Book,
  Entered,
  EntryAsk,
  History,
  Hold,
  LeaseAsk,
  LeaseGrant,
  LeftOver,
  QuotaUse,
  Standing,
  TokenHold,
} from "./messages.ts"
import type { GovernorPorts, TenantRef } from "./ports.ts"
import { ExecutionQuotas } from "./quotas.ts"
import { GovernorStore, hourMs } from "./store.ts"
import { reserveTokens, tokensUsed } from "./tokens.ts"

const sweepMs = 6 * hourMs
/** An alarm that a crash cut off is followed by another. */
const watchMs = 60_000
const restMs = 1_000
const mostTellings = 20

/**
 * A tenant's governor: holds and settles what calls of models cost, and leases its rates. Every method decides and writes in one
 * synchronous turn, so that no two callers see the same money.
 */
export abstract class GovernorObject<E = unknown> extends TenantObject<E> {
  private readonly store: GovernorStore
  private readonly alarms: Alarms
  private readonly alerts: Alerts
  private readonly quotas: ExecutionQuotas
  private outside: GovernorPorts | undefined
  /** When the alarm for reservations is set. */
  private expiry = Infinity

  /** What a governor asks of the outside world. The Worker supplies it. */
  protected abstract ports(): GovernorPorts

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env)
    this.store = new GovernorStore(ctx.storage.sql, () => this.world.now())
    this.alarms = new Alarms(ctx.storage)
    this.alerts = new Alerts(ctx.storage.sql)
    this.quotas = new ExecutionQuotas(ctx.storage.sql)
    // A crash inside `alarm()` has lost what that alarm took: whoever makes this object anew has it look at everything.
    if (this.store.isOpen) this.place()
  }

  private get world(): GovernorPorts {
    return (this.outside ??= this.ports())
  }

  /** Takes over the tenant's budgets as they are in its database. */
  govern(tenant: TenantRef, book: Book): void {
    this.open(tenant)
    this.store.replace(book.revision, book.budgets)
  }

  /** Holds an amount on every budget that bears it, or refuses. The same hold asked for again holds nothing more. */
  reserve(tenant: TenantRef, book: Book, { id, amount, path, ttl_ms }: Hold): Outcome<null> {
    if (!isAmount(amount)) return refused("budget.amount")
    this.govern(tenant, book)
    const now = this.world.now()
    const expires = now + ttl_ms
    const reserved = reserve(this.store, { id, amount, path, at: now, expires })
    this.note(reserved.alerts)
    if (!reserved.ok) return refused("budget.exceeded", detailOf(reserved.refusal, now))
    if (expires < this.expiry) this.expireAt(expires)
    return done(null)
  }

  /** Enters what a call has cost, once. */
  settle(id: string, actual: number): Outcome<null> {
    if (!isAmount(actual)) return refused("budget.amount")
    if (!this.store.isOpen) return done(null)
    const before = this.store.reservation(id)
    const { alerts } = settle(this.store, id, actual)
    if (before && before.state !== "settled") this.store.spend(before, actual)
    this.note(alerts)
    return done(null)
  }

  /** Lets requests in ahead, for each limit that is asked about. */
  lease(tenant: TenantRef, asks: readonly LeaseAsk[]): LeaseGrant[] {
    this.open(tenant)
    const now = this.world.now()
    return asks.map(({ key, policy, want }) => {
      const { tat, grant } = take(this.store.tat(key), policy, want, now)
      if (grant.granted > 0) this.store.keepTat(key, tat)
      return grant
    })
  }

  /** Lets a lane begin executions, unless the tenant has had all of the day's or has too many under way. */
  enter(tenant: TenantRef, ask: EntryAsk): Outcome<Entered> {
    this.open(tenant)
    return this.quotas.enter(ask, this.world.now())
  }

  /** A lane gives back what it has not used, and says how many executions it has under way. */
  leave(tenant: TenantRef, lane: string, left: LeftOver | undefined, open: number): void {
    this.open(tenant)
    this.quotas.leave(lane, left, open, this.world.now())
  }

  /** Holds tokens of the day for one call, or refuses; settled like every hold, by what the call really took. */
  reserveTokens(tenant: TenantRef, hold: TokenHold): Outcome<null> {
    this.open(tenant)
    const now = this.world.now()
    const outcome = reserveTokens(this.store, hold, now)
    if (outcome.ok && now + hold.ttl_ms < this.expiry) this.expireAt(now + hold.ttl_ms)
    return outcome
  }

  /** What is used of the quotas that are counted here. */
  quotaUse(): QuotaUse {
    const now = this.world.now()
    if (!this.store.isOpen)
      return { executions_per_day: 0, concurrent_executions: 0, waiting_executions: 0, tokens_per_day: 0 }
    const { name: day } = spanAt("day", now)
    return {
      executions_per_day: this.quotas.begun(day),
      concurrent_executions: this.quotas.beside("", now).held,
      waiting_executions: this.quotas.beside("", now).waiting,
      tokens_per_day: tokensUsed(this.store, day),
    }
  }

  /** How the tenant's budgets stand. */
  standings(tenant: TenantRef, book: Book): Standing[] {
    this.govern(tenant, book)
    const now = this.world.now()
    return this.store.budgets().map((budget): Standing => {
      const { id, period } = budget
      if (period === "execution") {
        const [account = emptyAccount(id, "")] = this.store.accounts(id, "dearest", 1)
        return { budget_id: id, account, spending: [], accounts: this.store.countAccounts(id) }
      }
      const name = accountAt(budget, {}, now)
      const account = this.store.account(id, name) ?? emptyAccount(id, name)
      return { budget_id: id, account, spending: this.store.spending(id, name), accounts: 1 }
    })
  }

  /** A budget's periods, the latest first, and what was told of it. */
  history(id: string, most: number): History {
    if (!this.store.isOpen) return { accounts: [], alerts: [] }
    return { accounts: this.store.accounts(id, "latest", most), alerts: this.alerts.of(id, most) }
  }

  override async alarm(): Promise<void> {
    if (!this.store.isOpen) return
    const now = this.world.now()
    const taken = this.alarms.take(now)
    this.alarms.at("watch", now + watchMs)
    this.alarms.rearm()
    // Each by itself: what is due stands in the tables, so one that fails keeps no other from being done, and comes again.
    await attempt("give back", () => this.giveBack(now))
    if (taken.includes("sweep")) await attempt("sweep", () => this.sweep(now))
    await attempt("tell", () => this.tellDue(now))
    this.alarms.drop("watch")
    this.place(this.world.now() + restMs)
    this.alarms.rearm()
  }

  private open(tenant: TenantRef): void {
    if (this.store.isOpen) return
    this.store.open(tenant)
    this.alarms.at("sweep", this.world.now() + sweepMs)
  }

  private sweep(now: number): void {
    this.store.sweep(now)
    this.quotas.sweep(now)
  }

  private giveBack(now: number): void {
    const count = expire(this.store, now)
    if (count > 0) console.warn("governor: reservations were never settled", { count })
  }

  private note(alerts: readonly Alert[]): void {
    if (alerts.length === 0) return
    const now = this.world.now()
    for (const alert of alerts) this.alerts.add(alert, now)
    this.alarms.at("tell", now)
  }

  /** One that cannot be told does not keep the others from being told. */
  private async tellDue(now: number): Promise<void> {
    await Promise.all(this.alerts.due(now, mostTellings).map((one) => this.tell(one)))
  }

  private async tell(due: DueAlert): Promise<void> {
    try {
      const left = await this.world.tell(this.store.tenant(), due.note, due.ways)
      if (left.length === 0) this.alerts.told(due.note.id)
      else this.alerts.postpone(due, left, this.world.now())
    } catch (error) {
      this.alerts.postpone(due, due.ways, this.world.now())
      console.warn("governor: nobody could be told", { alert: due.note.id, error: String(error) })
    }
  }

  private expireAt(at: number): void {
    this.expiry = at
    this.alarms.at("expire", at)
  }

  /** Makes every appointment that there should be; what failed just now does not come back at once. */
  private place(soonest = 0): void {
    this.expiry = this.store.nextExpiry() ?? Infinity
    if (this.expiry === Infinity) this.alarms.drop("expire")
    else this.alarms.at("expire", Math.max(this.expiry, soonest))
    const tell = this.alerts.next()
    if (tell === undefined) this.alarms.drop("tell")
    else this.alarms.at("tell", Math.max(tell, soonest))
    this.alarms.keep("sweep", this.world.now() + sweepMs)
  }
}

async function attempt(what: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.error("governor: an alarm failed", { what, error: String(error) })
  }
}

const detailOf = (refusal: Refusal, now: number) => {
  const { budget, left, spent, reserved, asked, resets } = refusal
  return {
    detail: refusalWords(refusal),
    ...(resets === undefined ? {} : { retryAfterSeconds: Math.ceil((resets - now) / 1_000) }),
    more: {
      budget_id: budget.id,
      budget_name: budget.name,
      budget_scope: budget.scope,
      limit_micros: budget.limit_micros,
      spent_micros: spent,
      reserved_micros: reserved,
      left_micros: left,
      asked_micros: asked,
      resets_at: resets === undefined ? null : new Date(resets).toISOString(),
    },
  }
}
