/** A film of a canvas. */
export interface Clip {
  stop(): void;
  /** WebM, once it has been stopped. */
  readonly film: Promise<Blob>;
}

const PICTURES_PER_S = 30;

/** Whether this browser makes films. */
export const canFilm = (): boolean =>
  typeof MediaRecorder !== "undefined" &&
  MediaRecorder.isTypeSupported("video/webm") &&
  "captureStream" in HTMLCanvasElement.prototype;

export function filmCanvas(canvas: HTMLCanvasElement): Clip {
  const recorder = new MediaRecorder(canvas.captureStream(PICTURES_PER_S), { mimeType: "video/webm" });
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const film = new Promise<Blob>((resolve, reject) => {
    recorder.addEventListener("stop", () => resolve(new Blob(pieces, { type: "video/webm" })));
    recorder.addEventListener("error", () => reject(new Error("the film could not be made")));
  });
  recorder.start();
  return {
    film,
    stop() {
      if (recorder.state !== "inactive") recorder.stop();
    },
  };
}
