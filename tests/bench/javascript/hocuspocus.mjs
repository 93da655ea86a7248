// Hocuspocus with its SQLite extension, as its own guide sets it up; it says where it listens.
//
//   node hocuspocus.mjs <folder>

import { Server } from "@hocuspocus/server"
import { SQLite } from "@hocuspocus/extension-sqlite"
import { mkdirSync } from "node:fs"

const [folder, port = "0"] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  extensions: [new SQLite({ database: `${folder}/documents.sqlite` })],
})
await server.listen()
process.stdout.write(`Address: ws://127.0.0.1:${server.address.port}\n`)
process.on("SIGTERM", async () => {
  await server.destroy()
  process.exit(0)
})
