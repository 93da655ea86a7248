// Honest members with a JavaScript client: they write into a Moot community by its published rules
// (docs/architecture.md), apart and together. Reads a community and prints what they wrote.
//
//   node community.mjs base.json > community.json

import * as A from "@automerge/automerge"
import fs from "node:fs"
import { Dice, base64, unbase64 } from "./dice.mjs"

const ROUNDS = 210
const dice = new Dice(20)
const base = JSON.parse(fs.readFileSync(process.argv[2], "utf8"))
const str = text => new A.ImmutableString(text) // a plain JavaScript string would become a Text
let now = 1_770_000_000_000

/** One member on one machine. */
class Machine {
  constructor(member, nonce) {
    this.member = member
    const actor = member.key + nonce.toString(16).padStart(16, "0")
    ;[this.doc] = A.applyChanges(A.init(actor), base.chunks.map(unbase64))
  }

  write(...acts) {
    now += 61_000
    const options = { time: Math.floor(now / 1000) }
    if (dice.roll() < 0.1) options.message = dice.pick(["edited", "nach der Runde ✓"])
    this.doc = A.change(this.doc, options, doc => acts.forEach(act => act(doc, this.member.text)))
  }
}

function ulid() {
  const letters = Array.from({ length: 16 }, () => dice.pick([..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"]))
  return "01KGCJ8RM0" + letters.join("")
}

function json(value) {
  return str(JSON.stringify(Object.fromEntries(Object.entries({ ...value, at: now }).sort())))
}

const paragraphs = most => Array.from({ length: dice.below(most + 1) }, () => str(dice.text(1 + dice.below(5))))

const RECORDS = {
  issue: () => ({
    title: str(dice.text(1)),
    kind: str(dice.pick(["issue", "question"])),
    level: str(dice.pick(["team", "across teams", "organisation"])),
    body: paragraphs(4),
    now: paragraphs(2),
    at: now,
  }),
  lesson: () => ({ statement: str(dice.text(1)), origin: str("a walk"), at: now, story: paragraphs(5) }),
  review: () => ({ title: str(dice.text(1)), form: str("quick"), at: now, next_steps: paragraphs(3) }),
}

const SCALARS = {
  issue: { title: () => str(dice.text(1)), status: () => str(dice.pick(["open", "agreed", "in work", "closed"])) },
  lesson: { statement: () => str(dice.text(1)), origin: () => str(dice.text(1)) },
  review: { title: () => str(dice.text(1)), ending: () => str(dice.pick(["", "lessons", "next steps"])) },
}

const PROSE = { issue: ["body", "now"], lesson: ["story"], review: ["next_steps"] }

const kindOf = key => key.split("/")[0]
const anyRecord = doc => dice.pick(Object.keys(doc.records).filter(key => kindOf(key) in RECORDS).sort())

function create(doc, me) {
  const kind = dice.pick(["issue", "issue", "lesson", "review"])
  doc.records[`${kind}/${ulid()}/${me}`] = RECORDS[kind]()
}

function scalar(doc) {
  const key = anyRecord(doc)
  const [name, make] = dice.pick(Object.entries(SCALARS[kindOf(key)]))
  put(doc.records[key], name, make())
  doc.records[key].at = now
}

/** Where several values stand, putting the one that wins already would be written as a deletion of the rest. */
function put(map, name, value) {
  if (Object.keys(A.getConflicts(map, name) ?? {}).length > 1) map[name] = str("…")
  map[name] = value
}

function prose(doc) {
  const key = anyRecord(doc)
  const list = doc.records[key][dice.pick(PROSE[kindOf(key)])]
  const at = dice.below(list.length + 1)
  const what = dice.roll()
  if (at === list.length || what < 0.4) list.splice(at, 0, str(dice.text(1 + dice.below(4))))
  else if (what < 0.65) list[at] = str(dice.text(2))
  else if (what < 0.85) A.deleteAt(list, at)
  else list.splice(at, Math.min(2, list.length - at), ...paragraphs(3))
}

function say(doc, me) {
  const about = anyRecord(doc)
  const comments = Object.keys(doc.said).filter(key => key.startsWith(`${me}/comment/`)).sort()
  const [key, value] = dice.pick([
    [`vote/${about}`, { dots: dice.below(6), why: dice.text(1) }],
    [`vote/${about}`, { dots: 1 + dice.below(5) }],
    [`pledge/${about}`, { hours: dice.below(9) + 0.5 }],
    [`comment/${about}/${ulid()}`, { text: dice.text(2) }],
    ["profile/me", { name: dice.pick(["Joon", "Joon 🌱"]), about: dice.text(1) }],
  ])
  if (comments.length && dice.roll() < 0.2) doc.said[dice.pick(comments)] = json({ text: dice.text(1) })
  else doc.said[`${me}/${key}`] = json(value)
}

const ACTS = [create, scalar, scalar, prose, prose, prose, say, say, say]
const [mara, joon, ines] = base.members
const machines = [new Machine(mara, 71), new Machine(joon, 72), new Machine(ines, 73), new Machine(joon, 74)]

function pull(one, other) {
  if (one !== other) one.doc = A.merge(one.doc, other.doc)
}

for (const machine of machines.slice(0, 3)) machine.write(create, create)
for (let round = 0; round < ROUNDS; round++) {
  if (round % 60 === 20) for (const one of machines) for (const other of machines) pull(one, other)
  const machine = dice.pick(machines)
  if (anyRecord(machine.doc)) machine.write(...Array.from({ length: dice.pick([1, 1, 1, 2, 5]) }, () => dice.pick(ACTS)))
  if (dice.roll() < 0.3) pull(...dice.sample(machines, 2))
}
for (let twice = 0; twice < 2; twice++)
  for (const one of machines) for (const other of machines) pull(one, other)

const known = new Set(base.hashes)

const made = A.getAllChanges(machines[0].doc).filter(change => !known.has(A.decodeChange(change).hash))

/** Two write different values at one place, then one of them writes the value that won there. */
function settle(one, other, place) {
  const docs = [one, other].map(machine => A.clone(machine.doc, A.getActorId(machine.doc)))
  const [mine, theirs] = docs.map((doc, nth) =>
    A.change(doc, { time: 0 }, doc => { const [map, name] = place(doc); map[name] = str(["left", "right"][nth]) }))
  const both = A.merge(mine, theirs)
  const settled = A.change(both, { time: 0 }, doc => { const [map, name] = place(doc); map[name] = str(map[name].val) })
  return A.getChanges(docs[0], settled).map(base64)
}
const someIssue = Object.keys(A.toJS(machines[0].doc).records).filter(key => kindOf(key) === "issue").sort()[0]
const settling = {
  record: settle(machines[0], machines[1], doc => [doc.records[someIssue], "title"]),
  statement: settle(machines[1], machines[3], doc => [doc.said, `${joon.text}/vote/${someIssue}`]),
  paragraph: settle(machines[0], machines[2], doc => [doc.records[someIssue].body, 0]),
}

const plain = A.toJS(machines[0].doc)
const value = found => (A.isImmutableString(found) ? found.val : Array.isArray(found) ? found.map(value) : found)
const record = found => Object.fromEntries(Object.entries(found).map(([name, field]) => [name, value(field)]))

console.log(JSON.stringify({
  automerge: A.releaseInfo().js.gitHead,
  ...base,
  changes: made.map(base64),
  heads: A.getHeads(machines[0].doc),
  settling,
  records: Object.fromEntries(Object.entries(plain.records).map(([key, found]) => [key, record(found)])),
  said: Object.fromEntries(Object.entries(plain.said).map(([key, found]) => [key, value(found)])),
}, null, 1))
