import { ToolDraft } from "#core/tool/tool"
import type { ImportedTool, ToolMaker } from "../drawn.ts"
import { nodeName } from "../words.ts"

/** One file is not to fill a tenant's list of tools. */
const mostTools = 40

/** The tools that are made of an app's programs. */
export class Programs {
  readonly tools: ImportedTool[] = []
  readonly #maker: ToolMaker | undefined
  readonly #app: string
  readonly #taken = new Set<string>()

  constructor(maker: ToolMaker | undefined, app: string) {
    this.#maker = maker
    this.#app = app
  }

  /** A tool that executes a program for a node; undefined where none can be made. */
  make(
    node: { id: string; title: string; description: string },
    source: string,
    inputs: string[],
  ): string | undefined {
    if (!this.#maker || this.tools.length >= mostTools) return undefined
    const name = this.#nameOf(node.id)
    const about = `${node.title || node.id}, a step of ${this.#app || "an app"}, taken over from Dify.`
    const draft = ToolDraft.safeParse({
      kind: "container",
      name,
      description: `${node.description}\n\n${about}`.trim().slice(0, 2_000),
      input_schema: { type: "object", properties: Object.fromEntries(inputs.map((one) => [one, {}])) },
      execution_config: { runtime: "python", source },
    })
    if (!draft.success) return undefined
    const id = this.#maker.id(node.id)
    if (id === undefined) return undefined
    this.#taken.add(name)
    this.tools.push({ id, draft: draft.data })
    return id
  }

  #nameOf(id: string): string {
    const app = nodeName(this.#app, new Set()).slice(0, 20)
    const base = `${app}_${id}`.slice(0, 56)
    for (let i = 1; ; i++) {
      const name = i === 1 ? base : `${base}_${i}`
      if (!this.#taken.has(name) && !this.#maker!.isTaken(name)) return name
    }
  }
}
