/** A Pub/Sub trigger in Eventarc's REST form, as far as it is supported. */
export interface Trigger {
  readonly name: string;
  readonly topic: string;
  readonly subscription: string;
  readonly destinationUrl: string;
  readonly createTime: string;
}

/** A validated request. `topic` null: Eventarc makes one. */
export interface TriggerRequest {
  readonly topic: string | null;
  readonly destinationUrl: string;
}

/** The only event type that Pub/Sub triggers have. */
export const MESSAGE_PUBLISHED = 'google.cloud.pubsub.topic.v1.messagePublished';

const ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export class TriggerError extends Error {
  constructor(
    readonly code: 400 | 404 | 409 | 501 | 503,
    message: string,
  ) {
    super(message);
  }

  /** The name of the error in Google's JSON errors. */
  get status(): string {
    const names = {
      400: 'INVALID_ARGUMENT',
      404: 'NOT_FOUND',
      409: 'ALREADY_EXISTS',
      501: 'UNIMPLEMENTED',
      503: 'UNAVAILABLE',
    };
    return names[this.code];
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/**
 * Check the body of a create call.
 *
 * Errors: 400 for what Eventarc refuses, 501 for destinations and event types that are not supported here.
 * Source: https://cloud.google.com/eventarc/docs/reference/rest/v1/projects.locations.triggers, read 2026-11-22.
 */
export function parseTrigger(triggerId: string, body: unknown): TriggerRequest {
  if (!ID.test(triggerId)) throw new TriggerError(400, `Invalid trigger id: "${triggerId}".`);
  const { eventFilters, transport, destination } = fields(body);
  checkFilters(eventFilters);
  const url = fields(fields(destination)['httpEndpoint'])['uri'];
  if (typeof url !== 'string') {
    throw new TriggerError(
      501,
      'Only destinations with httpEndpoint.uri are supported by the local Eventarc.',
    );
  }
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new TriggerError(400, `Invalid destination uri: "${url}".`);
  const topic = fields(fields(transport)['pubsub'])['topic'];
  return { topic: typeof topic === 'string' ? topic : null, destinationUrl: url };
}

function checkFilters(filters: unknown): void {
  if (!Array.isArray(filters) || filters.length === 0)
    throw new TriggerError(400, 'eventFilters is required.');
  for (const filter of filters) {
    const { attribute, value, operator } = fields(filter);
    if (attribute !== 'type' || value !== MESSAGE_PUBLISHED || operator !== undefined) {
      throw new TriggerError(
        501,
        `Only the event filter type=${MESSAGE_PUBLISHED} is supported by the local Eventarc.`,
      );
    }
  }
}

/** The resource as `get` answers it. */
export function toTriggerResource(trigger: Trigger): object {
  return {
    name: trigger.name,
    createTime: trigger.createTime,
    eventFilters: [{ attribute: 'type', value: MESSAGE_PUBLISHED }],
    destination: { httpEndpoint: { uri: trigger.destinationUrl } },
    transport: { pubsub: { topic: trigger.topic, subscription: trigger.subscription } },
  };
}
