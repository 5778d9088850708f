// The floors of the house (CONTRIBUTING.md): which folder may import which. All errors, from the first commit.
const houses = "core|durable|worker|web|sandbox-runner|test|scripts"
const floor = (house, may) => ({
  name: `floor-${house}`,
  severity: "error",
  from: { path: `^${house}/`, pathNot: "\\.test\\.tsx?$" },
  to: { path: `^(${houses})/`, pathNot: [`^${house}/`, ...may] },
})
/** Rooms of one house, bottom first: each may import only those before it. */
const storeys = (house, rooms) =>
  rooms.map((room, i) => ({
    name: `${house}-${room}`,
    severity: "error",
    from: { path: `^${house}/${room}(/|\\.ts)`, pathNot: "\\.test\\.ts$" },
    to: { path: `^${house}/(${rooms.slice(i + 1).join("|") || "-"})(/|\\.ts)` },
  }))
const strangers = (dir, but = "-") => ({
  name: `strangers-${dir.replaceAll("/", "-")}`,
  severity: "error",
  from: { path: `^${dir}/([^/]+)/` },
  to: { path: `^${dir}/`, pathNot: [`^${dir}/$1/`, `^${dir}/${but}/`] },
})

module.exports = {
  forbidden: [
    floor("core", []),
    floor("durable", ["^core/"]),
    floor("worker", ["^core/", "^durable/"]),
    floor("web", ["^core/"]),
    floor("sandbox-runner", ["^core/(contract/sandbox|address)\\.ts$"]),
    strangers("durable", "kit"),
    strangers("web/features"),
    ...storeys("core", [
      "address",
      "json",
      "ids",
      "errors",
      "json-schema",
      "yaml",
      "money",
      "access",
      "governor",
      "llm",
      "schedule",
      "audit",
      "flow",
      "canvas",
      "memory",
      "tool",
      "execution",
      "trace",
      "privacy",
      "evidence",
      "contract",
    ]),
    ...storeys("worker", [
      "env",
      "egress",
      "stubs",
      "db",
      "context",
      "audit",
      "secrets",
      "llm",
      "services",
      "tools",
      "http",
      "routes",
      "objects",
      "app",
      "index",
    ]),
    ...storeys("web", ["ui", "state", "api", "flow", "credentials", "agent", "shares", "features", "app"]),
    {
      name: "core-is-pure",
      severity: "error",
      comment:
        "core runs anywhere: it may use zod, jsonata, re2js, croner, yaml and the JSON Schema validator, nothing else.",
      from: { path: "^core/", pathNot: "\\.(test|bench)\\.ts$" },
      to: {
        dependencyTypesNot: ["local", "aliased", "aliased-subpath-import"],
        pathNot: "node_modules/(zod|jsonata|re2js|croner|yaml|@cfworker/json-schema)/",
      },
    },
    {
      name: "jotai-has-one-door",
      severity: "error",
      from: { path: "^web/", pathNot: "^web/state/jotai\\.ts$" },
      to: { path: "node_modules/jotai/" },
    },
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { path: "^(core|durable|worker|web|sandbox-runner)/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^test/" },
    },
    {
      name: "every-import-lands",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^cloudflare:" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|migrations)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "workerd", "browser", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json", ".d.ts"],
    },
  },
}
