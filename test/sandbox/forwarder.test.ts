import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { connect, createServer } from "node:net"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { at } from "../../scripts/lib/paths.ts"
import { gateway, later, listen, origin, say } from "./kit/egress.ts"

it("[EP13] the forwarder carries what programs say, by the proxy settings they usually read", async () => {
  const host = await origin("api.shop", false)
  const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
  const open = await way([host.at], [{ to: host.at, header: "authorization", value: "Bearer s3cret" }])
  const probe = createServer()
  const port = await listen(probe)
  probe.close()
  const forwarder = spawn(
    "/usr/bin/python3",
    ["-I", "-S", at("sandbox-runner", "runners", "forwarder.py"), open.socketPath, String(port)],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  later(() => forwarder.kill("SIGKILL"))
  await once(forwarder.stdout, "data")
  const env = Object.fromEntries(
    Object.entries(open.env).map(([name, value]) => [name, value.replace(":3128", `:${port}`)]),
  )
  const script = `fetch("http://${host.at}/by-node").then((r) => r.text()).then((t) => process.stdout.write(t))`
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
    env: { ...env, NODE_EXTRA_CA_CERTS: "" },
  })
  expect(stdout).toBe("hello from api.shop")
  expect(host.seen.at(-1)).toMatchObject({ url: "/by-node", headers: { authorization: "Bearer s3cret" } })
  const large = await Promise.all(
    [1, 2, 3, 4].map(() =>
      promisify(execFile)(
        process.execPath,
        [
          "-e",
          `fetch("http://${host.at}/large").then((r) => r.arrayBuffer()).then((b) => console.log(b.byteLength))`,
        ],
        { env: { ...env, NODE_EXTRA_CA_CERTS: "" } },
      ),
    ),
  )
  expect(large.map(({ stdout: text }) => text.trim())).toEqual(Array.from({ length: 4 }, () => "5000000"))
  // A program that knows no proxy reaches nothing but the forwarder itself.
  const bare = connect(port, "127.0.0.1")
  expect(await say(bare, "GET / HTTP/1.1\r\nhost: x\r\n\r\n")).toMatch(/^HTTP\/1.1 407 /)
}, 30_000)
