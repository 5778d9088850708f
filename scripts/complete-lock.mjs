// Completes package-lock.json: node scripts/complete-lock.mjs [--check]
// A registry that serves one platform makes npm leave the builds for the others out of the lock file, and `npm ci` then
// refuses it everywhere. The entries added here name version and platform, so that npm skips them where they do not fit.
import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), "package-lock.json")

const systems = {
  android: "android",
  darwin: "darwin",
  macos: "darwin",
  freebsd: "freebsd",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  aix: "aix",
  linux: "linux",
  linuxmusl: "linux",
  win32: "win32",
  windows: "win32",
}
const processors = {
  64: "x64",
  aarch64: "arm64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
  x64: "x64",
}

/** Whether a package at this place finds the dependency, as Node looks for it: in its own folder, then further up. */
function finds(packages, place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (packages[`${at}${at === "" ? "" : "/"}node_modules/${name}`] !== undefined) return true
    if (at === "") return false
  }
}

/** What the name of a platform's build says of it: `@esbuild/darwin-arm64`, `binding-linux-arm-gnueabihf`. */
function platformOf(name) {
  const words = name.slice(name.indexOf("/") + 1).split("-")
  const os = words.map((word) => systems[word]).find(Boolean)
  const cpu = words.map((word) => processors[word]).find(Boolean)
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [os] }) }
}

const lock = JSON.parse(readFileSync(file, "utf8"))
const added = []
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (finds(lock.packages, place, name)) continue
    const platform = platformOf(name)
    if (!/^\d+\.\d+\.\d+/.test(version) || Object.keys(platform).length === 0) {
      throw new Error(
        `${name}@${version}, wanted by ${place}, is not a build for a platform; run npm install.`,
      )
    }
    const top = `node_modules/${name}`
    const home = lock.packages[top] === undefined ? top : `${place}/${top}`
    lock.packages[home] = { version, ...(entry.dev && { dev: true }), optional: true, ...platform }
    added.push(`${name}@${version}`)
  }
}

if (process.argv[2] === "--check") {
  if (added.length > 0) {
    console.error(
      `package-lock.json lacks ${added.length} builds, and npm ci refuses it: node scripts/complete-lock.mjs`,
    )
    process.exit(1)
  }
} else {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`added ${added.length} builds for other platforms`)
}
