// A plugin of typedoc: an export without a description is an error. What typedoc itself asks for is any comment at all,
// a tag such as @since included.
import { Application, ReflectionKind } from "typedoc"

const exported = ReflectionKind.SomeModule | ReflectionKind.SomeExport

const isDescribed = (reflection) =>
  reflection.comment?.hasVisibleComponent() && reflection.comment.summary.length > 0 ||
  reflection.signatures?.some(isDescribed) || reflection.type?.declaration?.signatures?.some(isDescribed)

export const load = (app) => {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    const bare = project.getReflectionsByKind(exported)
      // What is exported from two places is described at one of them.
      .filter((reflection) => !reflection.isProject() && !reflection.isReference() && !isDescribed(reflection))
    for (const reflection of bare) {
      const file = reflection.sources?.[0]?.fileName ?? "src"
      const hint = reflection.kindOf(ReflectionKind.SomeModule) ? " (a file's own comment ends with @module)" : ""
      app.logger.error(`${file}: ${reflection.getFullName()} has no description${hint}.`)
    }
  })
}
