// The relay that comes with automerge-repo: its own sync server, which answers for every document and
// announces none. It says where it listens once it can be spoken to.
//
//   node relay.mjs <folder> [<port>]
//   SIGTERM ends it once everything is written; kill -9 when it likes.

import http from "node:http"
import { Repo } from "@automerge/automerge-repo"
import { WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { WebSocketServer } from "ws"
import { storageIn } from "./storage.mjs"

const [folder, port = "0"] = process.argv.slice(2)
const sockets = new WebSocketServer({ noServer: true, maxPayload: 2 ** 28 })
const repo = new Repo({
  network: [new WebSocketServerAdapter(sockets)],
  storage: await storageIn(folder),
  peerId: `relay-${process.pid}`,
  sharePolicy: async () => false,
  enableRemoteHeadsGossiping: true,
})
// Who joins before it knows its own storage id is never answered.
await repo.storageId()

const server = http.createServer((_, response) => response.end("a relay"))
server.on("upgrade", (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, each => sockets.emit("connection", each, request)),
)
server.listen(Number(port), "127.0.0.1", () => {
  process.stdout.write(`Address: ws://127.0.0.1:${server.address().port}\n`)
})

process.on("SIGTERM", async () => {
  const ready = Object.values(repo.handles).filter(handle => handle.isReady())
  await repo.flush(ready.map(handle => handle.documentId))
  process.exit(0)
})
