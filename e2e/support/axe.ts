/* What a machine can find of accessibility. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Everything that axe finds fault with, with where it stands. `within`: in a part of the page only. */
export async function violations(page: Page, within = ':root'): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).include(within).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
}
