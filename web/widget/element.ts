type Attributes = Record<string, string | boolean | undefined>

/** An element with attributes and children. Text only ever becomes text: there is no way from here to HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "")
    else if (typeof value === "string") made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

const space = "http://www.w3.org/2000/svg"

/** An icon of 24 units, drawn by its paths. */
export function icon(...paths: string[]): SVGSVGElement {
  const drawing = document.createElementNS(space, "svg")
  drawing.setAttribute("viewBox", "0 0 24 24")
  drawing.setAttribute("aria-hidden", "true")
  for (const path of paths) {
    const line = document.createElementNS(space, "path")
    line.setAttribute("d", path)
    drawing.append(line)
  }
  return drawing
}
