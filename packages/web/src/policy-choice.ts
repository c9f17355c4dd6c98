import { byId } from "./page.js";
import { MAX_DRONES } from "./scene.js";

export interface PolicyChoice {
  readonly names: readonly string[];
  /** The policy of the first drone, and those of the drones beside it. */
  readonly chosen: string | undefined;
  readonly beside: readonly string[];
}

/** Lists the policies twice: to choose one, and a box for each of the others to fly beside it. */
export function showPolicyChoice(
  { names, chosen, beside }: PolicyChoice,
  flyBeside: (names: readonly string[]) => void,
): void {
  const select = byId<HTMLSelectElement>("policy");
  select.replaceChildren(...names.map((name) => new Option(name, name, false, name === chosen)));
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
          flyBeside(box.checked ? [...beside, name] : beside.filter((other) => other !== name));
          byId("others")
            .querySelector<HTMLInputElement>(`[data-name="${CSS.escape(name)}"]`)
            ?.focus(); // the boxes are new ones
        });
        box.dataset.name = name;
        label.append(box, name);
        return label;
      }),
  );
  if (names.length === 1) byId("others").textContent = "No other policy is here; open a file or train one.";
}
