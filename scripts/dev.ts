// `npm run dev`: the server of `npm start` with pages from Vite, and a Worker that is rebuilt when its sources change.
import { watch } from "node:fs"
import { createServer } from "vite"
import { buildChanged, workerSources } from "./lib/build.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { at } from "./lib/paths.ts"
import { freePort, host } from "./lib/ports.ts"
import { main } from "./lib/progress.ts"
import { describe, launch, takeState, type Launched } from "./lib/server.ts"
import { readSettings } from "./lib/settings.ts"

const quietMs = 200

/** Rebuilds and reloads once the sources have been quiet for a moment; a Worker that does not build leaves the old one. */
function reloadOnChange(server: Launched): void {
  let timer: NodeJS.Timeout | undefined
  let work = Promise.resolve()
  const reload = async (): Promise<void> => {
    try {
      await buildChanged(["worker"])
      await server.reload()
    } catch (error) {
      console.error(error instanceof Error ? error.message : error)
    }
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      work = work.then(reload)
    }, quietMs)
  }
  for (const source of workerSources) watch(at(source), { recursive: true }, later)
}

async function servePages(api: string, port: number): Promise<string> {
  process.env["EDGECREW_API"] = api
  const vite = await createServer({
    configFile: at("web", "vite.config.ts"),
    server: { host, port, strictPort: true },
  })
  await vite.listen()
  return `http://${host}:${port}`
}

await main(async () => {
  endWithParent(() => 0)
  const settings = readSettings(process.env)
  const folder = takeState(settings)
  console.log("Edgecrew, for development")
  const pages = await freePort(settings.port)
  await buildChanged(["worker"])
  const server = await launch(folder, { ...settings, port: pages + 1 }, { resetPassword: false })
  const address = await servePages(server.address, pages)
  reloadOnChange(server)
  console.log(describe(address, settings, server.prepared))
  console.log(`ready ${address}`)
})
