import type { Json } from "#core/json"
import { adding, endOf, routeIn } from "./flow-adding.ts"
import { routeName } from "./flow-data.ts"
import { holderIn, kindIn, nodeIn, nodesIn } from "./flow-names.ts"
import {
  addNode,
  connect,
  disconnect,
  freeId,
  kindOf,
  nameOf,
  nodeOf,
  readingOf,
  removeNode,
  routesOf,
  setField,
  type Scene,
  type SceneNode,
} from "./flow-scene.ts"
import { conditionIn, fieldIn, numberIn, secondsIn, unquoted, valueFor } from "./flow-values.ts"
import { asList } from "./schema-parts.ts"

/** A wording, and what is proposed when a clause has it; false when it turns out to mean something else. */
type Wording = [RegExp, (scene: Scene, parts: string[]) => boolean | void]

const courtesy =
  /^(?:(?:please|now|then|also|next|finally|first|kindly|and|so|ok(?:ay)?,?|(?:can|could|would) you(?: please)?|i(?:'d| would) like (?:you )?to|i want (?:you )?to|we need to|let's|let us)\s+)+/i

/** Reads one clause of a request; false when it says nothing that could be done to a flow. */
export function clause(scene: Scene, words: string): boolean {
  const said = words
    .trim()
    .replace(courtesy, "")
    .replace(/(?<![.!?])[.!?]+$/, "")
    .trim()
  for (const [wording, act] of wordings) {
    const match = wording.exec(said)
    if (
      match &&
      act(
        scene,
        match.slice(1).map((part) => part ?? ""),
      ) !== false
    )
      return true
  }
  return false
}

const wordings: Wording[] = [
  [
    /^(?:add|create|insert|give \S+) (?:a |an |another |one more |new )*(?:branch|route|case|option|class|category|button)\b\s*(.*)$/i,
    (scene, [rest]) => branching(scene, rest!),
  ],
  [
    /^(?:add|insert|put|create|place|append|include|draw)\s+(?:in\s+)?(.+)$/i,
    (scene, [rest]) => adding(scene, rest!),
  ],
  [
    /^(?:rename|call|name|title|label)\s+(?:the |this )?(?:flow|workflow)\s+(?:to |as |into )?(.+)$/i,
    (scene, [name]) => void scene.operations.push({ op: "set_flow", field: "name", value: unquoted(name!) }),
  ],
  [
    /^(?:describe the flow as|set the (?:flow's )?description(?: of the flow)? to)\s+(.+)$/i,
    (scene, [text]) =>
      void scene.operations.push({ op: "set_flow", field: "description", value: unquoted(text!) }),
  ],
  [/^rename\s+(.+?)\s+(?:to|as|into)\s+(.+)$/i, (scene, [who, name]) => renaming(scene, who!, name!)],
  [
    /^(?:call|name|label|title)\s+(.+?)\s+(["“].+["”]|\S+)$/i,
    (scene, [who, name]) => renaming(scene, who!, name!),
  ],
  [
    /^(?:disconnect|unlink|detach|unplug)\s+(.+?)\s+(?:from|and|to)\s+(.+)$/i,
    (scene, [from, to]) => parting(scene, from!, to!),
  ],
  [
    /^(?:remove|delete|cut|drop)\s+(?:the |all )?(?:edges?|connections?|links?|arrows?)\s+(?:from|between)\s+(.+?)\s+(?:to|and)\s+(.+)$/i,
    (scene, [from, to]) => parting(scene, from!, to!),
  ],
  [
    /^(?:connect|link|wire|join|lead|route)\s+(.+?)\s+(?:to|with|into)\s+(.+?)(?:\s+(?:by|via|on|over|through)\s+(?:its |the )?(.+?)(?:\s+(?:route|branch|path))?)?$/i,
    (scene, [from, to, route]) => joining(scene, from!, to!, route!),
  ],
  [
    /^(?:when|if)\s+(.+?)\s+fails?,?\s+(?:then\s+)?(.+)$/i,
    (scene, [who, what]) => failing(scene, who!, what!),
  ],
  [/^(?:take|move|get|pull)\s+(.+?)\s+out of\s+(.+)$/i, (scene, [who]) => putting(scene, who!, undefined)],
  [
    /^(?:remove|delete|drop|erase|get rid of|take (?:away|out))\s+(.+)$/i,
    (scene, [who]) => removing(scene, who!),
  ],
  [
    /^(?:replace|swap|exchange)\s+(.+?)\s+(?:with|by|for)\s+(.+)$/i,
    (scene, [who, what]) => replacing(scene, who!, what!),
  ],
  [
    /^(?:group|frame|wrap)\s+(.+?)(?:\s+(?:as|called|named|under|into a group called|in a group called)\s+(.+))?$/i,
    (scene, [who, name]) => grouping(scene, who!, name!),
  ],
  [
    /^(?:move|shift|push)\s+(.+?)\s+(?:to the\s+)?(left|right|up|down)(?:wards?)?(?:\s+by\s+(\d+))?.*$/i,
    (scene, [who, way, by]) => moving(scene, who!, way!.toLowerCase(), by!),
  ],
  [
    /^(?:move|put)\s+(.+?)\s+(?:inside|into|in|within)\s+(.+)$/i,
    (scene, [who, holder]) => putting(scene, who!, holder),
  ],
  [
    /^(?:retry|repeat)\s+(.+?)\s+(?:up to\s+)?(\w+)\s+times?.*$/i,
    (scene, [who, count]) => retrying(scene, who!, count!),
  ],
  [
    /^(?:limit|time out|stop)\s+(.+?)\s+(?:to|after|at)\s+(.+)$/i,
    (scene, [who, time]) => limiting(scene, who!, time!),
  ],
  [
    /^(?:set|change|make|turn|update|switch|put)\s+(.+?)\s+(?:to|as|=|into|be)\s+(.+)$/is,
    (scene, [what, value]) => setting(scene, what!, value!),
  ],
  [/^(?:make|set)\s+(.+?(?:'s|’s)\s+\S+)\s+(.+)$/is, (scene, [what, value]) => setting(scene, what!, value!)],
  [
    /^(?:use|give)\s+(?:the )?(\S+)\s+(["“].+["”]|\S+)\s+(?:in|for|on|to)\s+(.+)$/is,
    (scene, [field, value, who]) => setting(scene, `${field} of ${who}`, value!),
  ],
]

function renaming(scene: Scene, who: string, name: string): boolean {
  const node = nodeIn(scene, who)
  if (!node) return true
  node.label = unquoted(name)
  scene.operations.push({ op: "rename", node: node.id, label: node.label })
  return true
}

function parting(scene: Scene, from: string, to: string): void {
  const [one, other] = [endOf(scene, from), nodeIn(scene, to)]
  if (!one || !other) return
  const edges = scene.edges.filter(
    (edge) =>
      edge.from === one.node.id &&
      edge.to === other.id &&
      (one.route === undefined || edge.route === one.route),
  )
  if (edges.length === 0)
    scene.problems.push(`No edge leads from “${nameOf(one.node)}” to “${nameOf(other)}”.`)
  for (const edge of edges) disconnect(scene, edge)
}

function joining(scene: Scene, from: string, to: string, route: string): void {
  const [one, other] = [endOf(scene, from), nodeIn(scene, to)]
  if (!one || !other) return
  const named = route === "" ? one.route : routeIn(scene, one.node, route)
  if (route !== "" && named === undefined) {
    scene.problems.push(
      `“${nameOf(one.node)}” has no route “${route}”; it has ${routesOf(scene, one.node).join(", ")}.`,
    )
    return
  }
  connect(scene, one.node.id, other.id, named ?? routesOf(scene, one.node)[0])
}

/** What came before a node that goes leads to what came after it. */
function removing(scene: Scene, who: string): void {
  const nodes = nodesIn(scene, who)
  for (const node of nodes ?? []) {
    const before = scene.edges.filter((edge) => edge.to === node.id)
    const after = scene.edges.filter((edge) => edge.from === node.id && edge.route !== "error")
    removeNode(scene, node.id)
    const isBranching = new Set(after.map(({ to }) => to)).size > 1
    if (isBranching) continue
    for (const edge of before) for (const next of after) connect(scene, edge.from, next.to, edge.route)
    const was = readingOf(node)
    for (const { to } of after) {
      const next = nodeOf(scene, to)
      for (const [field, value] of Object.entries(next?.data ?? {})) {
        const now =
          before.length === 1 ? readInstead(value, was, readingOf(nodeOf(scene, before[0]!.from))) : value
        if (next && now !== value) setField(scene, next, field, now)
      }
    }
  }
}

const readInstead = (value: Json, was: string, now: string): Json =>
  typeof value === "string" && was !== "input"
    ? value.replaceAll(
        new RegExp(`\\{\\{\\s*${was.replaceAll(".", "\\.")}\\s*\\}\\}`, "g"),
        () => `{{ ${now} }}`,
      )
    : value

function replacing(scene: Scene, who: string, what: string): boolean {
  const node = nodeIn(scene, who)
  if (!node) return true
  const [before, after] = [
    scene.edges.filter((edge) => edge.to === node.id),
    scene.edges.filter((edge) => edge.from === node.id),
  ]
  const count = scene.nodes.length
  const was = scene.selected
  // Loose at first: it takes over the edges of the other one.
  scene.selected = []
  const isRead = adding({ ...scene, edges: [] }, `${what} after ${before[0]?.from ?? node.id}`)
  scene.selected = was
  const added = scene.nodes.length > count ? scene.nodes.at(-1) : undefined
  if (!isRead || !added) return isRead
  const own = scene.operations.findLastIndex((one) => one["op"] === "add_node")
  scene.operations.length = own + 1
  for (const edge of before) connect(scene, edge.from, added.id, edge.route)
  for (const edge of after) connect(scene, added.id, edge.to, routesOf(scene, added)[0])
  removeNode(scene, node.id)
  scene.last = added.id
  return true
}

function failing(scene: Scene, who: string, what: string): boolean {
  const node = nodeIn(scene, who)
  if (!node) return true
  const target = /^(?:go|lead|continue|route|jump|switch)\s+(?:on\s+)?(?:to|with|at)\s+(.+)$/i.exec(what)
  const next = target && nodeIn(scene, target[1]!)
  if (next) connect(scene, node.id, next.id, "error")
  else if (/\b(?:continue|go on|carry on|ignore|skip)\b/i.test(what))
    setField(scene, node, "on_error", "continue")
  else if (/\b(?:stop|fail|end|abort)\b/i.test(what)) setField(scene, node, "on_error", "fail")
  else return false
  return true
}

const lists: Record<string, string> = { condition: "branches", classify: "classes", approval: "buttons" }

/** "called urgent when the total is over 100 to check leading to notify" */
function branching(scene: Scene, words: string): boolean {
  const [, target = ""] =
    /\s(?:leading|going|that leads|which leads|that goes)\s+to\s+(.+)$/i.exec(` ${words}`) ?? []
  const rest =
    target === ""
      ? words
      : words.slice(0, words.search(/(?:^|\s)(?:leading|going|that leads|which leads|that goes)\s+to\s/i))
  const [, name = ""] =
    /(?:^|\s)(?:called|named|labell?ed|for)?\s*(["“][^"“”]+["”]|(?!(?:to|in|on|when|if|for|called|named)\b)[\w-]+)/i.exec(
      rest,
    ) ?? []
  const [, when = ""] = /\s(?:when|if|where)\s+(.+?)(?=\s+(?:to|in|on|at)\s+|$)/i.exec(` ${rest}`) ?? []
  const of = [
    ...rest.matchAll(/(?:^|\s)(?:to|in|on|at)\s+(.+?)(?=\s+(?:when|if|where|called|named)\s|$)/gi),
  ].at(-1)?.[1]
  const holders = scene.nodes.filter((node) => node.kind in lists)
  const node =
    of === undefined ? (holders.length === 1 ? holders[0] : nodeIn(scene, "it")) : nodeIn(scene, of)
  if (!node) return true
  const field = lists[node.kind]
  if (field === undefined) {
    scene.problems.push(`“${nameOf(node)}” has no branches: conditions, classifiers and approvals have.`)
    return true
  }
  const id = routeName(name || when || "more")
  const before = scene.nodes.find((one) =>
    scene.edges.some((edge) => edge.to === node.id && edge.from === one.id),
  )
  const source = readingOf(before)
  const entry: Record<string, Json> =
    field === "branches"
      ? {
          id,
          when:
            when === ""
              ? `$contains($lowercase($string(${source})), ${JSON.stringify(unquoted(name).toLowerCase())})`
              : conditionIn(when, source),
        }
      : field === "classes"
        ? { id, description: when || unquoted(name) }
        : { id, label: unquoted(name) || id }
  setField(scene, node, field, [...asList(node.data[field]), entry])
  const next = target === "" ? undefined : nodeIn(scene, target)
  if (next) connect(scene, node.id, next.id, id)
  return true
}

function setting(scene: Scene, what: string, value: string): boolean {
  const said = /^(?:the\s+)?(.+?)\s+(?:of|in|on|for)\s+(.+)$/i.exec(what.trim()) ?? undefined
  const owned = /^(.+?)(?:'s|’s)\s+(.+)$/i.exec(what.trim()) ?? undefined
  const ways: [string, string][] = [
    ...(owned ? [[owned[1]!, owned[2]!] as [string, string]] : []),
    ...(said ? [[said[2]!, said[1]!] as [string, string]] : []),
    ["it", what.trim()],
  ]
  for (const [who, words] of ways) {
    const node = nodeIn(scene, who, false)
    const fields = node && { ...kindOf(scene, node.kind)?.fields, ...scene.every }
    const known = fields && fieldIn(words, fields)
    if (!node || !known) {
      if (node && /^(?:name|label|title)$/i.test(words)) return renaming(scene, who, value)
      continue
    }
    const now = valueFor(value, known.field, known.schema)
    if (now === undefined)
      scene.problems.push(`“${known.field}” of “${nameOf(node)}” cannot be “${value.slice(0, 60)}”.`)
    else setField(scene, node, known.field, now)
    return true
  }
  const kind = kindIn(scene, value)
  return kind !== undefined && /\b(?:an?|the)\b/i.test(value) ? replacing(scene, what, value) : false
}

function grouping(scene: Scene, who: string, name: string): void {
  const nodes = nodesIn(scene, who)
  if (!nodes || nodes.length === 0) return
  const label = unquoted(name)
  const id = freeId(scene, label || "group")
  addNode(scene, { id, kind: "group", label, data: {}, inside: nodes[0]!.inside })
  for (const node of nodes) inside(scene, node, id)
}

function inside(scene: Scene, node: SceneNode, holder: string | undefined): void {
  node.inside = holder ?? ""
  scene.operations.push({ op: "put_inside", node: node.id, inside: holder ?? null })
}

function putting(scene: Scene, who: string, holder: string | undefined): boolean {
  const into = holder === undefined ? undefined : holderIn(scene, holder)
  if (holder !== undefined && !into) return true
  const held = nodesIn(scene, who)
  for (const node of held ?? []) inside(scene, node, into?.id)
  return true
}

const usualStep = 120

function moving(scene: Scene, who: string, way: string, by: string): boolean {
  const node = nodeIn(scene, who)
  if (!node) return true
  const far = by === "" ? usualStep : Number(by)
  const [x, y] = { left: [-far, 0], right: [far, 0], up: [0, -far], down: [0, far] }[way] ?? [0, 0]
  Object.assign(node, { x: node.x + x!, y: node.y + y! })
  scene.operations.push({ op: "move", node: node.id, x: node.x, y: node.y })
  return true
}

function retrying(scene: Scene, who: string, count: string): boolean {
  const [node, times] = [nodeIn(scene, who), numberIn(count)]
  if (!node || times === undefined) return node === undefined
  setField(scene, node, "retry", {
    max_attempts: Math.min(10, Math.max(1, times)),
    backoff_ms: 1_000,
    factor: 2,
  })
  return true
}

function limiting(scene: Scene, who: string, time: string): boolean {
  const seconds = secondsIn(time)
  if (seconds === undefined) return false
  const node = nodeIn(scene, who)
  if (node) setField(scene, node, "timeout_ms", Math.round(seconds * 1_000))
  return true
}
