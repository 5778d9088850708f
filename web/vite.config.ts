import tailwindcss from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"

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
    sonnerStylesFromFile(),
    noScrollLock(),
    adoptedEditorStyles(),
  ],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    manifest: true,
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
