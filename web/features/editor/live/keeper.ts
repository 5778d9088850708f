import type { Kept } from "#core/canvas/client"

/** What this window is called, and what it has not got rid of yet. */
export type Keeper = {
  /** The window's name, by which the server knows its edits. */
  client: string
  kept: Kept
  /** Writes down what is not acknowledged. Never throws: where nothing can be kept, the page still works. */
  save(kept: Kept): void
  /** The window is left: another may take it over. */
  leave(): void
}

type Row = { client: string; flow: string; kept: Kept }

const table = "windows"
const lockOf = (client: string): string => `edgecrew.canvas.${client}`

/**
 * Keeps a window's edits in IndexedDB until the server has them. One that was closed with edits left is taken over by the next
 * that opens the same flow for the same person; a lock tells whether it is still open in another tab.
 */
export async function keeperOf(flow: string): Promise<Keeper> {
  const db = await opened().catch(() => undefined)
  const left = db ? await rowsOf(db, flow).catch(() => []) : []
  for (const row of left) {
    const release = await hold(row.client)
    if (release) return keeper(db, row, release)
  }
  const client = newClient()
  const release = await hold(client)
  return keeper(db, { client, flow, kept: { counter: 0, pending: [] } }, release)
}

function newClient(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `win_${[...bytes].map((one) => one.toString(16).padStart(2, "0")).join("")}`
}

function keeper(db: IDBDatabase | undefined, row: Row, release: (() => void) | undefined): Keeper {
  let wanted: Kept | undefined
  let isWriting = false
  const write = async (): Promise<void> => {
    if (isWriting) return
    isWriting = true
    for (let kept = wanted; kept; kept = wanted) {
      wanted = undefined
      await put(db, { ...row, kept })
    }
    isWriting = false
  }
  return {
    client: row.client,
    kept: row.kept,
    save: (kept) => {
      wanted = kept
      void write()
    },
    leave: () => void write().then(() => release?.()),
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("edgecrew.canvas", 1)
    request.addEventListener("upgradeneeded", () => {
      const store = request.result.createObjectStore(table, { keyPath: "client" })
      store.createIndex("flow", "flow")
    })
    request.addEventListener("success", () => resolve(request.result))
    request.addEventListener("error", () => reject(request.error ?? new Error("there is no IndexedDB")))
  })
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result))
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB has refused")))
  })

const rowsOf = (db: IDBDatabase, flow: string): Promise<Row[]> =>
  asked<Row[]>(db.transaction(table).objectStore(table).index("flow").getAll(flow))

/** A window without edits needs no row: nothing hangs on its name. */
async function put(db: IDBDatabase | undefined, row: Row): Promise<void> {
  try {
    const store = db?.transaction(table, "readwrite").objectStore(table)
    if (!store) return
    if (row.kept.pending.length > 0) await asked(store.put(row))
    else await asked(store.delete(row.client))
  } catch (error) {
    console.warn("canvas: edits could not be kept in this browser", error)
  }
}

/** Takes a window's name for this tab; undefined when another tab has it. Answers how to give it back. */
function hold(client: string): Promise<(() => void) | undefined> {
  // Only a secure page has locks. Without them nobody can tell which windows are open, and none is taken over.
  if (!("locks" in navigator)) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    navigator.locks
      .request(lockOf(client), { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined)
        return new Promise<void>((release) => resolve(release))
      })
      .catch(() => resolve(undefined))
  })
}
