export type Migration = { id: string; sql: string }

/**
 * Applies what is new of an append-only list, in order. Throws when history was edited, since an object that was migrated by
 * the old text would differ from one that was migrated by the new.
 */
export function migrate(sql: SqlStorage, migrations: readonly Migration[]): void {
  sql.exec(
    "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID",
  )
  const applied = sql.exec<{ id: string }>("SELECT id FROM migrations ORDER BY place").toArray()
  applied.forEach(({ id }, place) => {
    if (migrations[place]?.id !== id)
      throw new Error(`migration ${id} was applied here, but is not number ${place} of the list`)
  })
  for (const [place, { id, sql: text }] of [...migrations.entries()].slice(applied.length)) {
    sql.exec(text)
    sql.exec("INSERT INTO migrations (id, place) VALUES (?, ?)", id, place)
  }
}

/** Empties an object's storage, as if it had never been written to. */
export async function empty(storage: DurableObjectStorage, store: { forget(): void }): Promise<void> {
  await storage.deleteAlarm()
  await storage.deleteAll()
  store.forget()
}

/** Whether this object has ever been written to; reading an unknown id must not leave a database behind. */
export const isMigrated = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").toArray().length > 0
