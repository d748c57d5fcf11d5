/**
 * A virtual network and what goes with it: to test protocols and apps without sockets, without waiting, and with every
 * accident of a network at hand.
 *
 * @since 0.1.0
 * @module
 */
export * as Conditions from "./domain/testing/Conditions.js"
export * as Transcript from "./domain/testing/Transcript.js"
export * as Explorer from "./programs/testing/Explorer.js"
export * as Peer from "./programs/testing/Peer.js"
export * as Simulation from "./programs/testing/Simulation.js"
export * as VirtualNetwork from "./services/VirtualNetwork.js"
