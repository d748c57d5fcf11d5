/** Clients as no server wants them, each a few lines; and some as it does. What they do is drawn from their chance. */
import type { PCGRandom } from "effect/Utils"
import type * as net from "node:net"
import { flood } from "../behaviours/support/crowd.js"
import type { Speech } from "./Speech.js"
import { matches } from "./Speech.js"

export interface Scene {
  readonly socket: net.Socket
  readonly speech: Speech
  readonly random: PCGRandom
  /** Calls back after so many milliseconds, if the socket is still open; gives up with it. */
  readonly after: (milliseconds: number, then: () => void) => void
  /** The server gave a wrong answer. */
  readonly accuse: (words: string) => void
}

export type Adversary = (scene: Scene) => void

const KiB = 1024
const MiB = 1024 * KiB

/** At least so many bytes of one request, again and again: whole ones. */
const requests = ({ random, speech: { floods } }: Scene, bytes: number): Buffer => {
  const request = floods[random.integer(floods.length)]!
  return Buffer.alloc(Math.ceil(bytes / request.length) * request.length, request)
}

/** Node loses a socket that is reset in the tick of its FIN: neither is sent, and it is never closed. */
export const reset = (socket: net.Socket): void =>
  void (socket.connecting || socket.writableEnded ? socket.destroy() : socket.resetAndDestroy())

/** A request without its end. */
const unfinished = (speech: Speech): Buffer => speech.request(0).subarray(0, -1)

const again = (scene: Pick<Scene, "after">, milliseconds: number, act: () => void): void =>
  scene.after(milliseconds, () => {
    act()
    again(scene, milliseconds, act)
  })

export const adversaries: Readonly<Record<string, Adversary>> = {
  "says nothing": () => {},
  "leaves without a word": ({ socket }) => void socket.end(),
  "resets": (scene) => {
    if (scene.random.integer(2) === 0) scene.socket.write(requests(scene, scene.random.integer(64 * KiB)))
    scene.after(scene.random.integer(50), () => reset(scene.socket))
  },
  "half-closes": (scene) => {
    scene.socket.end(requests(scene, scene.random.integer(16 * KiB)))
    scene.socket.resume()
  },
  "half-closes and does not read": (scene) => {
    scene.socket.pause()
    scene.socket.end(requests(scene, scene.random.integer(8 * MiB)))
  },
  "dribbles": (scene) => again(scene, 100, () => void scene.socket.write("1")),
  "does not finish": ({ socket, speech }) => {
    socket.write(unfinished(speech))
    socket.resume()
  },
  "says what is no message": ({ random, socket }) => {
    socket.write(Buffer.from(Array.from({ length: 1 + random.integer(4 * KiB) }, () => random.integer(256))))
    socket.resume()
  },
  "has no end": ({ socket }) => {
    socket.write(Buffer.alloc(256 * KiB, "1"))
    socket.resume()
  },
  "floods": (scene) => {
    flood(scene.socket, requests(scene, 64 * KiB))
    scene.socket.resume()
  },
  "floods and does not read": (scene) => flood(scene.socket, requests(scene, 64 * KiB)),
  "floods, does not read and does not finish": (scene) => {
    scene.socket.pause()
    scene.socket.write(requests(scene, scene.random.integer(16 * MiB)))
    scene.socket.write(unfinished(scene.speech))
  },
  "reads late": (scene) => {
    flood(scene.socket, requests(scene, 64 * KiB))
    scene.after(scene.random.integer(2000), () => scene.socket.resume())
  },
  "reads slowly": (scene) => {
    flood(scene.socket, requests(scene, 64 * KiB))
    again(scene, 50, () => {
      scene.socket.resume()
      setImmediate(() => scene.socket.pause())
    })
  },
  "talks": (scene) => {
    const { accuse, random, socket, speech } = scene
    const listener = speech.listen()
    let sent = 0
    let heard = 0
    socket.on("data", (chunk: Buffer) => {
      for (const reply of listener.hear(chunk)) {
        const expected = speech.reply(heard++)
        if (heard > sent || !matches(reply, expected)) accuse(`request ${heard - 1} was answered '${reply}'`)
      }
    })
    again(scene, 20, () => {
      for (let left = 1 + random.integer(20); left > 0; left--) socket.write(speech.request(sent++))
    })
  }
}
