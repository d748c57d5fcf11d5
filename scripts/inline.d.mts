import type { Plugin } from "vitest/config"

export const viteInline: Plugin
