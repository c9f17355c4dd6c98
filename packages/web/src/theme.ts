/** Light or dark: what the system says until the reader chooses. */
const KEY = "spikewing-theme";

export type Palette = Readonly<
  Record<
    | "ground"
    | "trace"
    | "ink"
    | "soft"
    | "line"
    | "grid"
    | "layer1"
    | "layer2"
    | "target"
    | "alarm"
    | "motor1"
    | "motor2"
    | "motor3"
    | "motor4"
    | "body",
    string
  >
>;

/** Of the first drone and of those beside it. */
export const DRONE_COLOURS = ["layer1", "motor2", "motor3", "layer2", "ink", "soft"] as const;

const NAMES = [
  "ground",
  "trace",
  "ink",
  "soft",
  "line",
  "grid",
  "layer1",
  "layer2",
  "target",
  "alarm",
  "motor1",
  "motor2",
  "motor3",
  "motor4",
  "body",
] as const satisfies readonly (keyof Palette)[];

/** The colours of the style sheet, as canvases need them. */
function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette;
}

/** Wires the button; `use` gets the colours now and after every change. */
export function setUpTheme(button: HTMLButtonElement, use: (palette: Palette) => void): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const forced = matchMedia("(forced-colors: active)"); // the ground is the system's, so the lines on it are too
  let chosen = readChoice();
  const apply = () => {
    const theme = (forced.matches ? undefined : chosen) ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    button.textContent = theme === "dark" ? "Light" : "Dark";
    use(readPalette());
  };
  button.addEventListener("click", () => {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // storage is switched off: the choice lasts as long as the page
    }
    apply();
  });
  for (const query of [system, forced]) query.addEventListener("change", apply);
  addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    chosen = readChoice(); // another tab was given another one
    apply();
  });
  apply();
}

function readChoice(): "light" | "dark" | undefined {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : undefined;
  } catch {
    return undefined;
  }
}
