/** The protocols that come with the command, by name. */
export const names = ["calc", "echo", "reverse", "chars"] as const

export type Name = typeof names[number]
