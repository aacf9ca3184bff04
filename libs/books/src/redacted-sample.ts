/**
 * A reason to look twice before a change is approved. `EMAIL`, `CARD_NUMBER`: the value looks like personal data; `DATA_KEY`: the key
 * looks like data (an id, a date); `BUDGET_50`, `BUDGET_80`, `BUDGET_95`: percent of the table's column budget are used.
 */
export type ApprovalWarning = 'EMAIL' | 'CARD_NUMBER' | 'DATA_KEY' | 'BUDGET_50' | 'BUDGET_80' | 'BUDGET_95';

const MAX_CHARACTERS = 60;
const COLUMN_BUDGET = 5_000;

/** A value with letters as `x` and digits as `9`, at most 60 characters: `ada@example.org` → `xxx@xxxxxxx.xxx`. */
export function redactedText(value: string): string {
  const cut = Array.from(value).slice(0, MAX_CHARACTERS).join('');
  const text = cut.replace(/\p{N}/gu, '9').replace(/[\p{L}\p{M}]/gu, 'x');
  return cut.length < value.length ? `${text}…` : text;
}

const MAX_ATTRIBUTES = 10;

/**
 * Attributes of a message from their JSON, as text of at most 60 characters. Names of producers and versions stay readable; a value that
 * looks like an e-mail address or a card number is redacted.
 */
export function redactedAttributes(json: string | null): Readonly<Record<string, string>> {
  const attributes = json === null ? null : (JSON.parse(json) as Readonly<Record<string, unknown>> | null);
  return Object.fromEntries(
    Object.entries(attributes ?? {})
      .slice(0, MAX_ATTRIBUTES)
      .map(([name, value]) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        const isPersonal = warningsOf(text, '', 0).length > 0;
        return [name, isPersonal ? redactedText(text) : text.slice(0, MAX_CHARACTERS)];
      }),
  );
}

/** Returns the warnings for a change: from a sample of its values, from its path, and from the leaf columns of the table. */
export function warningsOf(value: string, path: string, leaves: number): readonly ApprovalWarning[] {
  const percent = ([95, 80, 50] as const).find((share) => leaves * 100 >= COLUMN_BUDGET * share);
  return [
    ...(/[^\s@]@[^\s@]+\.[^\s@]/.test(value) ? (['EMAIL'] as const) : []),
    ...(hasCardNumber(value) ? (['CARD_NUMBER'] as const) : []),
    ...(DATA_KEY.test(path.split('/').at(-1) ?? '') ? (['DATA_KEY'] as const) : []),
    ...(percent === undefined ? [] : ([`BUDGET_${percent}`] as const)),
  ];
}

/** Hex of 16 or more, a UUID, or a date. */
const DATA_KEY =
  /^(?:[0-9A-Fa-f]{16,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|\d{4}-\d{2}-\d{2})$/;

/** 13 to 19 digits, with spaces or hyphens between, whose check digit is right (ISO/IEC 7812, Luhn). */
function hasCardNumber(value: string): boolean {
  const groups = value.match(/\d(?:[ -]?\d){12,18}/g) ?? [];
  return groups.some((group) => isLuhn(group.replace(/[ -]/g, '')));
}

function isLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}
