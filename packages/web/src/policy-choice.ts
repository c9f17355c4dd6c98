import { byId } from "./page.js";
import { PRESENTED, titleOf } from "./policy-names.js";
import { MAX_DRONES } from "./scene.js";

/** The lists of policies: cards and a list to choose who flies, and boxes to choose who flies beside it. */
export interface PolicyChoice {
  /** @param flown the first is the one chosen */
  show(names: readonly string[], flown: readonly string[]): void;
}

/** @param fly is told who flies, the chosen one first */
export function setUpPolicyChoice(fly: (names: readonly string[]) => void): PolicyChoice {
  const select = byId<HTMLSelectElement>("policy");
  let beside: readonly string[] = [];
  /** Those beside it fly on. */
  const choose = (name: string) => fly([name, ...beside.filter((other) => other !== name)]);
  select.addEventListener("change", () => choose(select.value));
  let cards: readonly HTMLInputElement[] = [];
  return {
    show(names, flown) {
      const here = PRESENTED.filter(({ name }) => names.includes(name));
      if (here.length !== cards.length) cards = makeCards(here, choose);
      beside = flown.slice(1);
      for (const card of cards) card.checked = card.value === flown[0];
      select.replaceChildren(
        ...names.map((name) => new Option(titleOf(name), name, false, name === flown[0])),
      );
      offerOthers(names, flown, fly);
    },
  };
}

function makeCards(presented: typeof PRESENTED, choose: (name: string) => void): readonly HTMLInputElement[] {
  const made = presented.map(({ name, title, line }) => {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "presented";
    radio.value = name;
    radio.addEventListener("change", () => choose(name));
    const strong = document.createElement("strong");
    strong.textContent = title;
    const small = document.createElement("small");
    small.textContent = line;
    label.append(radio, strong, " ", small);
    return { label, radio };
  });
  byId("presented").replaceChildren(...made.map(({ label }) => label));
  return made.map(({ radio }) => radio);
}

function offerOthers(
  names: readonly string[],
  [chosen, ...beside]: readonly string[],
  fly: (names: readonly string[]) => void,
): void {
  byId("others").replaceChildren(
    ...names
      .filter((name) => name !== chosen)
      .map((name) => {
        const label = document.createElement("label");
        const box = document.createElement("input");
        box.type = "checkbox";
        box.checked = beside.includes(name);
        box.disabled = !box.checked && beside.length >= MAX_DRONES - 1;
        if (box.disabled) label.title = `${MAX_DRONES} drones fly at most`;
        box.addEventListener("change", () => {
          fly([chosen!, ...(box.checked ? [...beside, name] : beside.filter((other) => other !== name))]);
          byId("others")
            .querySelector<HTMLInputElement>(`[data-name="${CSS.escape(name)}"]`)
            ?.focus(); // the boxes are new ones
        });
        box.dataset.name = name;
        label.append(box, titleOf(name));
        return label;
      }),
  );
  if (names.length === 1) byId("others").textContent = "No other policy is here; open a file or train one.";
}
