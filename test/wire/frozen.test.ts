import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import * as z from "zod"
import {
  CallerToken,
  IoUp,
  Readiness,
  RunFrame,
  RunnerCapabilities,
  RunnerProblem,
  RunRequest,
  RunResult,
  sandboxProtocol,
} from "#core/contract/sandbox"
import { chatProtocol, Down as ChatDown, Up as ChatUp } from "#core/contract/socket/chat"
import { canvasProtocol, Down as CanvasDown, Up as CanvasUp } from "#core/contract/socket/canvas"
import { Operation } from "#core/canvas/operation"
import { Down, Up } from "#core/contract/socket/execution"
import { protocolVersion } from "#core/contract/socket/version"
import { engineVersion, ExecutionEvent } from "#core/execution/event"

/** Twelve digits of what a schema accepts on the wire. */
const fingerprint = (...schemas: z.ZodType[]): string =>
  createHash("sha256")
    .update(
      JSON.stringify(
        schemas.map((schema) => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })),
      ),
    )
    .digest("hex")
    .slice(0, 12)

// When one of these fails, a message that others speak has changed: raise the version, then update the fingerprint.
it("[WI1] the execution socket says what its version says", () => {
  expect([protocolVersion, fingerprint(Up, Down)]).toMatchInlineSnapshot(`
    [
      6,
      "9ee08048f89f",
    ]
  `)
})

it("[WI2] the sandbox protocol says what its version says", () => {
  expect([
    sandboxProtocol,
    fingerprint(
      RunRequest,
      RunResult,
      RunFrame,
      IoUp,
      Readiness,
      RunnerCapabilities,
      RunnerProblem,
      CallerToken,
    ),
  ]).toMatchInlineSnapshot(`
    [
      3,
      "69c93687ed85",
    ]
  `)
})

it("[WI3] the journal says what the engine's version says", () => {
  expect([engineVersion, fingerprint(ExecutionEvent)]).toMatchInlineSnapshot(`
    [
      6,
      "3ac5f6d8c88e",
    ]
  `)
})

it("[WI4] the chat socket says what its version says", () => {
  expect([chatProtocol, fingerprint(ChatUp, ChatDown)]).toMatchInlineSnapshot(`
    [
      1,
      "ce1a5a551992",
    ]
  `)
})

it("[WI5] the canvas socket says what its version says", () => {
  expect([canvasProtocol, fingerprint(CanvasUp, CanvasDown, Operation)]).toMatchInlineSnapshot(`
    [
      1,
      "d791981734b5",
    ]
  `)
})
