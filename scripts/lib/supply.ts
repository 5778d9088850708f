import { readFileSync } from "node:fs"
import * as z from "zod"
import { at } from "./paths.ts"

const Entry = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  link: z.boolean().optional(),
})
const LockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), Entry) })
const Manifest = z.looseObject({ allowScripts: z.record(z.string(), z.boolean()) })

const nameOf = (place: string): string => place.slice(place.lastIndexOf("node_modules/") + 13)

/**
 * What is wrong with a lock file: whatever is installed is known to the byte, comes from nowhere but the registry that npm is told
 * of, and runs nothing while it is installed but what is allowed by name. Builds for other platforms, which nobody here installs,
 * are named without their digest (see complete-lock.mjs).
 */
export function lockProblems(lock: unknown, allowed: ReadonlySet<string>): string[] {
  const { packages } = LockFile.parse(lock)
  return Object.entries(packages).flatMap(([place, entry]) => {
    if (place === "") return []
    const isElsewhere = entry.optional === true && (entry.os !== undefined || entry.cpu !== undefined)
    const problems = [
      ...(entry.integrity === undefined && !isElsewhere ? ["has no integrity"] : []),
      ...(entry.integrity !== undefined && !entry.integrity.startsWith("sha512-")
        ? [`has the digest ${entry.integrity.split("-", 1)[0] ?? ""}, which is too weak`]
        : []),
      ...(entry.resolved === undefined ? [] : [`is fetched from ${entry.resolved}`]),
      ...(entry.link === true ? ["is a link to a folder"] : []),
      ...(entry.version === undefined || /[:/]/.test(entry.version) ? ["has no version of a registry"] : []),
      ...(entry.hasInstallScript === true && !allowed.has(nameOf(place))
        ? ["runs a script while it is installed"]
        : []),
    ]
    return problems.map((problem) => `${place} ${problem}`)
  })
}

/** The problems of our own lock file. */
export function ownLockProblems(): string[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(at(name), "utf8"))
  const { allowScripts } = Manifest.parse(read("package.json"))
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name] === true)
  return lockProblems(read("package-lock.json"), new Set(allowed))
}

/** A package of CycloneDX 1.5, see https://cyclonedx.org/docs/1.5/json/. */
interface Component {
  type: "library"
  name: string
  version: string
  purl: string
  scope: "required" | "optional"
  hashes: { alg: "SHA-512"; content: string }[]
  licenses: { expression: string }[]
}
interface Bill {
  bomFormat: "CycloneDX"
  specVersion: "1.5"
  version: 1
  metadata: { component: { type: "application"; name: string; version: string } }
  components: Component[]
}

/**
 * What ships, read from the lock file: every package that is there for the product and not only for those who build it. `npm sbom`
 * is not asked: it leaves out whatever a tool depends on as well, such as react and zod (npm 11.19), and refuses a folder in which a
 * peer asks for "latest".
 */
export function billOfMaterials(): Bill {
  const read = (name: string): unknown => JSON.parse(readFileSync(at(name), "utf8"))
  const { name, version } = z
    .looseObject({ name: z.string(), version: z.string() })
    .parse(read("package.json"))
  const { packages } = LockFile.parse(read("package-lock.json"))
  const shipped = Object.entries(packages).filter(
    ([place, one]) => place !== "" && one["dev"] !== true && one["devOptional"] !== true,
  )
  const components = shipped.map(([place, one]) => componentOf(nameOf(place), one))
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", name, version } },
    components: [...new Map(components.map((one) => [one.purl, one])).values()],
  }
}

function componentOf(name: string, entry: z.infer<typeof Entry>): Component {
  const { version = "", integrity = "", optional, license } = entry
  return {
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    scope: optional === true ? "optional" : "required",
    hashes:
      integrity === ""
        ? []
        : [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }],
    licenses: typeof license === "string" ? [{ expression: license }] : [],
  }
}
