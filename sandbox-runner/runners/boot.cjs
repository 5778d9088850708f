// Waits inside the sandbox for one program (descriptor 6: JSON {code, files, env}), runs it as the main module and leaves.
"use strict"
const fs = require("node:fs")
const path = require("node:path")
const { Module } = require("node:module")

/** Touched while nobody waits: they are made at their first use. */
void [process.stdout, process.stderr]

function receive() {
  fs.writeSync(7, "ready\n")
  fs.closeSync(7)
  const parts = []
  const part = Buffer.allocUnsafe(1 << 20)
  for (;;) {
    const length = fs.readSync(6, part, 0, part.length, null)
    if (length === 0) break
    parts.push(Buffer.from(part.subarray(0, length)))
  }
  fs.closeSync(6)
  if (parts.length === 0) process.reallyExit(0) // the runner is gone, or wants no program of us
  return JSON.parse(Buffer.concat(parts).toString("utf8"))
}

const message = receive()
for (const file of message.files) {
  const name = path.join("/box/in", file.path)
  fs.mkdirSync(path.dirname(name), { recursive: true })
  fs.writeFileSync(name, Buffer.from(file.content, file.encoding))
}
Object.assign(process.env, message.env)
// Node reads this name as it starts, when the file was not there yet.
const roots = message.env.NODE_EXTRA_CA_CERTS
if (roots !== undefined && fs.existsSync(roots)) {
  const tls = require("node:tls")
  const more = fs
    .readFileSync(roots, "utf8")
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), ...(more ?? [])])
}
// Node tells an ES module from a script by its syntax. Helper modules are found from /box upwards.
fs.symlinkSync("/run/sbx/lib/node", "/box/node_modules")
fs.writeFileSync("/box/main.js", message.code)
process.argv.splice(1, process.argv.length, "/box/main.js")
// From a stack of its own: no line of ours is in the program's errors.
process.nextTick(Module.runMain, "/box/main.js")
