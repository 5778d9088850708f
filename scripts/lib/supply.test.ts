import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { at } from "./paths.ts"
import { billOfMaterials, lockProblems, ownLockProblems } from "./supply.ts"

const manifest = JSON.parse(readFileSync(at("package.json"), "utf8")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
>

const lock = (entry: object) => ({
  lockfileVersion: 3,
  packages: { "": {}, "node_modules/a": { version: "1.0.0", integrity: "sha512-abc", ...entry } },
})

describe("[A64] the lock file", () => {
  it("knows every package to the byte, and lets none run anything that is not allowed by name", () => {
    expect(ownLockProblems()).toEqual([])
  })

  it.each([
    [{ integrity: undefined }, "has no integrity"],
    [{ integrity: "sha1-abc" }, "too weak"],
    [{ resolved: "https://evil.example/a.tgz" }, "is fetched from"],
    [{ hasInstallScript: true }, "runs a script"],
    [{ link: true }, "is a link"],
    [{ version: "git+ssh://git@example.com/a.git" }, "no version of a registry"],
  ])("with %j is refused", (entry, problem) => {
    expect(lockProblems(lock(entry), new Set())).toEqual([expect.stringContaining(problem)])
  })

  it("may name builds for other platforms without their digest, and scripts that are allowed", () => {
    expect(lockProblems(lock({ integrity: undefined, optional: true, os: ["darwin"] }), new Set())).toEqual(
      [],
    )
    expect(lockProblems(lock({ hasInstallScript: true }), new Set(["a"]))).toEqual([])
  })
})

describe("[A64] the bill of materials", () => {
  it("names what ships with versions, digests and licences, and nothing that only builds it", () => {
    const { bomFormat, components } = billOfMaterials()
    const names = components.map(({ name }) => name)
    const { dependencies, devDependencies } = manifest
    for (const name of Object.keys(dependencies)) expect(names).toContain(name)
    expect(Object.keys(devDependencies).filter((name) => names.includes(name))).toEqual([])
    expect([bomFormat, components.length > 100]).toEqual(["CycloneDX", true])
    for (const { purl, hashes, licenses, scope } of components) {
      if (scope === "optional") continue
      expect([purl, hashes[0]?.content.length, licenses.length]).toEqual([purl, 128, 1])
    }
  })

  it("has no licence in it that asks for more than to be named", () => {
    const free =
      /^\(?(?:MIT|Apache-2\.0|ISC|0BSD|BSD-[23]-Clause|OFL-1\.1|CC0-1\.0|Unlicense|BlueOak-1\.0\.0|Zlib|AFL-2\.1)(?: (?:OR|AND) [\w.-]+)*\)?$/
    const others = billOfMaterials().components.filter(
      ({ licenses }) => !free.test(licenses[0]?.expression ?? ""),
    )
    expect(others.map(({ purl, licenses }) => [purl, licenses[0]?.expression])).toEqual([])
  })
})
