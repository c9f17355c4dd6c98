import type { Page } from "playwright-core";

/** How many pixels of the scene have the hue of a colour of the style sheet, as lines and trails in it have. */
export const pixelsOf = (page: Page, colour: string): Promise<number> =>
  page.evaluate((name) => {
    const canvas = document.getElementById("scene") as HTMLCanvasElement;
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d", { willReadFrequently: true })!;
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    context.fillRect(0, 0, 1, 1);
    const wanted = context.getImageData(0, 0, 1, 1).data;
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const hueOf = ([r, g, b]: Iterable<number>) => {
      const [most, least] = [Math.max(r!, g!, b!), Math.min(r!, g!, b!)];
      if (most - least < 24) return undefined; // grey
      const turn =
        most === r
          ? (g! - b!) / (most - least)
          : most === g
            ? 2 + (b! - r!) / (most - least)
            : 4 + (r! - g!) / (most - least);
      return (60 * turn + 360) % 360;
    };
    const hue = hueOf(wanted)!;
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const seen = hueOf(data.subarray(at, at + 3));
      if (seen !== undefined && Math.abs(seen - hue) < 8) count++;
    }
    return count;
  }, colour);
