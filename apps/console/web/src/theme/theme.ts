/** The theme that a person chose; the system's otherwise. The only thing that the console stores in the browser. */
export type Theme = 'light' | 'dark';

const KEY = 'console-theme';

/** Applies the chosen theme to the page. */
export function applyTheme(): void {
  const chosen = stored();
  if (chosen !== null) document.documentElement.dataset['theme'] = chosen;
}

/** The theme that the page has. */
export function currentTheme(): Theme {
  const chosen = stored();
  if (chosen !== null) return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Chooses a theme and applies it. */
export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser without storage keeps it until the page is closed.
  }
  document.documentElement.dataset['theme'] = theme;
  dispatchEvent(new Event('themechange'));
}

function stored(): Theme | null {
  const onPage = document.documentElement.dataset['theme'];
  if (onPage === 'light' || onPage === 'dark') return onPage;
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}
