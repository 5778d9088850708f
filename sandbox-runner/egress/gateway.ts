import { randomBytes } from "node:crypto"
import { chmodSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { RunRequest } from "../../core/contract/sandbox.ts"
import type { Metrics } from "../metrics.ts"
import type { OpenEgress } from "../runs/runs.ts"
import { Authority } from "./authority.ts"
import { dial } from "./dial.ts"
import { RunProxy } from "./proxy.ts"
import { PublicResolver } from "./resolver.ts"

export interface GatewayOptions {
  /** Where the sockets lie; emptied at the start. */
  dir: string
  dns: readonly string[]
  /** `host:port` of the operator's own, whose addresses need not be public. */
  allow: readonly string[]
  metrics: Metrics
  log: (line: string) => void
  /** Roots that are trusted in place of the public ones. */
  roots?: string
  maxBytes?: number
  dial?: typeof dial
  now?: () => number
}

/** Where programs find the proxy, and what they are to trust. */
const port = 3_128
const rootsPath = ".egress/roots.pem"
const mostLogged = 500
const defaultMaxBytes = 268_435_456

/** Opens a proxy for each run that may call out. */
export class EgressGateway {
  readonly #options: GatewayOptions
  readonly #resolver: PublicResolver
  #authority: Authority | undefined

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#resolver = new PublicResolver({ servers: options.dns, allow: options.allow })
    rmSync(options.dir, { recursive: true, force: true })
    mkdirSync(options.dir, { recursive: true, mode: 0o711 })
  }

  /** A proxy on a socket of its own, for the hosts of this request alone. */
  async open(id: string, request: RunRequest): Promise<OpenEgress> {
    if (request.network.mode !== "allow") throw new Error("this run may not call out")
    const { allow, inject } = request.network
    const { dir, roots, maxBytes = defaultMaxBytes } = this.#options
    this.#authority ??= new Authority()
    const token = randomBytes(18).toString("base64url")
    const proxy = new RunProxy({
      token,
      allow,
      inject,
      resolver: this.#resolver,
      authority: this.#authority,
      roots,
      maxBytes,
      dial: this.#options.dial ?? dial,
      now: this.#options.now ?? (() => performance.now()),
      onEnd: this.#logger(id),
    })
    const socketPath = join(dir, randomBytes(12).toString("hex"))
    await new Promise<void>((resolve, reject) => {
      proxy.server.once("error", reject)
      proxy.server.listen(socketPath, resolve)
    })
    // Every slot has a uid of its own; who may speak is said by the token.
    chmodSync(socketPath, 0o666)
    return {
      egress: { socketPath, port, env: environmentFor(token) },
      files: [{ path: rootsPath, content: this.#authority.bundle(inject.length > 0), encoding: "utf8" }],
      close: async () => {
        proxy.close()
        rmSync(socketPath, { force: true })
      },
    }
  }

  #logger(run: string): ConstructorParameters<typeof RunProxy>[0]["onEnd"] {
    let lines = 0
    return (target, verdict, bytes, ms) => {
      this.#options.metrics.egress(verdict, bytes)
      // A program that asks in a loop must not fill the log.
      if (++lines > mostLogged) return
      this.#options.log(JSON.stringify({ egress: target, run, verdict, ...bytes, ms: Math.round(ms) }))
    }
  }
}

/** What the usual clients read: curl, git, python, node, pip, npm. */
function environmentFor(token: string): Record<string, string> {
  const proxy = `http://run:${token}@127.0.0.1:${port}`
  const roots = `/box/in/${rootsPath}`
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: roots,
    SSL_CERT_FILE: roots,
    CURL_CA_BUNDLE: roots,
    REQUESTS_CA_BUNDLE: roots,
    PIP_CERT: roots,
    GIT_SSL_CAINFO: roots,
  }
}
