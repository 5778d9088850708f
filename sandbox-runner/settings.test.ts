import { expect, it } from "vitest"
import { readRunnerSettings } from "./settings.ts"

const secret = "s".repeat(32)

it("[RS1] a key alone is enough, and is gone from the environment once it is read", () => {
  const env: Record<string, string | undefined> = {
    SANDBOX_SECRET: secret,
    SANDBOX_METRICS_TOKEN: "m".repeat(32),
    PATH: "/bin",
  }
  expect(readRunnerSettings(env)).toMatchObject({
    host: "127.0.0.1",
    port: 8_790,
    id: "sandbox-runner",
    secrets: [secret],
    profile: "auto",
    strict: false,
    tenant: null,
    sharedKernel: false,
    rootfs: null,
    egressAllow: [],
    dns: [],
    metricsToken: "m".repeat(32),
  })
  expect(env).toEqual({ PATH: "/bin" })
})

it("[RS2] two keys stand for each other while they are changed", () => {
  const old = "o".repeat(40)
  expect(readRunnerSettings({ SANDBOX_SECRET: `${secret}, ${old}` }).secrets).toEqual([secret, old])
  expect(() => readRunnerSettings({ SANDBOX_SECRET: `${secret},${old},${secret}` })).toThrow(/SANDBOX_SECRET/)
})

it.each([
  ["SANDBOX_SECRET", "short"],
  ["SANDBOX_PORT", "65536"],
  ["SANDBOX_PORT", "8790a"],
  ["SANDBOX_PROFILE", "none"],
  ["SANDBOX_STRICT", "yes"],
  ["SANDBOX_SLOTS", "0"],
  ["SANDBOX_SLOTS", "65"],
  ["SANDBOX_POOL", "-1"],
  ["SANDBOX_ROOTFS", "rootfs"],
  ["SANDBOX_STATE", "./state"],
  ["SANDBOX_SHARED_KERNEL", "1"],
  ["SANDBOX_EGRESS_ALLOW", "http://x:80"],
  ["SANDBOX_EGRESS_ALLOW", "no-port"],
  ["SANDBOX_DNS", "dns.example.com"],
  ["SANDBOX_DNS", "1.1.1"],
  ["SANDBOX_METRICS_TOKEN", "short"],
])("[RS3] %s of %s is refused by name, without the value", (name, value) => {
  const read = () => readRunnerSettings({ SANDBOX_SECRET: secret, [name]: value })
  expect(read).toThrow(name)
  expect(read).not.toThrow(value)
})

it("[RS4] name servers are addresses, with a port or without", () => {
  const dns = ["1.1.1.1", "127.0.0.1:5353", "2606:4700::1111", "[::1]:53"]
  expect(readRunnerSettings({ SANDBOX_SECRET: secret, SANDBOX_DNS: dns.join(",") }).dns).toEqual(dns)
})
