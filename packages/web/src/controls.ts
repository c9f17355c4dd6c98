import { AIRFRAMES } from "@spikewing/core";
import {
  ACCEPTED,
  DEFAULT_SETTINGS,
  type FlightSettings,
  parseSetting,
  type SettingName,
} from "./flight-settings.js";
import { byId, say } from "./page.js";

/** The settings' controls: elements with data-setting. */
export interface Controls {
  /** Shows these settings. */
  show(settings: FlightSettings): void;
}

export interface ControlEvents {
  change(name: SettingName, value: string | number): void;
  /** Direction as the viewer sees it; mN. */
  push(direction: PushDirection, strength: number): void;
  pause(): void;
  step(): void;
  restart(): void;
  speed(speed: number): void;
  nextSeed(): void;
  resetSettings(): void;
  resetView(): void;
  /** The target moves so far, m: to the right and away as the viewer sees it, and up. */
  moveTarget(right: number, away: number, up: number): void;
  /** The view turns about the target, rad, or comes nearer by a factor. */
  turnView(angle: number, nearer: number): void;
}

/** What a key does to target and view. */
const TARGET_STEP_M = 0.05;
const VIEW_STEP_RAD = 0.2;
const VIEW_STEP = 1.2;

export type PushDirection = "up" | "down" | "left" | "right" | "lift" | "drop" | "yaw";

const UNITS: Partial<Record<SettingName, (value: number) => string>> = {
  windX: (value) => `${value} mN`,
  windY: (value) => `${value} mN`,
  gusts: (value) => `${value} mN`,
  delay: (value) => `${value} ms`,
  battery: (value) => `${value.toFixed(2)} V`,
  noise: (value) => `${value}×`,
  mass: (value) => `${Math.round(100 * value)} %`,
  thrust: (value) => `${Math.round(100 * value)} %`,
};

type Field = HTMLInputElement | HTMLSelectElement;

export function setUpControls(events: ControlEvents): Controls {
  const airframes = document.querySelector<HTMLSelectElement>('[data-setting="airframe"]')!;
  airframes.replaceChildren(...Object.keys(AIRFRAMES).map((name) => new Option(name, name)));
  const fields = [...document.querySelectorAll<Field>("[data-setting]")];
  const nameOf = (field: Field) => field.dataset.setting as SettingName;

  function writeOutput(field: Field): void {
    const output = field.parentElement?.querySelector("output");
    if (output) output.textContent = UNITS[nameOf(field)]?.(Number(field.value)) ?? field.value;
  }

  for (const field of fields) {
    const name = nameOf(field);
    const accepted = ACCEPTED[name];
    if (field instanceof HTMLInputElement && accepted.kind === "number") {
      field.min = String(accepted.min);
      field.max = String(accepted.max);
      field.step = String(accepted.step);
    }
    if (field.type === "range") field.addEventListener("input", () => writeOutput(field));
    field.addEventListener("change", () => {
      const parsed = parseSetting(name, field.value);
      if ("problem" in parsed) say(parsed.problem, "problem");
      else events.change(name, parsed.value);
    });
  }

  const strength = byId<HTMLInputElement>("push-strength");
  const writeStrength = () => {
    strength.parentElement!.querySelector("output")!.textContent = `${strength.value} mN`;
  };
  strength.addEventListener("input", writeStrength);
  writeStrength();
  const push = (direction: PushDirection) => events.push(direction, Number(strength.value));
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-push]"))
    button.addEventListener("click", () => push(button.dataset.push as PushDirection));

  byId("pause").addEventListener("click", events.pause);
  byId("single-step").addEventListener("click", events.step);
  byId("restart").addEventListener("click", events.restart);
  byId("crash-restart").addEventListener("click", events.restart);
  byId("next-seed").addEventListener("click", events.nextSeed);
  byId("reset-view").addEventListener("click", events.resetView);
  byId("reset-settings").addEventListener("click", events.resetSettings);
  const speed = byId<HTMLSelectElement>("speed");
  speed.addEventListener("change", () => events.speed(Number(speed.value)));

  const showKeys = () => byId<HTMLDialogElement>("keys").showModal();
  byId("keys-open").addEventListener("click", showKeys);
  byId("keys-close").addEventListener("click", () => byId<HTMLDialogElement>("keys").close());
  const keys: Readonly<Record<string, () => void>> = {
    ArrowUp: () => push("up"),
    ArrowDown: () => push("down"),
    ArrowLeft: () => push("left"),
    ArrowRight: () => push("right"),
    " ": events.pause,
    ".": events.step,
    r: events.restart,
    v: events.resetView,
    d: () => events.moveTarget(TARGET_STEP_M, 0, 0),
    a: () => events.moveTarget(-TARGET_STEP_M, 0, 0),
    w: () => events.moveTarget(0, TARGET_STEP_M, 0),
    s: () => events.moveTarget(0, -TARGET_STEP_M, 0),
    e: () => events.moveTarget(0, 0, TARGET_STEP_M),
    q: () => events.moveTarget(0, 0, -TARGET_STEP_M),
    "[": () => events.turnView(-VIEW_STEP_RAD, 1),
    "]": () => events.turnView(VIEW_STEP_RAD, 1),
    "+": () => events.turnView(0, VIEW_STEP),
    "-": () => events.turnView(0, 1 / VIEW_STEP),
    "?": showKeys,
  };
  byId("scene").addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  return {
    show(settings) {
      for (const field of fields) {
        if (field !== document.activeElement || field instanceof HTMLSelectElement)
          field.value = String(settings[nameOf(field)]);
        writeOutput(field);
      }
    },
  };
}

/** Settings that training had, the start and the flown path kept. */
export function trainingConditions({ seed, path }: FlightSettings): FlightSettings {
  return { ...DEFAULT_SETTINGS, seed, path };
}
