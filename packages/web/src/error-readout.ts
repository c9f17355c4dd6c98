import type { ErrorSplit } from "@spikewing/rl";
import { byId } from "./page.js";

/** What the position error of the first drone is made of, in numbers beside it. */
export interface ErrorReadout {
  begin(): void;
  show(errors: ErrorSplit): void;
  /** Writes what is new. */
  render(): void;
}

const inCm = (metres: number) => (Number.isNaN(metres) ? "–" : `${(100 * metres).toFixed(1)} cm`);

export function createErrorReadout(): ErrorReadout {
  const list = byId("errors");
  const late = list.querySelectorAll<HTMLElement>(".late");
  let shown: ErrorSplit | undefined;

  const write = (id: string, text: string) => {
    if (byId(id).textContent !== text) byId(id).textContent = text;
  };

  return {
    begin() {
      for (const value of list.querySelectorAll("dd")) value.textContent = "–";
      for (const part of late) part.hidden = true;
      shown = undefined;
    },
    show(errors) {
      shown = errors;
    },
    render() {
      if (!shown) return;
      const { catchM, offsetM, trackingM, laggingM, shapeM, lagS } = shown;
      shown = undefined;
      write("error-catch", inCm(catchM));
      write("error-offset", inCm(offsetM));
      write("error-tracking", inCm(trackingM));
      for (const part of late) part.hidden = !(laggingM > 0);
      write("error-late", lagS < 0 ? "Early by" : "Late by");
      write("error-lag", `${(1000 * Math.abs(lagS)).toFixed(0)} ms`);
      write("error-shape", inCm(shapeM));
    },
  };
}
