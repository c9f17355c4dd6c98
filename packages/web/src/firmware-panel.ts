import type { LibraryOptions } from "@spikewing/firmware";
import type { Policy } from "@spikewing/rl";
import type { FlightClient } from "./flight-client.js";
import { byId, isBusy, saveAs, say, setBusy } from "./page.js";
import { fetchFile } from "./policy-library.js";
import { titleOf } from "./policy-names.js";

/** The policy that flies, as a Teensy library to download. */
export interface FirmwarePanel {
  /** Another policy flies. */
  show(name: string, policy: Policy): void;
}

/** A build of the page without the template says so in this file. */
const TEMPLATE = "library-template.json";
const NOT_BUILT = "null";

export function setUpFirmwarePanel(
  client: FlightClient,
  flown: () => Promise<{ readonly name: string; readonly policy: Policy }>,
): FirmwarePanel {
  const button = byId<HTMLButtonElement>("firmware-download");
  const facts = byId("firmware-facts");

  async function download(): Promise<void> {
    const { name, policy } = await flown();
    const template = await (await fetchFile(TEMPLATE)).text();
    if (template === NOT_BUILT)
      throw new Error(
        "This copy of the page has no firmware template: install wabt, build again, or use a published page",
      );
    const options = {
      target: "teensy",
      protocol: byId<HTMLSelectElement>("firmware-protocol").value,
      weights: byId<HTMLSelectElement>("firmware-weights").value,
    } as LibraryOptions;
    const zip = await client.firmware(policy, `${name}.safetensors`, template, options);
    saveAs(`spikewing-${name.replace(/[^\w-]+/g, "-")}.zip`, zip);
    facts.textContent = `${(zip.length / 1024).toFixed(0)} kB downloaded, with README.md inside`;
  }

  button.addEventListener("click", async () => {
    if (isBusy(button)) return;
    setBusy(button, true);
    try {
      await download();
    } catch (error) {
      say((error as Error).message, "problem");
    } finally {
      setBusy(button, false);
    }
  });

  const protocol = byId<HTMLSelectElement>("firmware-protocol");
  const steps = {
    spikewing: byId("firmware-drone"),
    authors: byId("firmware-drone-authors"),
  };
  const showSteps = () => {
    for (const [name, step] of Object.entries(steps)) step.hidden = name !== protocol.value;
  };
  protocol.addEventListener("change", showSteps);
  showSteps(); // a browser may keep the choice over a reload

  return {
    show(name, { shape }) {
      byId("firmware-policy").textContent = titleOf(name);
      facts.textContent = shape.kind === "spiking" ? "" : "This policy is dense: a board flies spiking ones";
    },
  };
}
