import { byId, once } from "./page.js";
import type { TrainPanel, TrainPanelParts } from "./train-panel.js";

/** The view of training, which is loaded when it is opened for the first time. */
export interface TrainView extends TrainPanel {
  open(): Promise<void>;
}

/** @param parts what the view needs of the page */
export function createTrainView(parts: TrainPanelParts): TrainView {
  let panel: TrainPanel | undefined;
  let palette: Parameters<TrainPanel["paint"]>[0] | undefined;
  let guides: readonly string[] = [];

  const open = once(async () => {
    const { setUpTrainPanel } = await import("./train-panel.js");
    panel = setUpTrainPanel(byId("panel-train"), parts);
    if (palette) panel.paint(palette);
    panel.offerGuides(guides);
  });

  return {
    open,
    paint(next) {
      palette = next;
      panel?.paint(next);
    },
    offerGuides(names) {
      guides = names;
      panel?.offerGuides(names);
    },
    render() {
      panel?.render();
    },
    get isWatched() {
      return panel?.isWatched ?? true;
    },
  };
}
