/**
 * Where a conversation is in its life. It goes forward only.
 *
 * - `serving`: messages are taken and answered.
 * - `stopping`: the server stops: what has been received is answered, and then it closes.
 * - `closing`: no message is taken any more; what there is to say is sent, then FIN, and the peer may take its time.
 * - `gone`: the connection is over; a turn may still be under way.
 * - `over`: nothing happens any more.
 */
export const Phase = { serving: 0, stopping: 1, closing: 2, gone: 3, over: 4 } as const

export type Phase = (typeof Phase)[keyof typeof Phase]

/** What they are called, in order. */
export const names = Object.keys(Phase) as ReadonlyArray<keyof typeof Phase>
