import axe from "axe-core";
import type { Page } from "playwright-core";

/** What breaks WCAG AA in the part of the page that a selector names, as axe sees it. */
export async function violationsIn(page: Page, selector: string): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (part) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(part, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  }, selector);
}

/** The colours that a page is seen in. */
export const COLOURS = [
  { colorScheme: "light", forcedColors: "none" },
  { colorScheme: "dark", forcedColors: "none" },
  { colorScheme: "light", forcedColors: "active" },
] as const;
