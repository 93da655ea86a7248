// Values as JSON and back. What JSON has no word for is an object with one name: {"date": ms},
// {"bytes": base64}, {"counter": n}, {"uint": n}, {"float": x}, {"immutable": text}.

import * as A from "@automerge/automerge"

const MAKE = {
  date: ms => new Date(ms),
  bytes: text => new Uint8Array(Buffer.from(text, "base64")),
  counter: number => new A.Counter(number),
  uint: number => new A.Uint(number),
  float: number => new A.Float64(number),
  immutable: text => new A.ImmutableString(text),
}

/** What to write into a document. */
export function made(plain) {
  if (Array.isArray(plain)) return plain.map(made)
  if (plain === null || typeof plain !== "object") return plain
  const names = Object.keys(plain)
  if (names.length === 1 && names[0] in MAKE) return MAKE[names[0]](plain[names[0]])
  return Object.fromEntries(names.map(name => [name, made(plain[name])]))
}

/** What a document shows, as JSON can say it. */
export function plain(value) {
  if (typeof value === "bigint") return Number(value)
  if (value instanceof Date) return { date: value.getTime() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") }
  if (A.isCounter(value)) return { counter: value.value }
  if (A.isImmutableString(value)) return { immutable: value.val }
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.keys(value).map(name => [name, plain(value[name])]))
}

/** What stands at a path, or undefined. */
export function at(value, path) {
  return path.reduce((inner, key) => (inner === undefined || inner === null ? undefined : inner[key]), value)
}
