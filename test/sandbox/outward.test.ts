import { afterAll, beforeAll, expect, it } from "vitest"
import { startReceiver, type Receiver } from "../kit/receiver.ts"
import { nameServer } from "./kit/dns.ts"
import { isRoot } from "./kit/host.ts"
import { Runner } from "./kit/runner.ts"

let receiver: Receiver
let names: Awaited<ReturnType<typeof nameServer>>
let runner: Runner
/** A host that is known by its name, as hosts are; an address of the loopback is never asked for through a proxy. */
let to = ""

beforeAll(async () => {
  receiver = await startReceiver()
  names = await nameServer({ "shop.example.test": ["127.0.0.1"] })
  to = receiver.host.replace("127.0.0.1", "shop.example.test")
  runner = await Runner.start({
    settings: {
      SANDBOX_DNS: names.address,
      SANDBOX_EGRESS_ALLOW: to,
      ...(isRoot ? {} : { SANDBOX_PROFILE: "dev" }),
    },
  })
})
afterAll(async () => {
  await runner.stop()
  names.close()
  await receiver.close()
})

const call = (language: string, code: string) =>
  runner.client.run({
    language,
    code: code.replaceAll("HOST", to),
    network: { mode: "allow", allow: [to], inject: [{ to, header: "idempotency-key", value: language }] },
  })

it.each([
  [
    "python",
    `import urllib.request\nprint(urllib.request.urlopen("http://HOST/effects/a/b", b"{}").read().decode())`,
  ],
  [
    "node",
    `console.log(await (await fetch("http://HOST/effects/a/b", { method: "POST", body: "{}" })).text()); export {}`,
  ],
])("[OW1] what a %s program usually calls by finds the proxy", async (language, code) => {
  expect(await call(language, code)).toMatchObject({ stdout: '{"done":"b"}\n', stderr: "", status: "ok" })
  expect(receiver.effects.at(-1)).toMatchObject({ name: "a/b", key: language })
})

it.each([
  [
    "python",
    `import urllib.request, urllib.error\ntry: urllib.request.urlopen("https://HOST/")\nexcept urllib.error.HTTPError as error: print(error.code)`,
  ],
  ["node", `console.log((await fetch("https://HOST/")).status); export {}`],
])(
  "[OW2] and trusts it where a secret is added: %s hears of the host's own fault",
  async (language, code) => {
    // The host speaks no TLS, which the proxy says inside of its own.
    expect(await call(language, code)).toMatchObject({ stdout: "502\n", stderr: "", status: "ok" })
  },
)
