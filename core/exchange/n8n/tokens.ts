/** A piece of an expression in JavaScript. */
export type Token = { type: "number" | "string" | "template" | "name" | "sign"; text: string }

const pattern =
  /\s+|(?<number>\d+(?:\.\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<template>`(?:[^`\\]|\\.)*`)|(?<name>[$A-Za-z_][$\w]*)|(?<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|[-+*/%!<>?:.()[\]{},])/y

/** Cuts an expression into pieces; undefined where it holds what is not understood here. */
export function tokensOf(source: string): Token[] | undefined {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < source.length) {
    const found = pattern.exec(source)
    if (!found) return undefined
    const [type, text] = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined) ?? []
    if (type !== undefined) tokens.push({ type: type as Token["type"], text: text! })
    if (tokens.length > 2_000) return undefined
  }
  return tokens
}

/** What stands between the quotes. */
export const unquoted = (text: string): string =>
  text.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])/g, (_, sign: string) => {
    if (sign.length > 1) return String.fromCharCode(Number.parseInt(sign.slice(1), 16))
    return { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" }[sign] ?? sign
  })
