/** What a stream can show: a terminal some columns and pictures one over the other, anything else lines without end. */
import type { WriteStream } from "node:tty"

type Stream = NodeJS.WriteStream & Partial<Pick<WriteStream, "columns">>

/** How long a line may be; Infinity where there is no terminal. Some terminals do not know their size, and say 0. */
export const columnsOf = (stream: Stream): number => stream.isTTY ? stream.columns || 80 : Infinity

/** Whether the cursor can be moved. A terminal that calls itself dumb obeys nothing. */
export const isDrawable = (stream: Stream): boolean => stream.isTTY && process.env["TERM"] !== "dumb"
