/** An element that index.html promises. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no element "${id}"`);
  return element as T;
}

let hideAt: ReturnType<typeof setTimeout> | undefined;

/** Says something to everyone, screen readers included; problems stay until they are closed. */
export function say(text: string, kind: "news" | "problem" = "news"): void {
  const status = byId("status");
  clearTimeout(hideAt);
  status.textContent = text;
  byId("toast").classList.toggle("problem", kind === "problem");
  byId("toast").hidden = false;
  if (kind === "news") hideAt = setTimeout(hush, 4000);
}

function hush(): void {
  byId("status").textContent = "";
  byId("toast").hidden = true;
}

/** What is said closes with its button or with Escape. */
export function setUpToast(): void {
  byId("toast-close").addEventListener("click", hush);
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hush();
  });
}

/** A button that waits stays where the keyboard is: `disabled` would drop its focus to the page. */
export function setBusy(button: HTMLButtonElement, isBusy: boolean): void {
  button.setAttribute("aria-disabled", String(isBusy));
}

export const isBusy = (button: HTMLButtonElement) => button.getAttribute("aria-disabled") === "true";

/** Hands a file to the browser's downloads. */
export function saveAs(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Tabs: arrow keys move among them, as the ARIA practices describe. `opened` gets the id of the panel. */
export function setUpTabs(list: HTMLElement, opened: (panel: string) => void): void {
  const tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
  const select = (chosen: HTMLButtonElement) => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      byId(tab.getAttribute("aria-controls")!).hidden = !isChosen;
    }
    opened(chosen.getAttribute("aria-controls")!);
  };
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const next = tabs[(i + step + tabs.length) % tabs.length]!;
      next.focus();
      select(next);
    });
  }
}

/** What is loaded when it is wanted for the first time; who wants it after a failure tries again. */
export function once(load: () => Promise<void>): () => Promise<void> {
  let loading: Promise<void> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      say((error as Error).message, "problem");
    });
    return loading;
  };
}
