'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useEffect, useState } from 'react';
import { readTheme, THEME_COOKIE, type Theme } from './theme';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICON = { system: Monitor, light: Sun, dark: Moon } as const;
const YEAR = 31_536_000;

/** Light, dark, or as the system has it; kept in a cookie so that the server draws the right one. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(readTheme(document.documentElement.dataset.theme)), []);

  const change = () => {
    const next = NEXT[theme];
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where plain http is used
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${next === 'system' ? 0 : YEAR}; samesite=lax`;
  };
  const Icon = ICON[theme];
  return (
    <button
      type="button"
      onClick={change}
      title={`Theme: ${theme}`}
      aria-label={`Theme: ${theme}. Switch to ${NEXT[theme]}`}
      className="grid size-9 place-items-center rounded-lg text-soft hover:bg-hover hover:text-text"
    >
      <Icon size={17} aria-hidden="true" />
    </button>
  );
}
