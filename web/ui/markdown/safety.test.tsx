import { render } from "@testing-library/react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Markdown } from "../markdown.tsx"

const schemes = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "java\0script:alert(1)",
  "\u0001javascript:alert(1)",
  "\u202ejavascript:alert(1)",
  "ｊavascript:alert(1)",
  "javascript&colon;alert(1)",
  "javascript&#58;alert(1)",
  "javascript&#x3A;alert(1)",
  "&#106;avascript:alert(1)",
  "java&Tab;script:alert(1)",
  "javascript%3Aalert(1)",
  "javascript://https://example.com/%0aalert(1)",
  "vbscript:msgbox(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
  "data:image/svg+xml,<svg onload=alert(1)>",
  "blob:https://example.com/1",
  "file:///etc/passwd",
  "filesystem:https://example.com/x",
  "view-source:https://example.com",
  "intent://x#Intent;end",
  "//evil.example/x",
  "\\\\evil.example\\x",
  "/\\evil.example",
  "/settings/api-keys",
  "../secret",
  "#fragment",
  "?query",
  "tel:+123",
  "sms:+123",
  "ws://evil.example",
  "about:blank",
  "x:y",
]

const tags = [
  "<script>alert(1)</script>",
  "<ScRiPt src=//evil.example/x.js></ScRiPt>",
  "<script\n>alert(1)</script\n>",
  "<img src=x onerror=alert(1)>",
  "<img src='https://evil.example/beacon.png'>",
  "<img/src=x/onerror=alert(1)>",
  '<img srcset="https://evil.example/a 1x">',
  "<svg onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
  "<svg><use href='data:image/svg+xml,...#x'/></svg>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
  "<iframe src=javascript:alert(1)></iframe>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data=javascript:alert(1)></object>",
  "<embed src=https://evil.example/x.swf>",
  "<body onload=alert(1)>",
  "<details open ontoggle=alert(1)>",
  "<video><source onerror=alert(1)></video>",
  "<audio src=x onerror=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<a href=javascript:alert(1)>x</a>",
  "<a href='https://evil.example' onclick=alert(1)>x</a>",
  "<form action=https://evil.example><button>x</button></form>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "<style>@import 'https://evil.example/x.css'</style>",
  "<style>*{background:url(https://evil.example)}</style>",
  "<base href=https://evil.example>",
  "<meta http-equiv=refresh content='0;url=https://evil.example'>",
  "<p style=background:url(https://evil.example)>x</p>",
  "<marquee onstart=alert(1)>x</marquee>",
  "<template><script>alert(1)</script></template>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "<?xml-stylesheet href='javascript:alert(1)'?>",
  "<x onclick=alert(1)>x</x>",
  "<b id=root>clobber</b>",
  '"><img src=x onerror=alert(1)>',
  "'\"--></style></script><script>alert(1)</script>",
  "&lt;img src=x onerror=alert(1)&gt;",
  "&#60;script&#62;alert(1)&#60;/script&#62;",
  "\\<script>alert(1)</script>",
  "<br onclick=alert(1)>",
  "<br/onmouseover=alert(1)>",
  '<https://example.com/" onmouseover=alert(1)>',
  "<javascript:alert(1)>",
  "{{constructor.constructor('alert(1)')()}}",
  "${alert(1)}",
]

const tricks = [
  '[x](https://example.com"onmouseover="alert(1))',
  "[x](https://example.com 'onclick=alert(1)')",
  '[x](https://example.com "><img src=x onerror=alert(1)>")',
  "[<img src=x onerror=alert(1)>](https://example.com)",
  "[![x](javascript:alert(1))](javascript:alert(1))",
  "[![x](https://evil.example/b.png)](https://evil.example)",
  "![x](https://evil.example/beacon.png)",
  "![](https://evil.example/beacon.png)",
  '![x](https://evil.example/b.png "onload=alert(1)")',
  '![x"onerror="alert(1)](https://evil.example/b.png)',
  "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
  "![x](javascript:alert(1))",
  "![x](mailto:a@b.example)",
  "[x]: javascript:alert(1)\n\n[x]",
  "![x][1]\n\n[1]: https://evil.example/beacon.png",
  "[x](https://example.com\njavascript:alert(1))",
  "[x](<javascript:alert(1)>)",
  "[a](https://[)",
  "![a](https://[)",
  "```html\n<script>alert(1)</script>\n```",
  '```"onmouseover="alert(1)\nx\n```',
  "```<img src=x onerror=alert(1)>\nx\n```",
  "`<img src=x onerror=alert(1)>`",
  "| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>alert(1)</script> | ![x](https://evil.example/x) |",
  "> <script>alert(1)</script>",
  "- [x] <img src=x onerror=alert(1)>",
  "# <svg onload=alert(1)>",
  "**<img src=x onerror=alert(1)>**",
  "https://example.com/<script>alert(1)</script>",
  'https://example.com/"onmouseover="alert(1)',
  "http://javascript:alert(1)@evil.example",
  "\u202e<script>alert(1)</script>",
  "＜script＞alert(1)＜/script＞",
  "\ufeff<script>alert(1)</script>",
  "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
  "$$\\href{javascript:alert(1)}{x}$$",
  "[^1]\n\n[^1]: <script>alert(1)</script>",
]

const corpus = [
  ...tags,
  ...tricks,
  ...schemes.flatMap((address) => [
    `[press](${address})`,
    `![look](${address})`,
    `<${address}>`,
    `[a]: ${address}\n\n[a]`,
  ]),
]

/** What Markdown may become, with the attributes of each. */
const allowed: Record<string, readonly string[]> = {
  DIV: ["tabindex"],
  P: [],
  A: ["href", "title", "target", "rel"],
  STRONG: [],
  EM: [],
  S: [],
  BR: [],
  CODE: [],
  PRE: ["tabindex"],
  FIGURE: [],
  FIGCAPTION: [],
  BLOCKQUOTE: [],
  UL: [],
  OL: ["start"],
  LI: [],
  INPUT: ["type", "disabled", "checked", "readonly", "aria-label"],
  TABLE: [],
  THEAD: [],
  TBODY: [],
  TR: [],
  TH: [],
  TD: [],
  HR: [],
  SPAN: [],
  BUTTON: ["type", "title", "aria-label"],
}
/** Our own icons. */
const drawn = "svg.lucide, svg.lucide *"

const alerted = vi.fn()
const requested = vi.fn()

beforeEach(() => {
  vi.stubGlobal("alert", alerted)
  vi.stubGlobal("fetch", requested)
})
afterEach(() => {
  vi.unstubAllGlobals()
  expect(alerted).not.toHaveBeenCalled()
  expect(requested).not.toHaveBeenCalled()
})

function faults(root: ParentNode): string[] {
  return [...root.querySelectorAll("*")]
    .filter((one) => !one.matches(drawn))
    .flatMap((one) => {
      const may = allowed[one.tagName.toUpperCase()]
      if (!may) return [`<${one.tagName}>`]
      const href = one.getAttribute("href")
      const strange = one.getAttributeNames().filter((name) => name !== "class" && !may.includes(name))
      return [
        ...strange.map((name) => `${one.tagName}[${name}]`),
        ...(href !== null && !/^(https?:\/\/|mailto:)/i.test(href) ? [`href ${href}`] : []),
        ...(one.tagName === "A" && one.getAttribute("rel") !== "noopener noreferrer nofollow" ? ["rel"] : []),
      ]
    })
}

it.each(corpus)("[A3] makes nothing but plain elements of %j", (text) => {
  for (const written of [text, `a **b** ${text} c`, `- x\n  ${text}`, `> ${text}`]) {
    const { container, unmount } = render(<Markdown text={written} />)
    expect(faults(container)).toEqual([])
    unmount()
  }
})

it("[A3] is as safe while a text is being written, wherever it stands", { timeout: 30_000 }, () => {
  const { container, rerender } = render(<Markdown text="" writing />)
  for (const text of [...tags, ...tricks]) {
    for (let length = 1; length < text.length; length += 3) {
      rerender(<Markdown text={text.slice(0, length)} writing />)
      const found = faults(container).filter((fault) => !/SPAN\[(?:data-caret|aria-hidden)\]/.test(fault))
      expect(found, text.slice(0, length)).toEqual([])
    }
  }
})

it("the corpus would be found out if tags were let through", () => {
  const page = document.createElement("div")
  page.innerHTML = "<p onclick=x><a href='javascript:x'>x</a></p><object></object>"
  expect(faults(page)).toEqual(["P[onclick]", "href javascript:x", "rel", "<OBJECT>"])
})
