/* Where things stand on the page. */
import type { Locator, Page } from '@playwright/test';

/** A node's card in the picture. */
export function card(page: Page, id: string): Locator {
  return page.locator(`.react-flow__node[data-id=${JSON.stringify(id)}]`);
}

/** A node's card in the picture while it has this status. */
export function cardIn(page: Page, id: string, status: string): Locator {
  return card(page, id).locator(`.atlas-card[data-status=${status}]`);
}

/** Lines between cards that have this status, among those whose id begins so. */
export function lines(page: Page, idBegins: string, status: string): Locator {
  return page.locator(
    `.react-flow__edge[data-id^=${JSON.stringify(idBegins)}] .atlas-edge[data-status=${status}]`,
  );
}

export function rail(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Problems' });
}

/** The cards of the rail, top to bottom. */
export function problems(page: Page): Locator {
  return rail(page).getByRole('listitem').getByRole('button');
}

/** A problem of the rail that says this. */
export function problem(page: Page, text: string | RegExp): Locator {
  return rail(page).getByRole('button').filter({ hasText: text });
}

export function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Inspector' });
}

/** The connection's word in the top bar. */
export function badge(page: Page): Locator {
  return page.getByRole('banner').getByRole('status');
}

export function banner(page: Page): Locator {
  return page.getByRole('region', { name: 'Freshness' });
}

export const HOSTS = [
  'admin.my-online-store.com',
  'api.my-online-store.com',
  'blog.my-online-store.com',
  'gift.my-online-store.com',
  'help.my-online-store.com',
  'news.my-online-store.com',
  'reviews.my-online-store.com',
  'shop.my-online-store.com',
  'watch.my-online-store.com',
  'wear.my-online-store.com',
  'www.my-online-store.com',
] as const;

/** Path of a rule's id: `rule('shop', 'ingress-wear-watch', 'www.my-online-store.com', '/wear')`. */
export function rule(namespace: string, ingress: string, host: string, path: string): string {
  return `rule:Ingress.networking.k8s.io/${namespace}/${ingress}/${host}/Prefix/${encodeURIComponent(path)}`;
}
