import * as fc from "fast-check"
import { expect, it } from "vitest"
import { readServerEvents, type ServerEvent } from "./sse.ts"

function bodyOf(
  chunks: readonly (string | Uint8Array)[],
  onCancel: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const open = [...chunks]
  return new ReadableStream({
    pull(controller) {
      const chunk = open.shift()
      if (chunk === undefined) controller.close()
      else controller.enqueue(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk)
    },
    cancel: onCancel,
  })
}

async function all(chunks: readonly (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const event of readServerEvents(bodyOf(chunks))) events.push(event)
  return events
}

it("reads id, event and data, and passes over comments, retries and what has no data", async () => {
  const events = await all([
    ': hello\n\nretry: 500\nid: 7\nevent: tick\ndata: {"a":1}\n\nid: 8\n\ndata:bare\n\n',
  ])
  expect(events).toEqual([
    { id: "7", event: "tick", data: '{"a":1}' },
    { id: undefined, event: "message", data: "bare" },
  ])
})

it("joins several data lines, whatever ends them", async () => {
  expect(await all(["data: a\r\ndata: b\r\n\r\ndata: c\rdata: d\r\r"])).toMatchObject([
    { data: "a\nb" },
    { data: "c\nd" },
  ])
})

it("drops an event that the end of the stream cut off", async () => {
  expect(await all(["data: whole\n\ndata: hal"])).toMatchObject([{ data: "whole" }])
})

it("reads the same however the bytes are cut, also inside of a letter and of a line break", async () => {
  const whole = new TextEncoder().encode("id: 1\r\ndata: Grüße 🙂\r\n\r\nid: 2\ndata: zwei\ndata: Zeilen\n\n")
  const expected = await all([whole])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), whole.length]
      const chunks = places.slice(1).map((end, i) => whole.slice(places[i], end))
      expect(await all(chunks)).toEqual(expected)
    }),
  )
})

it("lets go of the connection when the reader stops", async () => {
  let cancelled = false
  const body = bodyOf(["data: 1\n\n", "data: 2\n\n", "data: 3\n\n"], () => (cancelled = true))
  for await (const event of readServerEvents(body)) if (event.data === "1") break
  expect(cancelled).toBe(true)
})
