// What a program may use of its surroundings; files come in /box/in and leave by /box/out.
"use strict"
const fs = require("node:fs")

/** The JSON value that the program was given, or undefined. */
exports.inputs = function inputs() {
  const text = fs.readFileSync(0, "utf8")
  return text.trim() === "" ? undefined : JSON.parse(text)
}

/** Answers with a JSON value. The first call counts; a second one is an error. */
exports.result = function result(value) {
  fs.writeFileSync(3, JSON.stringify(value === undefined ? null : value))
  fs.closeSync(3)
}
