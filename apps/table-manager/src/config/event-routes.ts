import { registerDecorator, type ValidationOptions } from 'class-validator';

/** Tables by event type, for types whose table does not follow the rule. */
export type EventRoutes = Readonly<Record<string, string>>;

/** Names of the dataset's views. */
const VIEW_NAME = /_unique$|^dead_letters$|^information_schema$/i;
const TABLE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,199}$/;

/** Parses JSON text; other text is returned unchanged, for the rule to refuse. */
export function parseRoutes(text: unknown): unknown {
  if (typeof text !== 'string') {
    return text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // refused by IsEventRoutes, which can say what is expected
  }
}

/** An object of table names that neither begin with an underscore nor are the name of a view. */
function isEventRoutes(value: unknown): value is EventRoutes {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      (name) => typeof name === 'string' && TABLE_NAME.test(name) && !VIEW_NAME.test(name),
    )
  );
}

/** class-validator rule: an object of event types and usable table names. */
export function IsEventRoutes(options: ValidationOptions = {}): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'isEventRoutes',
      target: target.constructor,
      propertyName: String(property),
      options: { message: '$property must be an object of event types and table names', ...options },
      validator: { validate: isEventRoutes },
    });
  };
}
