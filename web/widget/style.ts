/**
 * The widget's looks. A site changes them by these custom properties on `edgecrew-chat`, and by nothing else: the shadow root
 * keeps its styles out.
 */
export const style = `
:host {
  --accent: var(--edgecrew-accent, oklch(0.55 0.19 275));
  --on-accent: var(--edgecrew-on-accent, oklch(0.995 0 250));
  --surface: var(--edgecrew-surface, light-dark(oklch(1 0 250), oklch(0.2 0.008 250)));
  --sunken: var(--edgecrew-sunken, light-dark(oklch(0.965 0.003 250), oklch(0.25 0.009 250)));
  --ink: var(--edgecrew-ink, light-dark(oklch(0.22 0.01 250), oklch(0.95 0.004 250)));
  --muted: var(--edgecrew-muted, light-dark(oklch(0.5 0.01 250), oklch(0.7 0.01 250)));
  --line: var(--edgecrew-line, light-dark(oklch(0.9 0.004 250), oklch(0.32 0.01 250)));
  --failed: light-dark(oklch(0.52 0.19 25), oklch(0.76 0.13 22));
  --radius: var(--edgecrew-radius, 12px);
  color-scheme: light dark;
  position: fixed;
  inset-block-end: var(--edgecrew-bottom, 20px);
  inset-inline-end: var(--edgecrew-side, 20px);
  z-index: var(--edgecrew-z-index, 2147483000);
  display: block;
  font: 14px/1.5 var(--edgecrew-font, system-ui, sans-serif);
  color: var(--ink);
}
:host([data-side="left"]) { inset-inline: var(--edgecrew-side, 20px) auto; }
:host([data-theme="light"]) { color-scheme: light; }
:host([data-theme="dark"]) { color-scheme: dark; }
* { box-sizing: border-box; }
button { font: inherit; color: inherit; border: 0; background: none; cursor: pointer; padding: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
[hidden] { display: none !important; }
.bubble {
  display: flex; align-items: center; justify-content: center;
  width: 52px; height: 52px; margin-inline-start: auto; border-radius: 50%;
  background: var(--accent); color: var(--on-accent);
  box-shadow: 0 2px 6px rgb(0 0 0 / 0.18), 0 8px 24px rgb(0 0 0 / 0.16);
}
:host([data-side="left"]) .bubble { margin-inline: 0 auto; }
.bubble svg { width: 24px; height: 24px; }
.panel {
  display: flex; flex-direction: column; overflow: hidden;
  width: min(380px, calc(100vw - 24px)); height: min(600px, calc(100dvh - 110px)); margin-block-end: 12px;
  background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius);
  box-shadow: 0 12px 40px rgb(0 0 0 / 0.2);
}
header { display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px; border-block-end: 1px solid var(--line); }
h2 { flex: 1; min-width: 0; margin: 0; font-size: 15px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.round { display: inline-flex; align-items: center; justify-content: center; width: 36px; height: 36px; border-radius: 8px; color: var(--muted); }
.round:hover { background: var(--sunken); color: var(--ink); }
.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 14px; }
.message { min-width: 0; max-width: 100%; overflow-wrap: anywhere; }
.message.user { align-self: flex-end; max-width: 85%; padding: 8px 12px; border-radius: var(--radius); background: var(--sunken); white-space: pre-wrap; }
:where(p, ul, ol, blockquote, pre) { margin: 0; }
.message > * + *:not([hidden]), .words > * + *, .message blockquote > * + *, .message li > * + * { margin-block-start: 8px; }
.heading { font-weight: 600; }
.message ul, .message ol { padding-inline-start: 22px; }
.message blockquote { padding-inline-start: 10px; border-inline-start: 2px solid var(--line); color: var(--muted); }
code { font-family: ui-monospace, monospace; font-size: 0.92em; background: var(--sunken); border-radius: 4px; padding: 0 3px; }
pre { overflow: auto; max-height: 300px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--sunken); overflow-wrap: normal; }
pre code { padding: 0; background: none; }
.table { overflow-x: auto; }
table { border-collapse: collapse; overflow-wrap: normal; }
th, td { padding: 4px 10px 4px 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; }
a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
hr { border: 0; border-block-start: 1px solid var(--line); width: 100%; }
.state { color: var(--muted); font-size: 13px; }
.dots::after { content: "…"; animation: breathe 1.2s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: 0.25; } }
.error { color: var(--failed); font-size: 13px; padding: 0 16px 8px; }
form { display: flex; align-items: flex-end; gap: 4px; margin: 0 12px 12px; padding: 4px 4px 4px 12px; border: 1px solid var(--line); border-radius: var(--radius); }
form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
textarea:focus-visible { outline: 0; }
textarea { flex: 1; min-width: 0; max-height: 140px; padding: 7px 0; border: 0; outline: 0; resize: none; background: none; color: inherit; font: inherit; field-sizing: content; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { color: var(--accent); }
.send:disabled { color: var(--muted); opacity: 0.6; cursor: default; }
@media (pointer: coarse) { textarea { font-size: 16px; } .round { width: 44px; height: 44px; } }
@media (max-width: 480px) {
  :host([data-open]) { inset: 0; }
  :host([data-open]) .bubble { display: none; }
  .panel { width: 100%; height: 100dvh; margin: 0; border: 0; border-radius: 0; padding-block-end: env(safe-area-inset-bottom); }
}
@media (prefers-reduced-motion: reduce) { .dots::after { animation: none; } }
`
