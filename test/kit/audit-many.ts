import { createHmac, createPrivateKey, generateKeyPairSync, hash, sign } from "node:crypto"
import { closeSync, openSync, writeSync } from "node:fs"

// A large log, written by the platform's own functions: those of `core` would take longer to write it than the verifier to read it.

const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })
const privateKey = createPrivateKey({ key: jwk, format: "jwk" })
const tenant = "tenant_01JD0000000000000000000000"
const origin = `edgecrew/audit/${tenant}`
const keyBytes = Buffer.concat([Buffer.of(1), Buffer.from(String(jwk.x), "base64url")])
const keyId = hash("sha256", Buffer.concat([Buffer.from(`${origin}\n`), keyBytes]), "buffer").subarray(0, 4)

/** As tools for signed notes take it. */
export const manyKey = `${origin}+${keyId.toString("hex")}+${keyBytes.toString("base64")}`

const padded = (n: number): string => String(n).padStart(26, "0")
const timeAt = (seq: number): string => new Date(1_795_000_000_000 + seq * 977).toISOString()

function above(left: Buffer, right: Buffer): Buffer {
  return hash("sha256", Buffer.concat([Buffer.of(1), left, right]), "buffer")
}

/** Writes an export with so many entries and a checkpoint behind every thousand. Members stand in their order already. */
export function writeMany(path: string, size: number): void {
  const file = openSync(path, "w")
  const stack: { leaves: number; hash: Buffer }[] = []
  const note = (seq: number): string => {
    const hashes = stack.map((one) => one.hash)
    const root = hashes.reduceRight((right, left) => above(left, right))
    const text = `${origin}\n${seq}\n${root.toString("base64")}\ntime ${timeAt(seq)}\n`
    const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)])
    return JSON.stringify(`${text}\n— ${origin} ${signature.toString("base64")}\n`)
  }
  let text = `{"header":{"exported_at":"${timeAt(0)}","format":"edgecrew-audit/1","tenant":"${tenant}","verifier_key":"${manyKey}"}}\n`
  let prev = "0".repeat(64)
  for (let seq = 1; seq <= size; seq++) {
    const id = `audit_${padded(seq)}`
    const detail = `{"after":{"name":"Flow ${seq}","nodes":${seq % 9},"version":${seq}},"before":{"name":"Flow","nodes":3,"version":${seq - 1}},"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"}`
    const key = Buffer.alloc(32, seq & 255)
    const commitment = createHmac("sha256", key).update(`{"detail":${detail},"id":"${id}"}`).digest("hex")
    const entry = `{"action":"flow.update","actor":"user_${padded(seq % 13)}","at":"${timeAt(seq)}","commitment":"${commitment}","id":"${id}","prev":"${prev}","request_id":"req_${padded(seq)}","seq":${seq},"target":"flow_${padded(seq % 101)}","tenant":"${tenant}","v":1}`
    prev = hash("sha256", entry)
    text += `{"detail":${detail},"detail_key":"${key.toString("hex")}","entry":${entry},"hash":"${prev}"}\n`
    let top: { leaves: number; hash: Buffer } = {
      leaves: 1,
      hash: hash("sha256", Buffer.concat([Buffer.of(0), Buffer.from(prev, "hex")]), "buffer"),
    }
    for (let left = stack.at(-1); left?.leaves === top.leaves; left = stack.at(-1)) {
      stack.pop()
      top = { leaves: 2 * top.leaves, hash: above(left.hash, top.hash) }
    }
    stack.push(top)
    if (seq % 1_000 === 0) {
      text += `{"checkpoint":${note(seq)}}\n`
      writeSync(file, text)
      text = ""
    }
  }
  writeSync(file, `${text}{"end":{"checkpoint":${note(size)},"size":${size}}}\n`)
  closeSync(file)
}
