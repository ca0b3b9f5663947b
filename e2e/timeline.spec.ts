import type { Page } from '@playwright/test';
import { violations } from './support/axe';
import { cardIn, inspector, problem, rail } from './support/page';
import { type Recorded, startRecorded } from './support/recorded';
import { expect, test } from './support/test';

const WEAR = 'service:shop/wear-service';

let recorded: Recorded;
/** When wear was broken and not yet mended, RFC 3339. */
let broken: string;

interface History {
  readonly events: readonly {
    readonly type: string;
    readonly at: string;
    readonly finding: { readonly title: string } | null;
  }[];
}

/** When a finding about wear last did this. */
async function momentOf(type: string): Promise<number | null> {
  const { events } = await recorded.world.dashboard.json<History>('/api/v1/history');
  const event = events.findLast((one) => one.type === type && one.finding?.title.includes('wear'));
  return event ? Date.parse(event.at) : null;
}

async function until(type: string): Promise<number> {
  await expect.poll(() => momentOf(type), { timeout: 30_000 }).not.toBeNull();
  return (await momentOf(type)) ?? Number.NaN;
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  recorded = await startRecorded({ scenario: 'online-store' });
  await expect
    .poll(
      async () => (await recorded.world.dashboard.json<{ oldest: string | null }>('/api/v1/history')).oldest,
    )
    .not.toBeNull();
  await recorded.world.kube.scale('shop', 'wear', 0);
  const from = await until('finding-opened');
  await recorded.world.kube.scale('shop', 'wear', 3);
  await until('finding-closed');
  broken = new Date(from).toISOString();
});
test.afterAll(() => recorded.stop());

const strip = (page: Page) => page.getByRole('slider', { name: 'Moment that is shown' });
const past = (page: Page) => page.getByRole('region', { name: 'Moment of the past' });

test('the keys lead from now to the minute it broke, and Escape back', async ({ page }) => {
  await page.goto(recorded.world.url);
  await expect(cardIn(page, WEAR, 'ok')).toBeVisible();
  await strip(page).focus();
  for (let steps = 0; steps < 12 && (await problem(page, /wear.* → 503/).count()) === 0; steps++) {
    await page.keyboard.press('PageDown');
    await expect(past(page)).toContainText('As it was at');
  }
  await expect(cardIn(page, WEAR, 'broken')).toBeVisible();
  await expect(problem(page, /wear.* → 503/)).toBeVisible();
  expect(new URL(page.url()).searchParams.get('t')).not.toBeNull();
  await strip(page).press('Escape');
  await expect(past(page)).toHaveCount(0);
  await expect(cardIn(page, WEAR, 'ok')).toBeVisible();
});

test('a link with a time opens that moment, without what only the cluster of now can tell', async ({
  page,
}) => {
  await page.goto(`${recorded.world.url}/?t=${broken}&select=${encodeURIComponent(WEAR)}`);
  await expect(cardIn(page, WEAR, 'broken')).toBeVisible();
  await expect(inspector(page)).toContainText('wear');
  await expect(inspector(page).getByRole('tab', { name: 'YAML' })).toHaveCount(0);
  await expect(inspector(page).getByRole('region', { name: 'Checklist' })).toHaveCount(0);
  await past(page).getByRole('button', { name: 'Back to live' }).click();
  await expect(cardIn(page, WEAR, 'ok')).toBeVisible();
  await expect(inspector(page).getByRole('tab', { name: 'YAML' })).toBeVisible();
});

test('dragging leads into the past, and to the end of the strip back to now', async ({ page }) => {
  await page.goto(recorded.world.url);
  await expect(strip(page)).toBeVisible();
  const box = (await strip(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
  await expect(past(page)).toBeVisible();
  await page.mouse.move(box.x + box.width - 1, y, { steps: 5 });
  await page.mouse.up();
  await expect(past(page)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get('t')).toBeNull();
});

test('the wheel and the choices change how much time is shown', async ({ page }) => {
  await page.goto(recorded.world.url);
  const span = async () => {
    const [from, to] = await Promise.all(
      ['aria-valuemin', 'aria-valuemax'].map((name) => strip(page).getAttribute(name)),
    );
    return Number(to) - Number(from);
  };
  await page.getByRole('button', { name: '6 h' }).click();
  await expect.poll(span).toBe(6 * 3600);
  await strip(page).hover();
  await page.mouse.wheel(0, -100);
  await expect.poll(span).toBeLessThan(6 * 3600);
});

test('what changed since then is listed with who did it, and signed on the picture', async ({ page }) => {
  await page.goto(`${recorded.world.url}/?t=${broken}`);
  await page.getByRole('button', { name: 'What changed since' }).click();
  const changes = page.getByRole('region', { name: 'What changed' });
  await expect(changes).toContainText('mended');
  await expect(changes).toContainText('wear');
  await expect(cardIn(page, WEAR, 'broken').getByText('changed')).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('a moment of the past can be frozen', async ({ page }) => {
  await page.goto(`${recorded.world.url}/?t=${broken}&focus=${encodeURIComponent(WEAR)}`);
  await expect(cardIn(page, WEAR, 'broken')).toBeVisible();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('as it was at');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const link = await page.getByRole('textbox', { name: 'Link to the frozen moment' }).inputValue();
  await page.goto(link);
  await expect(cardIn(page, WEAR, 'broken')).toBeVisible();
  const at = new Date(broken).toISOString().slice(11, 19);
  await expect(page.getByRole('region', { name: 'Frozen moment' })).toContainText(`${at} UTC`);
});

test('a moment that is not kept says what is', async ({ page }) => {
  await page.goto(`${recorded.world.url}/?t=2020-01-01T00:00:00.000Z`);
  await expect(page.getByRole('heading', { name: 'This moment cannot be shown' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('What is kept reaches from');
});

test('where no history is kept the strip says why', async ({ page, incident }) => {
  await page.goto(incident.url);
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('No history:');
  await expect(strip(page)).toHaveCount(0);
});

test('what one expects, all see; and it is theirs to take back', async ({ page, browser }) => {
  // Wide enough for problems, picture and inspector side by side.
  await page.setViewportSize({ width: 1800, height: 1200 });
  await recorded.world.kube.scale('shop', 'wear', 0);
  await page.goto(`${recorded.world.url}/?select=${encodeURIComponent(WEAR)}`);
  await expect(problem(page, /wear.* → 503/)).toBeVisible();
  await inspector(page).getByRole('button', { name: 'Expected until …' }).first().click();
  await page.getByRole('textbox', { name: 'Note, kept for everybody' }).fill('planned work');
  await page.getByRole('button', { name: '4 hours' }).click();
  await expect(rail(page)).toContainText('“planned work”');
  const other = await browser.newPage();
  await other.goto(recorded.world.url);
  await expect(rail(other)).toContainText('“planned work”');
  await rail(other).getByRole('button', { name: 'Not expected' }).click();
  await expect(rail(other)).not.toContainText('“planned work”');
  await other.close();
  await recorded.world.kube.scale('shop', 'wear', 3);
});

for (const theme of ['light', 'dark'] as const) {
  test(`the past has no accessibility violation, ${theme}`, async ({ page, context }) => {
    await context.addCookies([{ name: 'atlas-theme', value: theme, url: recorded.world.url }]);
    await page.goto(`${recorded.world.url}/?t=${broken}`);
    await expect(cardIn(page, WEAR, 'broken')).toBeVisible();
    await expect(strip(page)).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
