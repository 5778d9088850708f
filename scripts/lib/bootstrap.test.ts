import { execFile } from "node:child_process"
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterEach, beforeEach, expect, it } from "vitest"
import { at } from "./paths.ts"

/** A clone that has nothing installed, and an npm that writes down when it is at work and brings a Node. */
let root = ""
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "edgecrew-clone-"))
  mkdirSync(join(root, "scripts"))
  mkdirSync(join(root, "tools"))
  copyFileSync(at("scripts", "bootstrap.mjs"), join(root, "scripts", "bootstrap.mjs"))
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {} } }))
  writeFileSync(join(root, "scripts", "start.ts"), `console.log("started")`)
  writeFileSync(
    npm(),
    `const { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs")
     const log = (word) => appendFileSync(${JSON.stringify(log())}, word + "\\n")
     log("begins")
     rmSync("node_modules", { recursive: true, force: true })
     setTimeout(() => {
       mkdirSync("node_modules/.bin", { recursive: true })
       symlinkSync(process.execPath, "node_modules/.bin/node")
       writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: {} }))
       log("ends")
     }, 800)`,
  )
  chmodSync(npm(), 0o755)
})
afterEach(() => rmSync(root, { recursive: true }))

const npm = () => join(root, "tools", "npm.js")
const log = () => join(root, "tools", "log")
const start = async () =>
  (
    await promisify(execFile)(process.execPath, [join(root, "scripts", "bootstrap.mjs"), "start"], {
      env: { ...process.env, npm_execpath: npm() },
    })
  ).stdout

it("installs once for all who start in one folder, and tells those who wait", async () => {
  const said = await Promise.all([start(), start(), start()])
  expect(readFileSync(log(), "utf8")).toBe("begins\nends\n")
  expect(said.map((one) => one.trimEnd().split("\n").at(-1))).toEqual(["started", "started", "started"])
  expect(said.filter((one) => one.includes("waiting for another start"))).toHaveLength(2)
})

it("does not wait for an install that was killed", async () => {
  mkdirSync(join(root, "dist"))
  // No process has this number: it is above what Linux gives out.
  writeFileSync(join(root, "dist", "install.pid"), "99999999")
  expect(await start()).toContain("started")
})
