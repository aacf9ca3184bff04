/** Places of the focus that no person chose: the page, the dialog, and its title, which has the focus after a preview was asked for. */
export interface FocusPlaces {
  readonly page: Element | null;
  readonly dialog: Element | null;
  readonly title: Element | null;
}

/**
 * True if the confirmation may take the focus when a preview arrives: the next key that a person presses on a field, a checkbox or
 * Cancel is meant for that control.
 */
export function isFocusFree(focused: Element | null, { page, dialog, title }: FocusPlaces): boolean {
  return focused === null || [page, dialog, title].includes(focused);
}
