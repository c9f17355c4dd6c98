import type { StepTrace } from "./messages.js";
import { byId } from "./page.js";
import { createSpikeRaster } from "./spike-raster.js";
import type { Palette } from "./theme.js";

/** A raster for each layer of the policy that flies. */
export interface LayerRasters {
  /** @param widths neurons of each layer */
  begin(widths: readonly number[]): void;
  add(traces: readonly StepTrace[]): void;
  /** @param chosen a neuron, counted through all layers */
  draw(palette: Palette, chosen: number): void;
  /** Says how often the neurons of each layer fire. */
  writeRates(texts: readonly string[]): void;
}

/** Colours of the layers, in turn. */
export const layerColour = ({ layer1, layer2 }: Palette, layer: number): string =>
  layer % 2 === 0 ? layer1 : layer2;

/** Which layer a neuron is in, from 0, and how many neurons lie before that layer. */
export function layerOf(
  widths: readonly number[],
  neuron: number,
): { readonly layer: number; readonly first: number } {
  let [layer, first] = [0, 0];
  while (layer < widths.length - 1 && neuron >= first + widths[layer]!) first += widths[layer++]!;
  return { layer, first };
}

/** @param pick called with a neuron that the reader chose */
export function createLayerRasters(pick: (neuron: number) => void): LayerRasters {
  let widths: readonly number[] = [];
  let firsts: readonly number[] = [];
  const rasters: ReturnType<typeof createSpikeRaster>[] = [];
  const figureOf = (layer: number) => byId(`raster${layer + 1}`).closest("figure")!;

  /** The page has figures for two layers; more are made like the first two in turn. */
  function addFigure(layer: number): void {
    const model = figureOf(layer - 2);
    const figure = model.cloneNode(true) as HTMLElement;
    for (const part of figure.querySelectorAll("[id]"))
      part.id = part.id.replace(String(layer - 1), String(layer + 1));
    figure.querySelector(".gloss")?.remove();
    figure.querySelector("canvas")?.setAttribute("aria-label", `Spikes of layer ${layer + 1}`);
    figureOf(layer - 1).after(figure);
  }

  return {
    begin(next) {
      widths = next;
      firsts = widths.map((_, l) => widths.slice(0, l).reduce((sum, width) => sum + width, 0));
      for (let l = rasters.length; l < Math.max(2, widths.length); l++) {
        if (l >= 2) addFigure(l);
        rasters.push(createSpikeRaster(byId(`raster${l + 1}`), (row) => pick((firsts[l] ?? 0) + row)));
      }
      for (const [l, raster] of rasters.entries()) {
        const width = widths[l];
        raster.clear(width ?? 0);
        byId(`layer${l + 1}-name`).textContent =
          width === undefined ? `Layer ${l + 1}` : `Layer ${l + 1}, ${width} neurons`;
        figureOf(l).hidden = l >= Math.max(1, widths.length);
      }
    },
    add(traces) {
      for (const [l, first] of firsts.entries()) rasters[l]!.add(traces, first);
    },
    draw(palette, chosen) {
      for (const [l, first] of firsts.entries()) {
        const row = chosen - first;
        const isHere = row >= 0 && row < widths[l]!;
        rasters[l]!.draw(
          { spike: layerColour(palette, l), mark: palette.ink, text: palette.soft },
          isHere ? row : undefined,
        );
      }
    },
    writeRates(texts) {
      for (const [l, text] of texts.entries()) byId(`layer${l + 1}-rate`).textContent = text;
    },
  };
}
