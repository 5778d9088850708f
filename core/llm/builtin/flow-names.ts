import {
  kindOf,
  nameOf,
  nodeOf,
  type Scene,
  type SceneKind,
  type SceneNamed,
  type SceneNode,
} from "./flow-scene.ts"

/** Other words for the kinds, beside their names and titles. */
const otherWords: Record<string, string> = {
  llm: "model|language model|ai|llm call|ai step|prompt|gpt",
  classify: "classifier|classification|router by model",
  condition: "if|decision|check|switch|branching",
  http: "http|request|http call|api call|web request|webhook call",
  code: "script|javascript|function|js",
  transform: "transformation|mapping|template",
  wait: "delay|pause|sleep|timer",
  approval: "human approval|review|sign-off|signoff|human review|confirmation",
  merge: "join",
  map: "for each|foreach|each",
  loop: "repeat|repetition",
  subflow: "flow|sub-flow|sub flow|workflow",
  note: "comment|sticky note|sticky|remark",
  group: "frame|box",
  output: "end|result|answer",
  input: "start|beginning|trigger",
  agent: "agent",
  crew: "team",
  tool: "tool call",
}

const thing = /\s*\b(?:nodes?|steps?|blocks?|elements?|stages?)$/i
const article =
  /^(?:(?:the|a|an|another|one|new|my|our|this|that|some|extra|second|additional|simple|short)\s+)+/i

const plain = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/^["“”'‘’`]+|(?<!["“”'‘’`.,:])["“”'‘’`.,:]+$/g, "")
    .replace(article, "")
    .replace(thing, "")
    .replace(/[_-]+/g, " ")
    .trim()

const wordsOf = ({ kind, title }: SceneKind): string[] => [
  kind,
  title.toLowerCase(),
  ...(otherWords[kind] ?? "").split("|").filter(Boolean),
]

/** The kind that words name, wherever in them: the longest name counts, of equal ones the last. */
export function kindIn(scene: Scene, words: string): SceneKind | undefined {
  const said = ` ${plain(words)} `
  let best: { kind: SceneKind; length: number; at: number } | undefined
  for (const kind of scene.kinds)
    for (const word of wordsOf(kind)) {
      const at = said.lastIndexOf(` ${word} `)
      const isBetter = !best || word.length > best.length || (word.length === best.length && at > best.at)
      if (at >= 0 && isBetter) best = { kind, length: word.length, at }
    }
  return best?.kind
}

/** Whether words say nothing but a kind: "the condition", and not "the model that writes letters". */
const isKind = (words: string, kind: SceneKind | undefined): boolean =>
  kind !== undefined && wordsOf(kind).includes(plain(words))

/** The node that words mean; what keeps it from being found is told as a problem. */
export function nodeIn(scene: Scene, words: string, isAsked = true): SceneNode | undefined {
  const found = nodesMeant(scene, words)
  if (found.length === 1) {
    scene.last = found[0]!.id
    return found[0]
  }
  if (!isAsked) return undefined
  const said = words.trim().slice(0, 60)
  scene.problems.push(
    found.length === 0
      ? `I find no node “${said}”.`
      : `“${said}” could be ${found.map((node) => `“${nameOf(node)}” (${node.id})`).join(" or ")}. Say which.`,
  )
  return undefined
}

function nodesMeant(scene: Scene, words: string): SceneNode[] {
  const raw = words.trim().replace(/^["“”'‘’`]+|(?<!["“”'‘’`.,:])["“”'‘’`.,:]+$/g, "")
  if (
    /^(?:it|that|this|this one|that one|them|(?:this|that|the|the selected|the new|the last|the chosen) (?:node|step|one)|the selection|selected|here)$/i.test(
      raw,
    )
  ) {
    const one = /selec|chosen|this|here/i.test(raw)
      ? (scene.selected[0] ?? scene.last)
      : (scene.last ?? scene.selected[0])
    return scene.nodes.filter((node) => node.id === one)
  }
  const byId = nodeOf(scene, raw)
  if (byId) return [byId]
  const said = plain(raw)
  if (said === "") return []
  const named = (node: SceneNode): string[] => [plain(node.id), plain(node.label)].filter(Boolean)
  const same = scene.nodes.filter((node) => named(node).includes(said))
  if (same.length > 0) return same
  const kind = kindIn(scene, raw)
  const ofKind = isKind(raw, kind) ? scene.nodes.filter((node) => node.kind === kind!.kind) : []
  if (ofKind.length > 0) return ofKind
  const parts = said.split(/\s+/).filter((part) => part.length > 2)
  const within = scene.nodes.filter((node) => named(node).some((name) => name.includes(said)))
  if (within.length > 0) return within
  const alike = scene.nodes.filter(
    (node) => parts.length > 0 && parts.every((part) => named(node).join(" ").includes(part)),
  )
  return alike
}

/** Nodes in a list of words: "draft, check and the notes". Null when one of them is not found. */
export function nodesIn(scene: Scene, words: string): SceneNode[] | null {
  const every = /^(?:all|every|each)(?: of)?(?: the)? (.+?)s?$/i.exec(words.trim())
  if (every) {
    const kind = kindIn(scene, every[1]!)
    const all = scene.nodes.filter((node) => node.kind === kind?.kind)
    if (all.length > 0) return all
  }
  const whole = nodeIn(scene, words, false)
  if (whole) return [whole]
  const parts = words.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/i).filter(Boolean)
  const found = parts.map((part) => nodeIn(scene, part))
  return found.every((node) => node !== undefined) && found.length > 0 ? found : null
}

/** Of agents, crews, tools or flows the one that words name; the only one where there is one. */
export function namedIn(list: readonly SceneNamed[], words: string): SceneNamed | undefined {
  const said = ` ${plain(words)} `
  const names = list
    .filter(({ name }) => name !== "" && said.includes(` ${plain(name)} `))
    .toSorted((one, other) => other.name.length - one.name.length)
  return names[0] ?? (list.length === 1 ? list[0] : undefined)
}

/** The holder that words name: a map, a loop or a group. */
export function holderIn(scene: Scene, words: string, isAsked = true): SceneNode | undefined {
  const node = nodeIn(scene, words, isAsked)
  if (!node || kindOf(scene, node.kind)?.holds) return node
  if (isAsked) scene.problems.push(`Nothing can be put inside “${nameOf(node)}”.`)
  return undefined
}
