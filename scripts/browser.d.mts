import type { BuildOptions } from "esbuild"

export const forBrowsers: BuildOptions
