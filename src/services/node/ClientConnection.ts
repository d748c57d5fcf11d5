import { ConnectionReset } from "../../domain/NetworkError.js"
import type { Sink } from "../Connection.js"
import { NodeConnection } from "./socket.js"

/** A fatal alert of TLS (RFC 8446, section 6), which is all that a server says by TLS to who does not speak it. */
const isAlert = (chunk: Uint8Array): boolean =>
  chunk.length === 7 && chunk[0] === 0x15 && chunk[1] === 3 && chunk[3] === 0 && chunk[4] === 2 && chunk[5] === 2

/** A client's connection without TLS, to a server that may want it. */
export class ClientConnection extends NodeConnection {
  override open(sink: Sink): void {
    super.open({
      data: (chunk) => {
        this.sink = sink
        if (!isAlert(chunk)) return sink.data(chunk)
        this.error = new ConnectionReset({ address: this.peer, reason: "the server speaks TLS, so connect by TLS" })
        this.reset()
      },
      end: () => sink.end(),
      drain: () => sink.drain(),
      closed: (error) => sink.closed(error)
    })
  }
}
