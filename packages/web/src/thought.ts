import type { NetworkPanel, NetworkPanelParts } from "./network-panel.js";
import { byId, say } from "./page.js";

/** The view of the network, which is loaded when it is opened for the first time. */
export interface Thought extends NetworkPanel {
  open(): void;
}

/** @param parts what the view needs of the page */
export function createThought(parts: NetworkPanelParts): Thought {
  let panel: NetworkPanel | undefined;
  let loading = false;
  let started: Parameters<NetworkPanel["begin"]>[0] | undefined;
  let palette: Parameters<NetworkPanel["paint"]>[0] | undefined;

  async function load(): Promise<void> {
    loading = true;
    try {
      const { setUpNetworkPanel } = await import("./network-panel.js");
      panel = setUpNetworkPanel(byId("panel-network"), parts);
      if (palette) panel.paint(palette);
      if (started) panel.begin(started);
    } catch (error) {
      loading = false; // who opens it again tries again
      say((error as Error).message, "problem");
    }
  }

  return {
    open() {
      if (!loading) load();
    },
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
