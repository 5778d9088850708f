import { join } from "node:path"
import tailwindcss from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig, type IndexHtmlTransformContext, type Plugin } from "vite"
import { chunkGroups } from "./chunks.ts"

/** The text face is wanted by the first paint; without a hint the browser asks for it only after the style sheet. */
function preloadTextFont(): Plugin {
  return {
    name: "edgecrew:preload-text-font",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((file) => /inter-latin-wght.*\.woff2$/.test(file))
        if (!font) return []
        const attrs = { rel: "preload", as: "font", type: "font/woff2", href: `/${font}`, crossorigin: "" }
        return [{ tag: "link", attrs, injectTo: "head-prepend" }]
      },
    },
  }
}

/**
 * Writes down for public/prelude.js which files the frame of a signed-in person and the editor are made of, so that they are asked
 * for before the script that asks for them has come; and for scripts/lib/sizes.ts what of other people's is in them.
 */
function tellPrelude(): Plugin {
  return {
    name: "edgecrew:tell-prelude",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const tag = '<script src="/prelude.js"'
        if (!html.includes(tag)) throw new Error("index.html has no prelude")
        const told = Object.entries(earlyFiles(bundle)).map(
          ([name, files]) => ` data-${name}="${files.join(" ")}"`,
        )
        return html.replace(tag, tag + told.join(""))
      },
    },
    generateBundle(_options, bundle) {
      const files = Object.values(earlyFiles(bundle)).flat()
      const packages = new Set(files.flatMap((file) => packagesIn(bundle[file.slice(1)])))
      const source = JSON.stringify({ files, packages: [...packages].toSorted() })
      this.emitFile({ type: "asset", fileName: ".vite/editor.json", source })
    },
  }
}

/** What is loaded before the editor's canvas is drawn, part after part. */
function earlyFiles(bundle: Bundle): Record<"first" | "shell" | "page" | "editor", string[]> {
  const first = filesOf(bundle, chunkOf(bundle, "app/main.tsx", true))
  const shell = filesOf(bundle, chunkOf(bundle, "app/shell/shell.tsx"), first)
  const page = filesOf(bundle, chunkOf(bundle, "features/editor/editor-page.tsx"), [...first, ...shell])
  const known = [...first, ...shell, ...page]
  return { first, shell, page, editor: filesOf(bundle, chunkOf(bundle, "features/editor/editor.tsx"), known) }
}

function packagesIn(file: Bundle[string] | undefined): string[] {
  if (file?.type !== "chunk") return []
  return Object.entries(file.modules).flatMap(([id, { renderedLength }]) => {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1]
    return name !== undefined && renderedLength > 0 ? [name] : []
  })
}

type Bundle = NonNullable<IndexHtmlTransformContext["bundle"]>
type Chunk = Extract<Bundle[string], { type: "chunk" }>

function chunkOf(bundle: Bundle, module: string, isFirst = false): Chunk {
  for (const file of Object.values(bundle)) {
    if (file.type !== "chunk") continue
    if (isFirst ? file.isEntry : file.moduleIds.includes(join(import.meta.dirname, module))) return file
  }
  throw new Error(`${module} is in no file`)
}

/** The files that a chunk is made of, in the order in which they are wanted, but for those that are there already. */
function filesOf(bundle: Bundle, wanted: Chunk, known: readonly string[] = []): string[] {
  const files = new Set<string>()
  const add = (chunk: Chunk): void => {
    if (files.has(`/${chunk.fileName}`)) return
    // Of a chunk that is styles alone Vite leaves no script.
    if (!chunk.moduleIds.every((id) => id.endsWith(".css"))) files.add(`/${chunk.fileName}`)
    for (const name of chunk.imports) {
      const imported = bundle[name]
      if (imported?.type === "chunk") add(imported)
    }
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) files.add(`/${sheet}`)
  }
  add(wanted)
  return [...files].filter((file) => !known.includes(file))
}

/** Sonner writes its styles into a `<style>` element, which `style-src 'self'` refuses; theme.css imports them as a file. */
function sonnerStylesFromFile(): Plugin {
  return {
    name: "edgecrew:sonner-styles-from-file",
    apply: "build",
    transform: {
      filter: { id: /node_modules\/sonner\/dist\/index\.mjs$/ },
      handler(code) {
        const without = code.replace(/^__insertCSS\(".*"\);?$/m, "")
        if (without === code) this.error("sonner no longer injects its styles this way: revise this plugin")
        return { code: without, map: null }
      },
    },
  }
}

/**
 * Radix locks the page's scrolling by a `<style>` element, which `style-src 'self'` refuses too. Our page does not scroll (its
 * panes do), so nothing uses the lock, and a stand-in keeps it and its weight out.
 */
function noScrollLock(): Plugin {
  return {
    name: "edgecrew:no-scroll-lock",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id === "react-remove-scroll" ? "\0no-scroll-lock" : null),
    load: (id) =>
      id === "\0no-scroll-lock"
        ? `import { Fragment } from "react"; export const RemoveScroll = Fragment`
        : null,
  }
}

/** CodeMirror writes its styles into a `<style>` element as well, unless it may adopt them as a sheet, which no policy refuses. */
function adoptedEditorStyles(): Plugin {
  return {
    name: "edgecrew:adopted-editor-styles",
    apply: "build",
    transform: {
      filter: { id: /node_modules\/style-mod\/src\/style-mod\.js$/ },
      handler(code) {
        const adopting = code.replace(
          "if (!root.head && root.adoptedStyleSheets",
          "if (root.adoptedStyleSheets",
        )
        if (adopting === code)
          this.error("style-mod no longer mounts its styles this way: revise this plugin")
        return { code: adopting, map: null }
      },
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [
    react(),
    tailwindcss(),
    preloadTextFont(),
    tellPrelude(),
    sonnerStylesFromFile(),
    noScrollLock(),
    adoptedEditorStyles(),
  ],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    manifest: true,
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
    target: ["chrome123", "edge123", "firefox128", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    // The pages' own modules lie under /api too; what the Worker answers begins with its version.
    proxy: {
      "^/(api/v1|hooks)/": { target: process.env["EDGECREW_API"] ?? "http://127.0.0.1:8787", ws: true },
    },
  },
})
