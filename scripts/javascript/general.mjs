// Documents of every sort that JavaScript automerge can write, and whole conversations in which two
// of its peers bring each other up to date: nothing here is a community.
//
//   node general.mjs > general.json

import * as A from "@automerge/automerge"
import assert from "node:assert"
import zlib from "node:zlib"
import { Dice, base64 } from "./dice.mjs"

const dice = new Dice(7)
const str = text => new A.ImmutableString(text)
const start = (actor = dice.hex(16)) => A.init(actor)
const apart = doc => A.clone(doc, dice.hex(16))

function write(doc, act, options = {}) {
  return A.change(doc, { time: 0, ...options }, act)
}

function values() {
  let doc = write(start(), d => {
    d.nothing = null
    d.yes = true
    d.no = false
    d.int = -42
    d.large = Number.MAX_SAFE_INTEGER
    d.small = Number.MIN_SAFE_INTEGER
    d.uint = new A.Uint(7)
    d.float = 0.1
    d.whole = new A.Float64(3)
    d.endless = Infinity
    d.minusZero = new A.Float64(-0)
    d.date = new Date(1_770_000_000_000)
    d.early = new Date(-1)
    d.bytes = new Uint8Array([0, 255, 128])
    d.empty = new Uint8Array()
    d.string = str("Übergabe 引き継ぎ 🗒️")
    d.counter = new A.Counter(5)
    d["🗝️ a key"] = str("")
    d.map = { a: { b: { c: { d: {} } } } }
    d.list = [1, [2, [3, []]], { x: [null] }, new A.Counter(1), new Date(0)]
  })
  const other = apart(doc)
  doc = write(doc, d => {
    d.counter.increment(3)
    d.list[3].decrement(2)
    delete d.map.a.b.c
    d.list.splice(0, 2)
    d.float = new A.Float64(-1e300) // plain, it would be written as a whole number that it is not
  })
  const changed = write(other, d => {
    d.counter.increment(10)
    d.float = 1e-300
    d.map.a.b = str("put over a map")
    A.insertAt(d.list, 1, 1, 2, 3)
  })
  doc = A.merge(doc, changed)
  return write(doc, d => {
    d.float = 2.5
    d.counter.decrement(100)
    d.again = d.list.length
  })
}

function text() {
  let doc = write(start(), d => {
    d.text = "The quick brown fox 🦊 jumps over the lazy dog."
    d.other = ""
  })
  const other = apart(doc)
  doc = write(doc, d => {
    A.splice(d, ["text"], 4, 5, "slow")
    A.mark(d, ["text"], { start: 0, end: 9, expand: "both" }, "bold", true)
    A.mark(d, ["text"], { start: 5, end: 12, expand: "none" }, "link", "https://relay.example")
    A.updateText(d, ["other"], "begun")
  })
  const changed = write(other, d => {
    A.splitBlock(d, ["text"], 10, { type: str("paragraph"), parents: [], attrs: {} })
    A.mark(d, ["text"], { start: 2, end: 20, expand: "after" }, "when", new Date(0))
    A.mark(d, ["text"], { start: 3, end: 8, expand: "before" }, "size", 12)
  })
  doc = A.merge(doc, changed)
  doc = write(doc, d => {
    A.unmark(d, ["text"], { start: 2, end: 6, expand: "both" }, "bold")
    A.updateBlock(d, ["text"], 10, { type: str("heading"), parents: [], attrs: { level: 2 } })
  })
  return write(doc, d => A.updateText(d, ["text"], `${dice.text(40)} ${d.text} 👩‍👩‍👧`))
}

function crowd() {
  const first = write(start(), d => {
    d.list = []
    d.said = {}
  })
  const everybody = Array.from({ length: 24 }, () => apart(first))
  for (let round = 0; round < 3; round++)
    for (const [nth, doc] of everybody.entries()) {
      everybody[nth] = write(doc, d => {
        d.list.splice(dice.below(d.list.length + 1), 0, str(`${nth}.${round}`))
        d.said.same = nth
        d.said[`of ${nth}`] = round
      })
      if (dice.roll() < 0.2) everybody[nth] = A.merge(everybody[nth], everybody[(nth + 1) % 24])
    }
  const all = everybody.reduce((doc, other) => A.merge(doc, other), apart(first))
  return write(all, d => (d.said.same = str("settled")))
}

function times() {
  let doc = write(start(), d => (d.a = 1), { message: "first 🌱", time: 1_770_000_000 })
  doc = A.emptyChange(doc, { message: "nothing was done", time: 1_770_000_060 })
  doc = A.emptyChange(doc, { time: 0 })
  doc = write(doc, d => (d.a = 2), { message: "x".repeat(300), time: -5 })
  let other = apart(doc)
  other = A.emptyChange(other, { time: 0 })
  doc = write(doc, d => (d.a = 3), { time: 2 ** 40 })
  return A.emptyChange(A.merge(doc, other), { message: "both", time: 0 })
}

function past() {
  let doc = write(start(), d => {
    d.text = "as it was"
    d.n = 1
  })
  const heads = A.getHeads(doc)
  doc = write(doc, d => {
    A.splice(d, ["text"], 0, 2, "what")
    d.n = 2
  })
  doc = A.changeAt(doc, heads, { time: 0 }, d => {
    A.splice(d, ["text"], 9, 0, ", and is")
    d.n = 3
  }).newDoc
  return write(doc, d => (d.n = 3)) // the value that wins already: the others are deleted
}

function long() {
  let doc = start()
  for (let nth = 0; nth < 12; nth++)
    doc = write(doc, d => {
      d[`record ${nth}`] = { title: str(dice.text(1)), body: [str(dice.text(6)), str(dice.text(6))] }
    })
  return write(doc, d => (d.rows = Array.from({ length: 600 }, (_, nth) => nth % 7)))
}

/** A table with a row, which only older writers make: JavaScript still writes the bytes, and cannot load them. */
function table() {
  const actor = "0a".repeat(16)
  const ops = [
    { action: "makeTable", obj: "_root", key: "table", pred: [] },
    { action: "makeMap", obj: `1@${actor}`, key: "row", pred: [] },
    { action: "set", obj: `2@${actor}`, key: "n", value: 3, datatype: "uint", pred: [] },
  ]
  return A.encodeChange({ actor, seq: 1, startOp: 1, time: 0, message: null, deps: [], ops })
}

/** A change of a writer who also says whose actor it is: that follows the operations. */
function authored() {
  const ops = [{ action: "set", obj: "_root", key: "k", value: 1, datatype: "int", pred: [] }]
  const extra_bytes = [1, 16, ...Array.from({ length: 16 }, () => 0xcc)]
  return A.encodeChange({ actor: "0b".repeat(16), seq: 1, startOp: 1, time: 0, message: null, deps: [], extra_bytes, ops })
}

/** Changes as older versions send them, deflated; this one reads them and writes them plain. */
function deflated(doc) {
  const plain = A.getAllChanges(doc)
  const packed = plain.map(chunk => {
    const start = chunk.findIndex((byte, at) => at > 8 && byte < 128) + 1
    const body = zlib.deflateRawSync(chunk.subarray(start))
    return new Uint8Array([...chunk.subarray(0, 8), 2, ...uleb(body.length), ...body])
  })
  assert.deepEqual(A.getHeads(A.applyChanges(start(), packed)[0]), A.getHeads(doc))
  return packed
}

function uleb(number) {
  return number < 128 ? [number] : [(number & 127) | 128, ...uleb(number >> 7)]
}

/** Two peers talk until neither has anything to say; `strip` makes one of them an older one. */
function talk(one, other, { strip = 0, readOnly = false } = {}) {
  const docs = [one, other]
  const states = [A.initSyncState(), A.initSyncState(readOnly ? { readOnly } : undefined)]
  const messages = []
  const hashes = A.getAllChanges(A.merge(apart(one), other)).map(hash)
  for (let quiet = 0, turn = 0; quiet < 2; turn = 1 - turn) {
    let message
    ;[states[turn], message] = A.generateSyncMessage(docs[turn], states[turn])
    quiet = message ? 0 : quiet + 1
    if (!message) continue
    const { heads, need, have, changes } = A.decodeSyncMessage(message)
    if (strip) message = message.subarray(0, message.length - strip)
    messages.push({
      data: base64(message),
      heads, need,
      last_sync: have.map(each => each.lastSync),
      changes: changes.map(base64),
      has: A.getAllChanges(docs[turn]).map(change => hashes.indexOf(hash(change))),
    })
    ;[docs[1 - turn], states[1 - turn]] = A.receiveSyncMessage(docs[1 - turn], states[1 - turn], message)
  }
  return { hashes, messages, heads: docs.map(doc => A.getHeads(doc)) }
}

const hash = change => A.decodeChange(change).hash

function many(doc, count) {
  for (let nth = 0; nth < count; nth++) doc = write(doc, d => (d[`k${dice.below(9)}`] = str(dice.text(1))))
  return doc
}

function conversations() {
  const common = many(start(), 12)
  const [left, right] = [many(apart(common), 25), many(apart(common), 20)]
  const behind = apart(left)
  const long = write(apart(left), d => (d.long = str(dice.text(30))))
  return {
    "an empty peer is given everything": talk(start(), left),
    "two that are apart meet": talk(apart(left), apart(right)),
    "two that are apart meet, in the first version": talk(apart(left), apart(right), { strip: 3 }),
    "one is a little behind": talk(behind, long),
    "one is a little behind, in the first version": talk(apart(behind), apart(long), { strip: 3 }),
    "nothing is new": talk(apart(left), apart(left)),
    "one only listens": talk(apart(left), apart(right), { readOnly: true }),
  }
}

const documents = {
  values: values(), text: text(), crowd: crowd(), times: times(), past: past(), long: long(), empty: start(),
}

console.log(JSON.stringify({
  automerge: A.releaseInfo().js.gitHead,
  documents: Object.fromEntries(Object.entries(documents).map(([name, doc]) => [name, {
    saved: base64(A.save(doc)),
    heads: A.getHeads(doc),
    changes: A.getAllChanges(doc).map(base64),
    rows: A.getAllChanges(doc).map(A.decodeChange).map(({ seq, startOp, time, message, ops }) =>
      [seq, startOp, time, message, ops.length]),
  }])),
  deflated: deflated(documents.long).map(base64),
  encoded: { table: base64(table()), authored: base64(authored()) },
  conversations: conversations(),
}, null, 1))
