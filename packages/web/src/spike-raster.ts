import { BELOW, drawFrame, frameOf, secondsBack } from "./chart-frame.js";
import { WINDOW_STEPS } from "./history.js";
import type { StepTrace } from "./messages.js";

/** Spikes of one layer: a column a control period, newest at the right; a row a neuron. */
export interface SpikeRaster {
  clear(neurons: number): void;
  /** `first` is the layer's first neuron in the traces. */
  add(traces: readonly StepTrace[], first: number): void;
  /** `chosen` is marked; undefined: another layer's neuron is chosen. */
  draw(colours: { spike: string; mark: string; text: string }, chosen: number | undefined): void;
}

/** @param choose gets the row that was clicked */
export function createSpikeRaster(canvas: HTMLCanvasElement, choose: (neuron: number) => void): SpikeRaster {
  const context = canvas.getContext("2d")!;
  const wheel = document.createElement("canvas"); // columns in a ring; alpha is the spike
  wheel.width = WINDOW_STEPS;
  const wheelContext = wheel.getContext("2d")!;
  const tinted = document.createElement("canvas");
  const tintedContext = tinted.getContext("2d")!;
  let neurons = 0;
  let next = 0;

  canvas.addEventListener("click", (event) => {
    const row = Math.floor((event.offsetY / (canvas.clientHeight - BELOW)) * neurons);
    if (neurons > 0) choose(Math.min(row, neurons - 1));
  });

  return {
    clear(count) {
      neurons = count;
      next = 0;
      wheel.height = Math.max(count, 1);
    },

    add(traces, first) {
      for (const { spikes } of neurons > 0 ? traces : []) {
        const column = wheelContext.createImageData(1, neurons);
        for (let j = 0; j < neurons; j++) column.data[4 * j + 3] = spikes[first + j]! * 255;
        wheelContext.putImageData(column, next, 0);
        next = (next + 1) % WINDOW_STEPS;
      }
    },

    draw({ spike, mark, text }, chosen) {
      const whole = fitCanvas(canvas);
      context.clearRect(0, 0, whole.width, whole.height);
      if (neurons === 0) return;
      const frame = { ...frameOf(whole.width, whole.height), top: 0 };
      const width = Math.round(frame.right - frame.left);
      const height = Math.round(frame.bottom);
      if (tinted.width !== width) tinted.width = width;
      if (tinted.height !== height) tinted.height = height;
      tintedContext.clearRect(0, 0, width, height);
      tintedContext.imageSmoothingEnabled = height < neurons;
      const older = WINDOW_STEPS - next;
      const split = (width * older) / WINDOW_STEPS;
      tintedContext.drawImage(wheel, next, 0, older, neurons, 0, 0, split, height);
      if (next > 0) tintedContext.drawImage(wheel, 0, 0, next, neurons, split, 0, width - split, height);
      tintedContext.globalCompositeOperation = "source-in";
      tintedContext.fillStyle = spike;
      tintedContext.fillRect(0, 0, width, height);
      tintedContext.globalCompositeOperation = "source-over";
      context.drawImage(tinted, frame.left, 0);
      const rows = [
        { at: 0, label: "1" },
        { at: height - 5 * devicePixelRatio, label: String(neurons) },
      ];
      drawFrame(context, frame, secondsBack(frame, WINDOW_STEPS / 100), rows, text);
      if (chosen === undefined) return;
      const y = ((chosen + 0.5) / neurons) * height;
      context.fillStyle = mark;
      context.globalAlpha = 0.25;
      context.fillRect(frame.left, y - devicePixelRatio, width, 2 * devicePixelRatio);
      context.globalAlpha = 1;
      context.beginPath();
      context.moveTo(frame.right, y - 5 * devicePixelRatio);
      context.lineTo(frame.right - 7 * devicePixelRatio, y);
      context.lineTo(frame.right, y + 5 * devicePixelRatio);
      context.fill();
    },
  };
}

/** Gives a canvas the resolution of the screen. */
export function fitCanvas(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height };
}
