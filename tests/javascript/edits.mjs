// One change of a document, as a list of edits: [name, path, ...].

import * as A from "@automerge/automerge"
import { at, made } from "./values.mjs"

const EDITS = {
  put: (doc, path, value) => (at(doc, path.slice(0, -1))[path.at(-1)] = made(value)),
  delete: (doc, path) => delete at(doc, path.slice(0, -1))[path.at(-1)],
  add: (doc, path, number) => at(doc, path).increment(number),
  insert: (doc, path, index, values) => A.insertAt(at(doc, path), index, ...values.map(made)),
  splice: (doc, path, index, gone, text) => A.splice(doc, path, index, gone, text),
  updateText: (doc, path, text) => A.updateText(doc, path, text),
  mark: (doc, path, range, name, value) => A.mark(doc, path, range, name, made(value)),
  unmark: (doc, path, range, name) => A.unmark(doc, path, range, name),
  splitBlock: (doc, path, index, block) => A.splitBlock(doc, path, index, made(block)),
}

/** Make them. */
export function edited(doc, edits) {
  for (const [name, path, ...rest] of edits) EDITS[name](doc, path, ...rest)
}

/** A document with an empty table: today's library writes none, and reads no other; older ones have left some. */
export function withTable(key) {
  const ops = [{ action: "makeTable", obj: "_root", key, pred: [] }]
  const actor = A.getActorId(A.init())
  const change = A.encodeChange({ actor, seq: 1, startOp: 1, time: 0, message: null, deps: [], ops })
  return A.save(A.applyChanges(A.init(), [change])[0])
}
