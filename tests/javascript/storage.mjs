// A folder to store in, with its id written before anybody asks for it: two who ask a new one at the same
// moment are told two different ids, and the repo is one of them.

import { randomUUID } from "node:crypto"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"

const ID = ["storage-adapter-id"]

/** The storage in a folder. */
export async function storageIn(folder) {
  const storage = new NodeFSStorageAdapter(folder)
  if (!(await storage.load(ID))) await storage.save(ID, new TextEncoder().encode(randomUUID()))
  return storage
}
