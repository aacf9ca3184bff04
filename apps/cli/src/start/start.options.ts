/** Writers of rows: table-manager itself, or the Dataflow job (on Beam's direct runner, which needs a JDK). */
export const DELIVERY_MODES = ['direct', 'dataflow'] as const;

/** Validated options of `npm start`. */
export interface StartOptions {
  readonly delivery: (typeof DELIVERY_MODES)[number];
  /** Publishes exactly this many events, then none. */
  readonly events?: number;
  readonly seed?: number;
  /** Events per second while no exact number is asked for. */
  readonly rate: number;
  readonly generate: boolean;
  /** Ends when every event is a row or a dead letter. */
  readonly exit: boolean;
  /** Seconds without any progress after which `--exit` gives up. */
  readonly patience: number;
  /** Folder that keeps the warehouse over restarts. */
  readonly data?: string;
  readonly verbose: boolean;
  readonly pubsubPort: number;
  readonly bigqueryPort: number;
  readonly bigqueryStoragePort: number;
  readonly storagePort: number;
  readonly eventarcPort: number;
  readonly eventGeneratorPort: number;
  readonly tableManagerPort: number;
  readonly consolePort: number;
}

/** The ports of a pipeline. */
export type PortKey = (typeof PORT_SETTINGS)[number]['key'];
export type PipelinePorts = Pick<StartOptions, PortKey>;

/** The ports that `--port-base` gives: one after the other, in the order of {@link PORT_SETTINGS}. */
export function portsFrom(base: number): PipelinePorts {
  const ports = PORT_SETTINGS.map(({ key }, index) => [key, base + index] as const);
  return Object.fromEntries(ports) as Record<PortKey, number>;
}

/** The ports of options. */
export function portsOf(options: StartOptions): PipelinePorts {
  return Object.fromEntries(PORT_SETTINGS.map(({ key }) => [key, options[key]])) as Record<PortKey, number>;
}

/** Each port with the option and the variable that change it. */
export const PORT_SETTINGS = [
  { key: 'pubsubPort', service: 'Pub/Sub', flag: '--pubsub-port', variable: 'PUBSUB_PORT', port: 8085 },
  {
    key: 'bigqueryPort',
    service: 'BigQuery',
    flag: '--bigquery-port',
    variable: 'BIGQUERY_PORT',
    port: 9050,
  },
  {
    key: 'bigqueryStoragePort',
    service: 'BigQuery Storage Write',
    flag: '--bigquery-storage-port',
    variable: 'BIGQUERY_STORAGE_PORT',
    port: 9060,
  },
  {
    key: 'storagePort',
    service: 'Cloud Storage',
    flag: '--storage-port',
    variable: 'STORAGE_PORT',
    port: 4443,
  },
  {
    key: 'eventarcPort',
    service: 'Eventarc',
    flag: '--eventarc-port',
    variable: 'EVENTARC_PORT',
    port: 9080,
  },
  {
    key: 'eventGeneratorPort',
    service: 'event-generator',
    flag: '--event-generator-port',
    variable: 'EVENT_GENERATOR_PORT',
    port: 8080,
  },
  {
    key: 'tableManagerPort',
    service: 'table-manager',
    flag: '--table-manager-port',
    variable: 'TABLE_MANAGER_PORT',
    port: 8081,
  },
  { key: 'consolePort', service: 'console', flag: '--console-port', variable: 'CONSOLE_PORT', port: 8082 },
] as const;
