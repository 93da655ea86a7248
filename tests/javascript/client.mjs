// Stock clients, driven over stdin and stdout: one request a line, {"id", "do", …}, one answer a line,
// {"id", "ok"} or {"id", "error"}, in the order in which things come about. Nothing here sleeps: what
// waits, waits for an event.

import { once } from "node:events"
import readline from "node:readline"
import { isDeepStrictEqual } from "node:util"
import * as A from "@automerge/automerge"
import { Repo, decodeHeads, generateAutomergeUrl } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { edited, withTable } from "./edits.mjs"
import { storageIn } from "./storage.mjs"
import { at, made, plain } from "./values.mjs"

const PATIENCE_MS = 60_000 // tests/helpers/patience.py
const RETRY_MS = 50

class Client {
  constructor({ name, urls, storage, gossip = false }) {
    this.heard = new Map()
    this.adapters = []
    this.present = new Map()
    this.repo = new Repo({
      network: [],
      storage,
      peerId: name,
      enableRemoteHeadsGossiping: gossip,
    })
    for (const url of urls) this.join(url)
  }

  join(url) {
    const adapter = new WebSocketClientAdapter(url, RETRY_MS)
    this.adapters.push(adapter)
    adapter.on("peer-candidate", each => this.present.set(adapter, each))
    adapter.on("peer-disconnected", () => this.present.set(adapter, undefined))
    this.repo.networkSubsystem.addNetworkAdapter(adapter)
  }

  /** A document's handle; whoever has it hears what is broadcast from now on. */
  async handle(document) {
    const handle = await this.repo.find(document, { allowableStates: ["ready", "unavailable"] })
    if (!this.heard.has(document)) {
      const heard = []
      this.heard.set(document, heard)
      handle.on("ephemeral-message", ({ senderId, message }) => heard.push({ from: senderId, message }))
    }
    return handle
  }

  /** Until what is asked of the document holds; it is asked again at each of these events of its. */
  async until(document, events, holds) {
    const handle = await this.handle(document)
    return waited(handle, events, () => holds(handle))
  }
}

const clients = new Map()
const OF_A_DOCUMENT = ["heads-changed", "change", "delete"]

const DOES = {
  async open({ client, url, urls = [url], folder, gossip }) {
    const storage = folder ? await storageIn(folder) : undefined
    const opened = new Client({ name: client, urls, storage, gossip })
    clients.set(client, opened)
    return { storage: (await opened.repo.storageId()) ?? null }
  },
  async close({ client }) {
    const opened = clients.get(client)
    clients.delete(client)
    await opened?.repo.shutdown()
  },
  /** To one relay more. */
  async join({ client, url }) {
    of(client).join(url)
  },
  /** The name of a document that there is not. */
  async name() {
    return generateAutomergeUrl()
  },
  /** Until it is connected to all its relays, or to none. */
  async connected({ client, to = "all" }) {
    const { adapters, present } = of(client)
    const right = adapter => (to === "all") === (present.get(adapter) !== undefined)
    for (const adapter of adapters) {
      await waited(adapter, ["peer-candidate", "peer-disconnected"], () => right(adapter))
    }
    return adapters.map(adapter => present.get(adapter)?.peerMetadata ?? null)
  },
  async create({ client, value, table }) {
    const { repo } = of(client)
    if (table) return repo.import(withTable(table)).url
    return repo.create(made(value)).url
  },
  async createMany({ client, values }) {
    return values.map(value => of(client).repo.create(made(value)).url)
  },
  async find({ client, document }) {
    const handle = await of(client).handle(document)
    return handle.isReady() ? { value: plain(handle.doc()) } : { unavailable: true }
  },
  async findMany({ client, documents }) {
    const handles = await Promise.all(documents.map(document => of(client).handle(document)))
    return handles.map(handle => (handle.isReady() ? plain(handle.doc()) : null))
  },
  async change({ client, document, edits }) {
    const handle = await of(client).handle(document)
    handle.change(doc => edited(doc, edits))
    return heads(handle)
  },
  /** Many changes at once, each [edits]. */
  async changes({ client, document, all }) {
    const handle = await of(client).handle(document)
    for (const edits of all) handle.change(doc => edited(doc, edits))
    return heads(handle)
  },
  async read({ client, document, path = [] }) {
    return plain(at((await of(client).handle(document)).doc(), path))
  },
  async heads({ client, document }) {
    return heads(await of(client).handle(document))
  },
  async marks({ client, document, path }) {
    return A.marks((await of(client).handle(document)).doc(), path)
  },
  async available({ client, document }) {
    await (await of(client).handle(document)).whenReady()
  },
  /** Until it has these heads, or this value at this path. */
  async until({ client, document, heads: wanted, path = [], value }) {
    const holds = wanted
      ? handle => same(handle.heads(), wanted)
      : handle => isDeepStrictEqual(plain(at(handle.doc(), path)), value)
    await of(client).until(document, OF_A_DOCUMENT, handle => handle.isReady() && holds(handle))
  },
  /** Until the relay has declared that it has what this client has. */
  async stored({ client, document, relay = 0 }) {
    const { adapters, present } = of(client)
    const declared = () => present.get(adapters[relay])?.peerMetadata?.storageId
    await of(client).until(document, ["remote-heads"], handle =>
      same(handle.getSyncInfo(declared())?.lastHeads, heads(handle)))
    return heads(await of(client).handle(document))
  },
  /** Until somebody's storage, wherever it is, is known to hold these heads. */
  async remote({ client, document, storage, heads: wanted }) {
    await of(client).until(document, ["remote-heads"], handle =>
      same(handle.getSyncInfo(storage)?.lastHeads, wanted))
  },
  async subscribe({ client, storages }) {
    of(client).repo.subscribeToRemotes(storages)
  },
  async broadcast({ client, document, message }) {
    ;(await of(client).handle(document)).broadcast(message)
  },
  async heard({ client, document, count }) {
    const heard = () => of(client).heard.get(document)
    await of(client).until(document, ["ephemeral-message"], () => heard().length >= count)
    return heard()
  },
}

function of(name) {
  const client = clients.get(name)
  if (!client) throw new Error(`no client is called ${name}`)
  return client
}

function heads(handle) {
  return decodeHeads(handle.heads()).sort()
}

function same(encoded, wanted) {
  return encoded !== undefined && isDeepStrictEqual(decodeHeads(encoded).sort(), wanted)
}

function waited(emitter, events, holds) {
  return new Promise((resolve, reject) => {
    const end = act => {
      clearTimeout(patience)
      for (const event of events) emitter.off(event, look)
      act()
    }
    const look = () => {
      try {
        if (holds()) end(resolve)
      } catch (error) {
        end(() => reject(error))
      }
    }
    const patience = setTimeout(() => end(() => reject(new Error("waited in vain"))), PATIENCE_MS)
    for (const event of events) emitter.on(event, look)
    look()
  })
}

// A relay that is killed resets its connections, one that is just ending answers 503, and the stock adapter
// throws that at whoever listens to nothing: it tries again all the same.
const PASSING = new Set(["ECONNRESET", "EPIPE"])
const PASSED = /socket hang up|not ready|not open|closed before|Unexpected server response: 503/
process.on("uncaughtException", error => {
  if (PASSING.has(error.code) || PASSED.test(error.message)) return
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
process.on("unhandledRejection", error => {
  throw error
})
console.log = (...words) => process.stderr.write(`${words.join(" ")}\n`)

async function answered(line) {
  const { id, do: name, ...rest } = JSON.parse(line)
  try {
    return { id, ok: (await DOES[name](rest)) ?? null }
  } catch (error) {
    return { id, error: String(error?.message ?? error) }
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  void answered(line).then(async answer => {
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, "drain")
  })
}
process.exit(0)
