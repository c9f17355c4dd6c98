import type { NetworkPanel, NetworkPanelParts } from "./network-panel.js";
import { byId, once } from "./page.js";

/** The view of the network, which is loaded when it is opened for the first time. */
export interface Thought extends NetworkPanel {
  open(): Promise<void>;
}

/** @param parts what the view needs of the page */
export function createThought(parts: NetworkPanelParts): Thought {
  let panel: NetworkPanel | undefined;
  let started: Parameters<NetworkPanel["begin"]>[0] | undefined;
  let palette: Parameters<NetworkPanel["paint"]>[0] | undefined;

  const open = once(async () => {
    const { setUpNetworkPanel } = await import("./network-panel.js");
    panel = setUpNetworkPanel(byId("panel-network"), parts);
    if (palette) panel.paint(palette);
    if (started) panel.begin(started);
  });

  return {
    open,
    begin(report) {
      started = report;
      panel?.begin(report);
    },
    add(traces, step, lost) {
      panel?.add(traces, step, lost);
    },
    pushed() {
      panel?.pushed();
    },
    paint(next) {
      palette = next;
      panel?.paint(next);
    },
    render(nowMs) {
      panel?.render(nowMs);
    },
  };
}
