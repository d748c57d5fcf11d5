// Ensure that the manifests in docs/kubernetes/ are what Kubernetes takes, and go together.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { Deployment } from "kubernetes-models/apps/v1/Deployment"
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler"
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget"
import { Service } from "kubernetes-models/v1/Service"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"
import * as Value from "../../src/programs/command/arguments/Value.js"

const folder = fileURLToPath(new URL("../../docs/kubernetes/", import.meta.url))

const read = (name: string) => parse(readFileSync(`${folder}/${name}.yaml`, "utf8"))

const kinds = {
  deployment: Deployment,
  service: Service,
  poddisruptionbudget: PodDisruptionBudget,
  horizontalpodautoscaler: HorizontalPodAutoscaler
}

/** The same value, which keeps count of the fields that nobody has asked for. */
const watched = (value: unknown, path: string, unasked: Set<string>): unknown => {
  if (typeof value !== "object" || value === null) return value
  for (const key of Object.keys(value)) unasked.add(`${path}/${key}`)
  const inner = new Map(Object.entries(value).map(([key, part]) => [key, watched(part, `${path}/${key}`, unasked)]))
  return new Proxy(value, {
    get: (target, key) => {
      if (typeof key !== "string" || !inner.has(key)) return Reflect.get(target, key) as unknown
      unasked.delete(`${path}/${key}`)
      return inner.get(key)
    }
  })
}

/** What is not as the schema has it, and what the schema has not at all: it looks at all that it has. */
const faults = (Kind: typeof kinds[keyof typeof kinds], manifest: object): ReadonlyArray<string> => {
  const unasked = new Set<string>()
  const model = new Kind()
  Object.assign(model, watched(manifest, "", unasked))
  try {
    model.validate()
  } catch (error) {
    return [String(error)]
  }
  return Array.from(unasked, (path) => `${path} is no field`)
}

describe("docs/kubernetes/", () => {
  it("holds these, and each is as the schema of its kind has it", () => {
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(kinds).map((name) => `${name}.yaml`).toSorted())
    for (const [name, Kind] of Object.entries(kinds)) {
      const manifest = read(name)
      const { apiVersion, kind } = new Kind() as { readonly apiVersion: string; readonly kind: string }
      expect(manifest).toMatchObject({ apiVersion, kind })
      expect([name, faults(Kind, manifest)]).toEqual([name, []])
    }
  })

  it("would not be, with a field too many or a value of another kind", () => {
    const { spec } = read("deployment")
    const [container] = spec.template.spec.containers
    container.imagge = container.image
    expect(faults(Deployment, { spec })).toEqual(["/spec/template/spec/containers/0/imagge is no field"])
    spec.template.spec.terminationGracePeriodSeconds = "30 s"
    expect(faults(Deployment, { spec })).toEqual([expect.stringContaining("terminationGracePeriodSeconds")])
  })

  it("go together: names, labels and ports; and the grace is more than preStop and the drain", () => {
    const deployment = read("deployment")
    const { selector, template } = deployment.spec
    const [container] = template.spec.containers
    const labels = template.metadata.labels
    expect(selector.matchLabels).toEqual(labels)
    expect(read("service").spec.selector).toEqual(labels)
    expect(read("poddisruptionbudget").spec.selector.matchLabels).toEqual(labels)
    expect(read("horizontalpodautoscaler").spec.scaleTargetRef).toEqual({
      apiVersion: deployment.apiVersion,
      kind: deployment.kind,
      name: deployment.metadata.name
    })
    const ports = container.ports.map(({ name }: { readonly name: string }) => name)
    expect(ports).toContain(read("service").spec.ports[0].targetPort)
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
      expect(ports).toContain(probe.httpGet.port)
    }
    const env = new Map<string, string>(
      container.env.map(({ name, value }: { readonly name: string; readonly value: string }) => [name, value])
    )
    const drain = Either.getOrThrow(Value.duration(env.get("SWITCHBOARD_DRAIN_TIMEOUT")!))
    const [, preStop] = container.lifecycle.preStop.exec.command
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(preStop) + Duration.toSeconds(drain))
  })
})
