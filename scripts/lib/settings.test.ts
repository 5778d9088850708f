import { describe, expect, it } from "vitest"
import { resolve } from "node:path"
import { root } from "./paths.ts"
import { readSettings } from "./settings.ts"

describe("settings of npm start", () => {
  it("an empty environment gives every default", () => {
    expect(readSettings({ PORT: "", PATH: "/bin" })).toEqual({
      port: 8787,
      state: resolve(root, ".edgecrew"),
      seed: true,
      sandbox: { kind: "own" },
      bindings: {
        QUOTAS: "{}",
        EGRESS_ALLOW: "",
        EXECUTION_LANES: "4",
        JOURNAL_DAYS: "30",
        BUILDER_SECONDS: "120",
        PUBLIC_ORIGIN: "",
      },
    })
  })

  it("given settings are read and handed to the Worker as text", () => {
    const settings = readSettings({
      PORT: "9000",
      EDGECREW_STATE: "/var/lib/edgecrew",
      EDGECREW_SEED: "0",
      EDGECREW_QUOTAS: '{"executions_per_minute": 100}',
      EDGECREW_EGRESS_ALLOW: " 127.0.0.1:11434, [::1]:80 ,models.local:443,",
      EXECUTION_LANES: "per_execution",
    })
    expect(settings).toEqual({
      port: 9000,
      state: "/var/lib/edgecrew",
      seed: false,
      sandbox: { kind: "own" },
      bindings: {
        QUOTAS: '{"executions_per_minute": 100}',
        EGRESS_ALLOW: "127.0.0.1:11434,[::1]:80,models.local:443",
        EXECUTION_LANES: "per_execution",
        JOURNAL_DAYS: "30",
        BUILDER_SECONDS: "120",
        PUBLIC_ORIGIN: "",
      },
    })
  })

  it("the sandbox is our own, somebody else's with its key, or none", () => {
    const secret = "s".repeat(32)
    const url = "http://10.0.0.5:8790/"
    expect(readSettings({ EDGECREW_SANDBOX: "0" }).sandbox).toEqual({ kind: "none" })
    expect(readSettings({ SANDBOX_URL: url, SANDBOX_SECRET: secret }).sandbox).toEqual({
      kind: "given",
      url: "http://10.0.0.5:8790",
      secret,
    })
    expect(() => readSettings({ SANDBOX_URL: url })).toThrow(/SANDBOX_SECRET is not/)
    expect(() => readSettings({ SANDBOX_URL: url, SANDBOX_SECRET: "hush" })).toThrow(/^(?!.*hush)/s)
  })

  it.each([
    ["EDGECREW_SANDBOX", "yes"],
    ["SANDBOX_URL", "ftp://x"],
    ["PORT", "0"],
    ["PORT", "65536"],
    ["PORT", "80a"],
    ["PORT", "1e3"],
    ["EDGECREW_SEED", "yes"],
    ["EDGECREW_QUOTAS", "[1]"],
    ["EDGECREW_QUOTAS", '{"flows": "many"}'],
    ["EDGECREW_QUOTAS", "{"],
    ["EDGECREW_EGRESS_ALLOW", "localhost"],
    ["EDGECREW_EGRESS_ALLOW", "a b:80"],
    ["EDGECREW_EGRESS_ALLOW", "host:0"],
    ["EDGECREW_EGRESS_ALLOW", "host:70000"],
    ["EDGECREW_EGRESS_ALLOW", "http://host:80"],
    ["EDGECREW_JOURNAL_DAYS", "a month"],
    ["EDGECREW_BUILDER_SECONDS", "0"],
    ["EDGECREW_ORIGIN", "edgecrew.example.com"],
    ["EXECUTION_LANES", "0"],
    ["EXECUTION_LANES", "1024"],
    ["EXECUTION_LANES", "four"],
  ])("%s=%s is refused by name, with what is expected", (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(`${name} is ${JSON.stringify(value)}; expected `)
  })

  it("every wrong setting is named at once", () => {
    expect(() => readSettings({ PORT: "x", EDGECREW_SEED: "2" })).toThrow(/PORT[^\n]*\nEDGECREW_SEED/)
  })
})
