import { describe, expect, it, vi } from "vitest"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { checkUrl } from "./check.ts"
import { guardedFetch, type EgressPolicy } from "./guard.ts"
import { EgressRefused } from "./refused.ts"
import { slots } from "./slots.ts"

type Sent = { url: string; method: string; headers: Record<string, string>; body: unknown; redirect: unknown }

/** A network that records what is sent and answers from a script. */
function network(
  answer: (url: string, hop: number) => Response | Promise<Response> = () => new Response("ok"),
) {
  const sent: Sent[] = []
  const spy = vi.fn(async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = String(input instanceof Request ? input.url : input)
    sent.push({
      url,
      method: init.method ?? "GET",
      headers: Object.fromEntries(new Headers(init.headers)),
      body: init.body,
      redirect: init.redirect,
    })
    init.signal?.throwIfAborted()
    return answer(url, sent.length - 1)
  })
  const open = (policy: EgressPolicy = {}) => guardedFetch({ fetch: spy, ...policy })
  return { sent, spy, open }
}

const redirect = (to: string, status = 302) => new Response(null, { status, headers: { location: to } })
const reasonOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(
    () => "no error",
    (one: unknown) => one,
  )
  return error instanceof EgressRefused ? error.reason : String(error)
}

describe("addresses that must never be called", () => {
  it("are at least 120", () => {
    expect(new Set(Object.values(ssrfUrls).flat()).size).toBeGreaterThanOrEqual(120)
  })

  for (const [group, urls] of Object.entries(ssrfUrls)) {
    it(`refuses ${group} before a packet is sent`, async () => {
      const { spy, open } = network()
      const guarded = open()
      for (const url of urls)
        expect([
          url,
          await guarded(url).then(
            () => "sent",
            (error: unknown) => error,
          ),
        ]).toEqual([url, expect.any(EgressRefused)])
      expect(spy).not.toHaveBeenCalled()
    })

    it(`refuses ${group} as the target of a redirect`, async () => {
      // Once parsed, the backslash trick is a plain path of example.com: a redirect to it goes there and nowhere else.
      for (const url of urls.filter((one) => URL.canParse(one) && !one.includes("com\\@"))) {
        const { sent, open } = network((_, hop) =>
          hop === 0 ? redirect(new URL(url).href, 307) : new Response("reached"),
        )
        const outcome = await open()("http://example.org/start").then(
          (response) => response.status,
          (error: unknown) => error,
        )
        expect([url, outcome]).toEqual([url, expect.any(EgressRefused)])
        expect(sent.map((one) => one.url)).toEqual(["http://example.org/start"])
      }
    })
  }

  it("lets public addresses and names through", async () => {
    const { sent, open } = network()
    const fine = [
      "https://api.example.org/v1",
      "http://8.8.8.8/",
      "https://[2606:4700::1111]/",
      "https://example.org:8443/x?y=z",
      "https://xn--bcher-kva.example.org/",
      "https://example.org./",
    ]
    for (const url of fine) await (await open()(url)).text()
    expect(sent.map((one) => one.url)).toEqual(fine.map((url) => new URL(url).href))
    expect(sent.every((one) => one.redirect === "manual")).toBe(true)
  })

  it("refuses the installation's own names and hosts outside of a list", () => {
    expect(() => checkUrl("https://crew.example.org/api", { ownZones: ["example.org"] })).toThrow(
      /this installation/,
    )
    expect(() => checkUrl("https://evil.net/", { hosts: ["api.example.org"] })).toThrow(
      /not among the allowed/,
    )
    expect(() => checkUrl("https://notexample.org/", { hosts: ["*.example.org"] })).toThrow(
      /not among the allowed/,
    )
    expect(checkUrl("https://a.example.org/", { hosts: ["*.example.org"] }).url.hostname).toBe(
      "a.example.org",
    )
  })

  it("says host and reason, never path or query", () => {
    expect(() => checkUrl("http://10.0.0.1/secret-path?key=sk-123")).toThrow(
      "10.0.0.1 may not be called: not a public address.",
    )
  })
})

describe("a developer's own servers", () => {
  const allow = ["127.0.0.1:8950", "localhost:80"]

  it("are let through only exactly as named", async () => {
    const { sent, open } = network()
    await (await open({ allow })("http://127.0.0.1:8950/v1")).text()
    await (await open({ allow })("http://localhost/")).text()
    expect(sent).toHaveLength(2)
    for (const other of [
      "http://127.0.0.1:8951/",
      "http://127.0.0.2:8950/",
      "http://127.0.0.10:8950/",
      "http://127.0.0.1:895/",
      "http://127.0.0.1:80/",
      "http://127.0.0.1.example.org:8950/",
      "http://2130706434:8950/",
      "http://evil-localhost/",
      "http://xlocalhost/",
      "http://localhost:8950/",
      "https://localhost/",
      "http://u:p@127.0.0.1:8950/",
      "ftp://127.0.0.1:8950/",
    ]) {
      expect([
        other,
        await open({ allow })(other).then(
          () => "sent",
          (error: unknown) => error,
        ),
      ]).toEqual([other, expect.any(EgressRefused)])
    }
    expect(sent).toHaveLength(2)
  })

  it("cannot be entered by a redirect from outside", async () => {
    const { sent, open } = network(() => redirect("http://127.0.0.1:8950/"))
    expect(await reasonOf(open({ allow })("http://example.org/"))).toBe("port")
    expect(sent).toHaveLength(1)
  })
})

describe("redirects", () => {
  it("are followed three times at most", async () => {
    const { sent, open } = network((_, hop) =>
      hop < 3 ? redirect(`https://example.org/${hop}`) : new Response("end"),
    )
    expect(await (await open()("https://example.org/")).text()).toBe("end")
    expect(sent).toHaveLength(4)
    const chain = network((_, hop) => redirect(`https://example.org/${hop}`))
    expect(await reasonOf(chain.open()("https://example.org/"))).toBe("redirect")
    expect(chain.sent).toHaveLength(4)
  })

  it("do not leave https", async () => {
    const { open } = network(() => redirect("http://example.org/"))
    expect(await reasonOf(open()("https://example.org/"))).toBe("redirect")
  })

  it("lose every credential on the way to another origin and keep them at the same one", async () => {
    const headers = {
      authorization: "Bearer sk-1",
      "x-api-key": "k",
      cookie: "c=1",
      "api-key": "k",
      accept: "text/event-stream",
    }
    const away = network((_, hop) =>
      hop === 0 ? redirect("https://other.example.net/") : new Response("ok"),
    )
    await away.open()("https://example.org/", { headers })
    expect(away.sent[1]?.headers).toEqual({ accept: "text/event-stream" })
    const home = network((_, hop) => (hop === 0 ? redirect("/next") : new Response("ok")))
    await home.open()("https://example.org/", { headers })
    expect(home.sent[1]?.headers).toEqual(headers)
  })

  it("[301 302 303] turn a POST into a GET without its body; [307 308] send it again, but to the same origin only", async () => {
    for (const status of [301, 302, 303]) {
      const { sent, open } = network((_, hop) => (hop === 0 ? redirect("/next", status) : new Response("ok")))
      await open()("https://example.org/", {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      })
      expect(sent[1]).toMatchObject({ method: "GET", body: null, headers: {} })
    }
    for (const status of [307, 308]) {
      const { sent, open } = network((_, hop) => (hop === 0 ? redirect("/next", status) : new Response("ok")))
      await open()("https://example.org/", { method: "POST", body: "{}" })
      expect(sent[1]).toMatchObject({ method: "POST", body: "{}" })
      const away = network(() => redirect("https://other.example.net/", status))
      expect(await reasonOf(away.open()("https://example.org/", { method: "POST", body: "{}" }))).toBe(
        "redirect",
      )
      expect(away.sent).toHaveLength(1)
    }
  })
})

describe("resolution", () => {
  const policy = (addresses: string[]): EgressPolicy => ({ resolve: async () => addresses })

  it("refuses a name when any of its addresses is not public", async () => {
    for (const addresses of [
      ["10.0.0.1"],
      ["93.184.216.34", "127.0.0.1"],
      ["2606:2800:220:1::1", "::1"],
      ["::ffff:169.254.169.254"],
      ["64:ff9b::a9fe:a9fe"],
      ["198.18.0.9"],
      [],
      ["not an address"],
    ]) {
      const { spy, open } = network()
      expect([addresses, await reasonOf(open(policy(addresses))("https://rebind.example.org/"))]).toEqual([
        addresses,
        "address",
      ])
      expect(spy).not.toHaveBeenCalled()
    }
  })

  it("lets a name through when all are, and asks anew at each hop", async () => {
    const asked: string[] = []
    const answers: Record<string, string[]> = {
      "a.example.org": ["93.184.216.34", "::ffff:93.184.216.34"],
      "b.example.org": ["192.168.1.1"],
    }
    const { sent, open } = network(() => redirect("https://b.example.org/"))
    const guarded = open({
      resolve: async (host) => {
        asked.push(host)
        return answers[host] ?? []
      },
    })
    expect(await reasonOf(guarded("https://a.example.org/"))).toBe("address")
    expect(asked).toEqual(["a.example.org", "b.example.org"])
    expect(sent).toHaveLength(1)
  })
})

describe("limits", () => {
  const endless = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(1024)),
      }),
    )

  it("cut an answer that is larger than allowed, announced or not", async () => {
    const { open } = network(endless)
    const response = await open({ maxBytes: 10_000 })("https://example.org/")
    expect(await reasonOf(response.text())).toBe("too_large")
    const announced = network(() => new Response("x", { headers: { "content-length": "20000" } }))
    expect(await reasonOf(announced.open({ maxBytes: 10_000 })("https://example.org/"))).toBe("too_large")
  })

  const waiting = (init: RequestInit | undefined) =>
    new Promise<Response>((_, reject) =>
      init?.signal?.addEventListener("abort", () => reject(init.signal!.reason as Error), { once: true }),
    )

  it("end a call that gets no answer, and one whose answer never ends", async () => {
    const silent = guardedFetch({
      headersMs: 20,
      fetch: (_: unknown, init?: RequestInit) => waiting(init),
    })
    await expect(silent("https://example.org/")).rejects.toMatchObject({ name: "TimeoutError" })
    const dripping = guardedFetch({
      totalMs: 30,
      fetch: async (_: unknown, init?: RequestInit) =>
        new Response(
          new ReadableStream({
            start: (controller) =>
              init?.signal?.addEventListener("abort", () => controller.error(init.signal!.reason)),
          }),
        ),
    })
    await expect(dripping("https://example.org/").then((response) => response.text())).rejects.toMatchObject({
      name: "TimeoutError",
    })
  })

  /** A network on which some hosts keep silent until told. */
  const silentAt = (hosts: string[]) => {
    const answers: (() => void)[] = []
    const sent: string[] = []
    const send = async (input: RequestInfo | URL, init?: RequestInit) => {
      const { host } = new URL(input instanceof Request ? input.url : input)
      sent.push(host)
      if (!hosts.includes(host)) return new Response("ok")
      return Promise.race([
        waiting(init),
        new Promise<Response>((resolve) => answers.push(() => resolve(endless()))),
      ])
    }
    return { answers, sent, send: send }
  }

  it("let so many wait for an answer at once; an answer that streams keeps nobody waiting", async () => {
    const { answers, sent, send } = silentAt(["slow.example.org"])
    const shared = slots(3, 3)
    const [one, other] = [
      guardedFetch({ fetch: send, slots: shared }),
      guardedFetch({ fetch: send, slots: shared }),
    ]
    const calls = Array.from({ length: 8 }, (_, i) => (i % 2 ? one : other)("https://slow.example.org/"))
    await vi.waitFor(() => expect(sent).toHaveLength(3), { timeout: 10_000 })
    for (let begun = 3; begun < 8; begun++) {
      answers.shift()!()
      await vi.waitFor(() => expect(sent).toHaveLength(begun + 1), { timeout: 10_000 })
    }
    for (const answer of answers) answer()
    for (const response of await Promise.all(calls)) await response.body?.cancel()
  })

  it("begin a hundred slow calls together, and let no silent host starve the rest", async () => {
    const { answers, sent, send } = silentAt(["slow.example.org", "silent.example.org"])
    const guarded = guardedFetch({ fetch: send, headersMs: 200 })
    const slow = Array.from({ length: 100 }, () => guarded("https://slow.example.org/"))
    await vi.waitFor(() => expect(sent).toHaveLength(100), { timeout: 100 })
    for (const answer of answers.splice(0)) answer()
    for (const response of await Promise.all(slow)) await response.body?.cancel()
    const hung = Array.from({ length: 400 }, () => reasonOf(guarded("https://silent.example.org/")))
    await vi.waitFor(() => expect(sent.filter((host) => host.startsWith("silent"))).toHaveLength(128), {
      timeout: 10_000,
    })
    expect(await (await guarded("https://fine.example.org/")).text()).toBe("ok")
    // Those behind them get their turn as the first are given up.
    expect(new Set(await Promise.all(hung))).toEqual(new Set(["TimeoutError: No answer in time."]))
    expect(sent.filter((host) => host.startsWith("silent"))).toHaveLength(400)
  })

  it("let a caller leave the queue", async () => {
    const { answers, sent, send } = silentAt(["slow.example.org"])
    const guarded = guardedFetch({ fetch: send, slots: slots(1, 1) })
    const first = guarded("https://slow.example.org/")
    const patience = new AbortController()
    const second = guarded("https://fine.example.org/2", { signal: patience.signal })
    patience.abort(new Error("enough"))
    await expect(second).rejects.toThrow("enough")
    const third = guarded("https://other.example.org/3")
    answers[0]()
    await (await first).body?.cancel()
    await (await third).body?.cancel()
    expect(sent).toEqual(["slow.example.org", "other.example.org"])
  })

  it("withhold headers that speak for the connection or for others", async () => {
    const { sent, open } = network()
    await open()(
      new Request("https://example.org/", {
        method: "POST",
        body: "hi",
        headers: { "x-forwarded-for": "10.0.0.1", "x-mine": "1" },
      }),
    )
    expect(sent[0]?.headers).toMatchObject({ "x-mine": "1" })
    expect(Object.keys(sent[0]?.headers ?? {})).not.toContain("x-forwarded-for")
    expect(await new Response(sent[0]?.body as BodyInit).text()).toBe("hi")
  })
})
