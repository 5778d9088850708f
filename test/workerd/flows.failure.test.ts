import { beforeAll, describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const as = (id: string) => ({ token: tenant.token, params: { flow_id: id } })
const state = async () => dump(await databaseOf(tenant.id))
const create = async (draft = flowDraft()) =>
  (await call(flowsApi.create, { token: tenant.token, body: draft })).flow

const node = (id: string, type: string, data: Record<string, string> = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data,
})

describe("saving refuses", () => {
  it.each(['"v1"', '"v7"', '"1"', "v2", 'W/"v2"', '"x"', '"v2", "v3"'])(
    "what was read as %s when it is version 2, and writes nothing",
    async (tag) => {
      const flow = await create()
      await call(flowsApi.update, { ...as(flow.id), body: flowDraft() })
      const before = await state()
      const headers = { "if-match": tag }
      const attempts = [
        await ask(flowsApi.update, { ...as(flow.id), headers, body: flowDraft() }),
        await ask(flowsApi.publish, { ...as(flow.id), headers }),
      ]
      for (const attempt of attempts)
        expect(problemOf(attempt)).toEqual({ status: 412, code: "conflict.stale" })
      expect(await state()).toEqual(before)
    },
  )

  it("all but one of twenty who save the same version at once", async () => {
    const flow = await create()
    const audited = async () =>
      (await state())["audit_entries"]!.filter(
        (one) => one["target"] === flow.id && one["action"] === "flow.update",
      )
    const saves = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask(flowsApi.update, {
          ...as(flow.id),
          headers: { "if-match": '"v1"' },
          body: flowDraft(`Mine ${i}`),
        }),
      ),
    )
    expect(saves.filter((one) => one.status === 200)).toHaveLength(1)
    expect(saves.filter((one) => one.status === 412)).toHaveLength(19)
    expect(await audited()).toHaveLength(1)
    const { flow: kept } = await call(flowsApi.get, as(flow.id))
    expect(kept).toEqual(saves.find((one) => one.status === 200)!.body.flow)
  })

  it("twenty thousand nodes, and says the limit", async () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) => node(`n${i}`, "merge"))
    const before = await state()
    for (const answered of [
      await ask(flowsApi.create, { token: tenant.token, body: { name: "Huge", nodes } }),
      await ask(flowsApi.import, {
        token: tenant.token,
        body: { content: { format: "edgecrew.flow", format_version: 1, flow: { name: "Huge", nodes } } },
      }),
    ]) {
      expect(problemOf(answered)).toEqual({ status: 413, code: "flow.too_large" })
      expect(answered.text).toContain("at most 5000 nodes")
    }
    expect(await state()).toEqual(before)
  })

  it("a graph that is more than a database row holds", async () => {
    const nodes = [node("input", "input"), node("huge", "llm", { prompt: "x".repeat(150_000) })]
    const many = Array.from({ length: 20 }, (_, i) => ({ ...nodes[1]!, id: `huge${i}` }))
    const answered = await ask(flowsApi.create, { token: tenant.token, body: { name: "Fat", nodes: many } })
    expect(problemOf(answered)).toEqual({ status: 413, code: "flow.too_large" })
  })

  it.each(["__proto__", "constructor", "1st", "a b", "", "x".repeat(65)])("a node called %j", async (id) => {
    const body = JSON.stringify({ name: "Odd", nodes: [node(id, "input")] })
    const answered = await ask(flowsApi.create, { token: tenant.token, text: body })
    expect(problemOf(answered)).toMatchObject({ status: 400, code: "request.invalid", paths: ["nodes.0.id"] })
  })
})

describe("publishing refuses", () => {
  const bad = {
    "a circle": {
      nodes: [node("input", "input"), node("a", "merge"), node("b", "merge")],
      edges: [
        { id: "1", source: "input", target: "a" },
        { id: "2", source: "a", target: "b" },
        { id: "3", source: "b", target: "a" },
      ],
    },
    "an edge into nothing": {
      nodes: [node("input", "input")],
      edges: [{ id: "1", source: "input", target: "gone" }],
    },
    "an expression that is none": {
      nodes: [node("input", "input"), node("t", "transform", { value: "((" })],
      edges: [{ id: "1", source: "input", target: "t" }],
    },
    "nothing at all": { nodes: [], edges: [] },
  }
  it.each(Object.entries(bad))("%s, which may be saved as a draft", async (_, graph) => {
    const { flow, findings } = await call(flowsApi.create, {
      token: tenant.token,
      body: { name: "Bad", ...graph },
    })
    expect(findings.some((one) => one.severity === "error")).toBe(true)
    const before = await state()
    const answered = await ask(flowsApi.publish, as(flow.id))
    expect(problemOf(answered)).toMatchObject({ status: 422, code: "flow.invalid" })
    expect(await state()).toEqual(before)
  })

  it("all but one of ten at once, so that versions have no gap and no twin", async () => {
    const flow = await create()
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(flowsApi.publish, as(flow.id))))
    const won = all.filter((one) => one.status === 200).map((one) => one.body.version)
    expect(all.every((one) => [200, 412].includes(one.status))).toBe(true)
    expect(won).toEqual(won.toSorted((a, b) => a - b))
    const { versions } = await call(flowsApi.versions, as(flow.id))
    expect(versions.map((one) => one.version).toSorted((a, b) => a - b)).toEqual(won.map((_, i) => i + 1))
  })
})

describe("a version that was never published", () => {
  it("cannot be read, compared or rolled back to", async () => {
    const flow = await create()
    const none = { status: 404, code: "flow.version_not_found" }
    for (const version of ["1", "0", "-1", "x", "1.5", "99999999999999999999"]) {
      const answered = await ask(flowsApi.version, { ...as(flow.id), params: { flow_id: flow.id, version } })
      expect([version, problemOf(answered)]).toEqual([version, none])
    }
    expect(problemOf(await ask(flowsApi.diff, { ...as(flow.id), query: { from: 1 } }))).toEqual(none)
    expect(problemOf(await ask(flowsApi.rollback, { ...as(flow.id), body: { version: 3 } }))).toEqual(none)
  })
})

describe("importing refuses", () => {
  it.each([
    "",
    "not json",
    "[]",
    "null",
    '{"format":"edgecrew.flow","format_version":2,"flow":{"name":"x"}}',
    '{"format":"n8n","flow":{}}',
    '{"format":"edgecrew.flow","format_version":1,"flow":{"name":"x","id":"flow_1"}}',
  ])("%j", async (content) => {
    const before = await state()
    const answered = await ask(flowsApi.import, { token: tenant.token, body: { content } })
    expect(problemOf(answered)).toMatchObject({ status: 422, code: "flow.unreadable" })
    expect(await state()).toEqual(before)
  })
})

describe("the list refuses", () => {
  it.each([
    ["page=0", "page"],
    ["page=x", "page"],
    ["limit=201", "limit"],
    ["sort=graph", "sort"],
    ["sort=created_at;drop", "sort"],
    ["published=maybe", "published"],
    ["owner=me", "owner"],
    ["page=1&page=2", "page"],
    [`search=${"x".repeat(201)}`, "search"],
  ])("?%s", async (query, path) => {
    const entries = query.split("&").map((pair) => pair.split("=") as [string, string])
    if (new Set(entries.map(([name]) => name)).size === entries.length) {
      const answered = await ask(flowsApi.list, { token: tenant.token, query: Object.fromEntries(entries) })
      expect(problemOf(answered)).toEqual({ status: 400, code: "request.invalid", paths: [path] })
    } else {
      const twice = await ask({ ...flowsApi.list, path: `/flows?${query}` }, { token: tenant.token })
      expect(problemOf(twice)).toEqual({ status: 400, code: "request.invalid", paths: [path] })
    }
  })
})
