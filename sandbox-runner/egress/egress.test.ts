import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { statSync } from "node:fs"
import { createServer } from "node:net"
import { describe, expect, it, vi } from "vitest"
import type { Zone } from "../../test/sandbox/kit/dns.ts"
import {
  authorization,
  gateway,
  get,
  hostsToRefuse,
  listen,
  origin,
  say,
  secured,
  socketFolder,
  theirs,
  tunnel,
} from "../../test/sandbox/kit/egress.ts"
import { Authority } from "./authority.ts"
import { dial } from "./dial.ts"
import { absoluteTarget, connectTarget } from "./target.ts"

// Real sockets and many of them: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

describe("the proxy of a run", () => {
  it("[EP1] carries a tunnel to a host on the list, and to no other", async () => {
    const host = await origin("api.shop", false)
    const { way, log } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at])
    const { status, socket } = await tunnel(open, host.at)
    expect(status).toBe(200)
    expect(await say(socket, `GET /x HTTP/1.1\r\nhost: ${host.at}\r\nconnection: close\r\n\r\n`)).toMatch(
      /hello from api.shop$/,
    )
    const others = [
      "api.shop:1",
      `evil.shop:${host.port}`,
      `api.shop.evil:${host.port}`,
      `x.api.shop:${host.port}`,
      `127.0.0.1:${host.port}`,
    ]
    for (const other of others)
      expect(await tunnel(open, other)).toMatchObject({ status: 403, why: "not_allowed" })
    expect(host.seen).toHaveLength(1)
    await expect
      .poll(() => log.map((line) => (JSON.parse(line) as { verdict: string }).verdict))
      .toContain("allowed")
    expect(log.filter((line) => line.includes("not_allowed"))).toHaveLength(others.length)
  })

  it("[EP2] carries absolute requests, adds the secret, and lets nobody turn it elsewhere", async () => {
    const host = await origin("api.shop", false)
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at], [{ to: host.at, header: "authorization", value: "Bearer s3cret" }])
    const answer = await get(
      open,
      `http://${host.at}/v1?q=1`,
      { host: "evil.shop", authorization: "Bearer mine", connection: "x-drop", "x-drop": "1", "x-keep": "2" },
      "body",
    )
    expect(answer).toMatchObject({ status: 200, text: "hello from api.shop" })
    expect(host.seen[0]).toMatchObject({ url: "/v1?q=1", body: "body" })
    expect(host.seen[0]?.headers).toMatchObject({
      host: host.at,
      authorization: "Bearer s3cret",
      "x-keep": "2",
    })
    for (const gone of ["proxy-authorization", "x-drop"])
      expect(host.seen[0]?.headers).not.toHaveProperty(gone)
    expect((await get(open, `http://${host.at}/away`)).headers["location"]).toBe(
      "http://169.254.169.254/latest",
    )
    expect(await get(open, "http://169.254.169.254/latest")).toMatchObject({
      status: 403,
      why: "not_allowed",
    })
  })

  it("[EP3] speaks TLS in the place of a host that it has a secret for, as that host and no other", async () => {
    const host = await origin("api.shop", true)
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at], [{ to: host.at, header: "x-api-key", value: "s3cret" }])
    const roots = open.files[0]?.content ?? ""
    expect(open.files[0]?.path).toBe(".egress/roots.pem")
    expect(open.env["SSL_CERT_FILE"]).toBe("/box/in/.egress/roots.pem")
    const socket = await secured(open, "api.shop", host.port, roots)
    expect(socket.getPeerCertificate().subject.CN).toBe("api.shop")
    const said = await say(
      socket,
      "GET /v1 HTTP/1.1\r\nhost: evil.shop\r\nx-api-key: mine\r\nconnection: close\r\n\r\n",
    )
    expect(said).toMatch(/^HTTP\/1.1 200 /)
    expect(said).toContain("hello from api.shop")
    expect(host.seen).toMatchObject([{ url: "/v1", headers: { host: host.at, "x-api-key": "s3cret" } }])
    expect(said).not.toContain("s3cret")
  })

  it("[EP4] leaves TLS to the program where there is no secret, and gives it no authority of ours", async () => {
    const host = await origin("api.shop", true)
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at])
    const socket = await secured(open, "api.shop", host.port, theirs.certificate)
    expect(socket.getPeerCertificate().issuer.CN).toBe(
      new X509Certificate(theirs.certificate).subject.replace("CN=", ""),
    )
    expect(await say(socket, "GET /v1 HTTP/1.1\r\nhost: api.shop\r\nconnection: close\r\n\r\n")).toContain(
      "hello from api.shop",
    )
    expect(open.files[0]?.content.split("BEGIN CERTIFICATE").length).toBe(
      (await way([host.at], [{ to: host.at, header: "x", value: "y" }])).files[0]!.content.split(
        "BEGIN CERTIFICATE",
      ).length - 1,
    )
  })

  it("[EP5] does not send a secret to a host that cannot prove its name", async () => {
    const host = await origin("api.shop", true)
    const { way } = await gateway(
      { "api.shop": ["127.0.0.1"] },
      { allow: [host.at], roots: new Authority().certificate },
    )
    const open = await way([host.at], [{ to: host.at, header: "x-api-key", value: "s3cret" }])
    const socket = await secured(open, "api.shop", host.port, open.files[0]?.content ?? "")
    expect(await say(socket, "GET /v1 HTTP/1.1\r\nhost: api.shop\r\nconnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1.1 502 /,
    )
    expect(host.seen).toHaveLength(0)
  })

  it("[EP6] wants the credentials it gave to the program, whoever finds its socket", async () => {
    const host = await origin("api.shop", false)
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at])
    const other = await way([host.at])
    for (const auth of ["", "Basic", "Basic eDp5", authorization(other), `Bearer ${open.credentials}`])
      expect(await tunnel(open, host.at, auth)).toMatchObject({ status: 407, why: "unauthorised" })
    expect(await get({ ...open, credentials: "x" }, `http://${host.at}/`)).toMatchObject({ status: 407 })
    expect(host.seen).toHaveLength(0)
    expect(statSync(socketFolder()).mode & 0o077).toBe(0o011)
  })

  it("[EP7] ends with its run", async () => {
    const host = await origin("api.shop", false)
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at] })
    const open = await way([host.at])
    const { socket } = await tunnel(open, host.at)
    await open.close()
    await once(socket, "close")
    await expect(tunnel(open, host.at)).rejects.toThrow(/ENOENT|ECONNREFUSED/)
  })

  it("[EP8] cuts off a run that moves more than it may", async () => {
    const host = await origin("api.shop", false)
    const { way, log } = await gateway(
      { "api.shop": ["127.0.0.1"] },
      { allow: [host.at], maxBytes: 1_000_000 },
    )
    const open = await way([host.at])
    let got = 0
    for (let i = 0; i < 10 && !log.some((line) => line.includes("too_much")); i++)
      got += (await get(open, `http://${host.at}/large`).catch(() => ({ text: "" }))).text.length
    expect(got).toBeLessThan(20_000_000)
    expect(await tunnel(open, host.at)).toMatchObject({ status: 403, why: "too_much" })
  })

  it("[EP14] turns away a program that opens connections in a loop, until the next second", async () => {
    const host = await origin("api.shop", false)
    let now = 5_000
    const { way } = await gateway({ "api.shop": ["127.0.0.1"] }, { allow: [host.at], now: () => now })
    const open = await way([host.at])
    const ask = () =>
      get(open, `http://${host.at}/`).then(
        ({ status }) => status,
        () => "turned away",
      )
    for (let i = 0; i < 100; i++) expect(await ask()).toBe(200)
    expect(await ask()).toBe("turned away")
    now += 1_000
    expect(await ask()).toBe(200)
  })

  it("[EP9] reads targets strictly", () => {
    expect(connectTarget("API.Shop:443")).toEqual({ host: "api.shop", port: 443 })
    for (const bad of [
      "api.shop",
      "api.shop:",
      "api.shop:0",
      "api.shop:65536",
      "a b:1",
      "[::1]:80",
      "x@y:80",
      "http://x:1",
      "-x:1",
      "x:1:2",
      "",
      "ü:1",
    ])
      expect([bad, connectTarget(bad)]).toEqual([bad, undefined])
    expect(absoluteTarget("http://api.shop/a?b#c")).toBeUndefined()
    expect(absoluteTarget("http://api.shop?x=1")).toEqual({ host: "api.shop", port: 80, path: "/?x=1" })
    for (const bad of [
      "/",
      "https://x/",
      "http://u:p@x/",
      "http://x\\@y/",
      "http://[::1]/",
      "ftp://x/",
      "http:///x",
      "http://x:80:80/",
    ])
      expect([bad, absoluteTarget(bad)]).toEqual([bad, undefined])
  })
})

describe("addresses that are not public", () => {
  it("[EP10] are not reached by any spelling, even where the list names them", async () => {
    let packets = 0
    const canary = createServer((socket) => {
      packets++
      socket.destroy()
    })
    const port = await listen(canary)
    const { way } = await gateway({})
    const hosts = hostsToRefuse()
    expect(hosts.length).toBeGreaterThan(90)
    for (const host of hosts) {
      const open = await way([`${host}:${port}`, `${host}:80`])
      const { status, why } = await tunnel(open, `${host}:${port}`).catch(() => ({
        status: 400,
        why: "malformed",
      }))
      expect([host, status >= 400, why]).toEqual([
        host,
        true,
        expect.stringMatching(/malformed|private_address|no_address|not_allowed/),
      ])
      const answer = await get(open, `http://${host}:${port}/`).catch(() => ({ status: 400 }))
      expect([host, answer.status]).not.toEqual([host, 200])
    }
    expect(packets).toBe(0)
  })

  it("[EP11] spoil a name that leads to them beside public ones", async () => {
    const { way } = await gateway({
      "mixed.shop": ["93.184.216.34", "127.0.0.1"],
      "mixed6.shop": ["93.184.216.34", "fd00:ec2::254"],
      "mapped.shop": ["::ffff:7f00:1"],
      "nat64.shop": ["64:ff9b::7f00:1"],
      "meta.shop": ["169.254.169.254"],
      "empty.shop": [],
    })
    for (const [host, why] of Object.entries({
      "mixed.shop": "private_address",
      "mixed6.shop": "private_address",
      "mapped.shop": "private_address",
      "nat64.shop": "private_address",
      "meta.shop": "private_address",
      "empty.shop": "no_address",
      "unknown.shop": "no_address",
    }))
      expect([host, (await tunnel(await way([`${host}:443`]), `${host}:443`)).why]).toEqual([host, why])
  })

  it("[EP12] are not reached by a name that changes its mind: what was checked is what is dialled", async () => {
    const dialled: string[][] = []
    const zone: Zone = { "turn.shop": (asked) => (asked === 1 ? ["93.184.216.34"] : ["127.0.0.1"]) }
    const { way, dns } = await gateway(zone, {
      dial: (addresses, port) => {
        dialled.push([...addresses])
        return dial([], port)
      },
    })
    const open = await way(["turn.shop:443"])
    expect(await tunnel(open, "turn.shop:443")).toMatchObject({ status: 502, why: "no_connection" })
    expect(await tunnel(open, "turn.shop:443")).toMatchObject({ status: 403, why: "private_address" })
    expect(dialled).toEqual([["93.184.216.34"]])
    expect(dns.asked).toEqual(["turn.shop", "turn.shop"])
  })
})
