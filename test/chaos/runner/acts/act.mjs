// As act.py.
import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"

const given = JSON.parse(readFileSync(0, "utf8"))
const run = randomBytes(6).toString("hex")
const at = Date.now()
console.log(`begun ${run}`)
const answer = await fetch(`${process.env.TARGET}/${given.name}`, {
  method: "POST",
  headers: { "idempotency-key": process.env.EDGECREW_IDEMPOTENCY_KEY, "content-type": "application/json" },
  body: JSON.stringify({ run }),
})
if (!answer.ok) throw new Error(`answered ${answer.status}`)
await answer.text()
console.log(`acted ${run}`)
console.log(JSON.stringify({ n: given.n + 1, run, at }))
