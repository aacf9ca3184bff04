import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { ActionHost } from './actions/action-host';
import { words } from './messages';
import { NowScreen } from './screens/now';
import { chooseTheme, currentTheme } from './theme/theme';
import { Icon } from './ui/icons';
import { Empty, Guarded, Loading } from './ui/states';

const SearchScreen = lazy(async () => ({ default: (await import('./screens/search')).SearchScreen }));
const EventScreen = lazy(async () => ({ default: (await import('./screens/event')).EventScreen }));
const TablesScreen = lazy(async () => ({ default: (await import('./screens/tables')).TablesScreen }));
const TableScreen = lazy(async () => ({ default: (await import('./screens/table')).TableScreen }));
const TimelineScreen = lazy(async () => ({ default: (await import('./screens/timeline')).TimelineScreen }));
const LettersScreen = lazy(async () => ({ default: (await import('./screens/dead-letters')).LettersScreen }));
const BooksScreen = lazy(async () => ({ default: (await import('./screens/books')).BooksScreen }));
const ApprovalsScreen = lazy(async () => ({
  default: (await import('./screens/approvals')).ApprovalsScreen,
}));
const PlanScreen = lazy(async () => ({ default: (await import('./screens/plan')).PlanScreen }));
const ActionsScreen = lazy(async () => ({ default: (await import('./screens/actions')).ActionsScreen }));

const NAVIGATION = [
  { path: '/', icon: 'now', title: words.screens.now },
  { path: '/event', icon: 'event', title: words.screens.event },
  { path: '/tables', icon: 'tables', title: words.screens.tables },
  { path: '/timeline', icon: 'timeline', title: words.screens.timeline },
  { path: '/dead-letters', icon: 'deadLetters', title: words.screens.deadLetters },
  { path: '/books', icon: 'books', title: words.screens.books },
  { path: '/approvals', icon: 'approvals', title: words.screens.approvals },
  { path: '/plan', icon: 'plan', title: words.screens.plan },
  { path: '/actions', icon: 'actions', title: words.screens.actions },
] as const;

/** The frame of all screens. */
export function App(): ReactNode {
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(location);
  const current = NAVIGATION.findLast(({ path }) => location === path || location.startsWith(`${path}/`));
  useEffect(() => {
    document.title = `${current?.title ?? words.product} · ${words.product}`;
    // A new screen: a screen reader continues there.
    if (before.current !== location) main.current?.focus();
    before.current = location;
  }, [location, current]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <Bar />
      <nav className="nav" aria-label={words.navigation}>
        <ul>
          {NAVIGATION.map(({ path, icon, title }) => (
            <li key={path}>
              <Link href={path} aria-current={current?.path === path ? 'page' : undefined}>
                <Icon name={icon} />
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <ActionHost>
          <Guarded key={location}>
            <Suspense fallback={<Loading />}>
              <Switch>
                <Route path="/" component={NowScreen} />
                <Route path="/event" component={SearchScreen} />
                <Route path="/event/:id">
                  {({ id }) => <EventScreen key={id} messageId={decoded(id)} />}
                </Route>
                <Route path="/tables" component={TablesScreen} />
                <Route path="/tables/:table">
                  {({ table }) => <TableScreen key={table} table={decoded(table)} />}
                </Route>
                <Route path="/timeline" component={TimelineScreen} />
                <Route path="/dead-letters" component={LettersScreen} />
                <Route path="/books" component={BooksScreen} />
                <Route path="/approvals" component={ApprovalsScreen} />
                <Route path="/plan" component={PlanScreen} />
                <Route path="/actions" component={ActionsScreen} />
                <Route>
                  <Empty title={words.notFound.title} hint={words.notFound.hint} />
                </Route>
              </Switch>
            </Suspense>
          </Guarded>
        </ActionHost>
      </main>
    </div>
  );
}

/** A part of a path; one that cannot be decoded as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function Bar(): ReactNode {
  const [, navigate] = useLocation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <header className="bar">
      <Link href="/" className="brand">
        <span className="brand-mark">
          <Icon name="books" />
        </span>
        <span className="brand-name">{words.product}</span>
      </Link>
      <form
        className="bar-search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const value = field.current?.value.trim() ?? '';
          if (value !== '') navigate(addressOf(value));
        }}
      >
        <span className="field">
          <Icon name="event" />
          <input
            ref={field}
            type="search"
            name="value"
            aria-label={words.search.label}
            aria-keyshortcuts="/"
            placeholder={words.search.placeholder}
            spellCheck={false}
            autoComplete="off"
          />
        </span>
      </form>
      <ThemeSwitch />
    </header>
  );
}

/** A message id opens its event; anything else is searched for. */
export function addressOf(value: string): string {
  return /^\d{1,30}$/.test(value) ? `/event/${value}` : `/event?value=${encodeURIComponent(value)}`;
}

function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(currentTheme);
  const system = useSyncExternalStore(subscribeToSystem, currentTheme);
  const shown = document.documentElement.dataset['theme'] === undefined ? system : theme;
  const other = shown === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button button-plain button-icon"
      aria-label={other === 'dark' ? words.theme.toDark : words.theme.toLight}
      onClick={() => {
        chooseTheme(other);
        setTheme(other);
      }}
    >
      <Icon name={shown === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function subscribeToSystem(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  return () => {
    query.removeEventListener('change', listener);
  };
}
