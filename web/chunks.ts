import { join } from "node:path"
import type { Rolldown } from "vite"

type Context = { getModuleInfo: Rolldown.GetModuleInfo }

const at = (module: string): string => join(import.meta.dirname, module)
const shell = at("app/shell/shell.tsx")
const editorPage = at("features/editor/editor-page.tsx")
const editor = at("features/editor/editor.tsx")
const outside = at("app/routes-outside.tsx")
const routers = [
  ...["router", "routes-inside", "routes-settings", "routes-admin"].map((one) => at(`app/${one}.tsx`)),
  outside,
]

/** Names every icon there is: what is imported from it says nothing of what is used. */
const isBarrel = (id: string): boolean => /node_modules\/lucide-react\/dist\/esm\/lucide-react\.\w+$/.test(id)

const isCanvas = /node_modules\/(@xyflow|d3-|zustand|classcat)/

/** Barrels bring these along, and nothing on the way to the canvas uses them. */
const isLate = (id: string): boolean =>
  /node_modules\/(@radix-ui\/react-(switch|tabs)|@tanstack\/(query-core|react-query)\/.*\/(infiniteQuery\w*|queriesObserver|useQueries|useInfiniteQuery)\.)/.test(
    id,
  )

/** All that some modules are made of; with what they fetch later, too, where that is asked for. */
function madeOf(context: Context, modules: readonly string[], later = false): Set<string> {
  const all = new Set<string>()
  const open = [...modules]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (all.has(id) || isBarrel(id)) continue
    all.add(id)
    const info = context.getModuleInfo(id)
    open.push(...(info?.importedIds ?? []), ...((later && info?.dynamicallyImportedIds) || []))
  }
  return all
}

type Parts = Record<"plain" | "frame" | "drawing" | "editor" | "others", Set<string>>
let parts: Parts | undefined

function partsOf(context: Context): Parts {
  const pagesOf = (id: string) => context.getModuleInfo(id)?.dynamicallyImportedIds ?? []
  const pages = routers.flatMap(pagesOf)
  parts ??= {
    plain: madeOf(context, pagesOf(outside)),
    frame: madeOf(context, [shell]),
    drawing: madeOf(context, [editorPage]),
    editor: madeOf(context, [editor]),
    others: madeOf(
      context,
      pages.filter((id) => id !== editorPage && id !== shell),
      true,
    ),
  }
  return parts
}

/** The file that a module of the editor's way to its canvas goes into; of all others the bundler decides. */
function fileFor(id: string, context: Context): string | null {
  if (isLate(id)) return null
  const { plain, frame, drawing, editor: whole, others } = partsOf(context)
  // Strangers' pages have neither frame nor flows.
  if (plain.has(id)) return frame.has(id) || drawing.has(id) || whole.has(id) ? "plain" : null
  if (frame.has(id)) return "frame"
  if (drawing.has(id)) return "drawing"
  if (!whole.has(id)) return null
  if (!others.has(id)) return "editor"
  // A list of flows shows no canvas.
  return [...madeOf(context, [id])].some((one) => isCanvas.test(one)) ? "viewing" : "shared"
}

/**
 * Each file costs a trip of its own, so what is wanted together travels together: what the first page is made of, the frame of a
 * signed-in person, what a flow is drawn with, the editor. Icons are grouped by who shows them.
 */
export const chunkGroups = [
  { name: "base", tags: ["$initial" as const], priority: 4 },
  {
    name: "canvas",
    test: isCanvas,
    includeDependenciesRecursively: false,
    priority: 3,
  },
  {
    name: "icons",
    test: /node_modules\/lucide-react\//,
    entriesAware: true,
    entriesAwareMergeThreshold: 6_000,
    priority: 2,
  },
  {
    name: fileFor,
    debugName: "the editor's way to its canvas",
    // Each part has all that it is made of in itself or in a part before it.
    includeDependenciesRecursively: false,
    priority: 1,
  },
]
