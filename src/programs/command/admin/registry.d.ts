/** As far as it is used: the encoder of prom-client, whose types are those of the whole package. */
declare module "prom-client/lib/registry.js" {
  export default class Registry {
    static readonly OPENMETRICS_CONTENT_TYPE: string
    static readonly PROMETHEUS_CONTENT_TYPE: string
    constructor(contentType: string)
    registerMetric(metric: { readonly name: string; readonly get: () => unknown }): void
    metrics(): Promise<string>
  }
}
