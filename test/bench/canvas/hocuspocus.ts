// A hocuspocus server as its guide has it, for the canvas bench, which starts it: nothing of it is kept.
import { Server } from "@hocuspocus/server"
import * as Y from "yjs"
import { endWithParent } from "../../../scripts/lib/lifeline.ts"
import { documentName, nodesName } from "./yjs.ts"

endWithParent(() => 0)
const [port, nodes] = process.argv.slice(2).map(Number)

const server = new Server({
  port: port!,
  address: "127.0.0.1",
  quiet: true,
  onLoadDocument: ({ document, documentName: name }) => {
    if (name !== documentName) return Promise.resolve()
    const map = document.getMap<Y.Map<unknown>>(nodesName)
    document.transact(() => {
      for (let i = 0; i < nodes!; i++) {
        const node = new Y.Map<unknown>()
        node.set("position", { x: (i % 25) * 240, y: Math.floor(i / 25) * 120 })
        node.set("data", { value: "input" })
        map.set(`step_${i}`, node)
      }
    })
    return Promise.resolve()
  },
})
await server.listen()
process.send?.("ready")
