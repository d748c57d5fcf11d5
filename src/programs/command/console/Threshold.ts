import * as LogLevel from "effect/LogLevel"

/** The least level that is logged, of what the mode shows. It may be changed while the server runs. */
export class Threshold {
  level: LogLevel.LogLevel
  private readonly mode: "user" | "debug"

  constructor(mode: "user" | "debug", level: LogLevel.LogLevel) {
    this.mode = mode
    this.level = level
  }

  /** Mode `user` shows no messages, whatever the level. */
  get least(): LogLevel.LogLevel {
    return this.mode === "user" && LogLevel.lessThan(this.level, LogLevel.Info) ? LogLevel.Info : this.level
  }

  shows(level: LogLevel.LogLevel): boolean {
    return LogLevel.greaterThanEqual(level, this.least)
  }
}
