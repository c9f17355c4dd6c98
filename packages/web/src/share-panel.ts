import "./style/share.css";
import { scoreOf } from "./challenge.js";
import { type Clip, canFilm, filmCanvas } from "./clip.js";
import { byId, saveAs, say } from "./page.js";
import type { Session } from "./session.js";

export interface SharePanelParts {
  readonly session: Session;
  /** Copies the link of the flight so far. */
  share(challenge?: number): Promise<void>;
}

const FILM_MS = 5000;

/** Links, challenges, a film, and the page inside another one. */
export function setUpSharePanel(panel: HTMLElement, { session, share }: SharePanelParts): void {
  panel.innerHTML = `
  <div class="prose">
    <p>A link carries who flies, the start, the conditions and everything that was done: whoever opens it sees the same flight, to the same bytes.</p>
    <button id="share-link" type="button">Copy the link of this flight</button>
    <p>A challenge is the first 5 s of this flight: wind, gusts, delay, pushes and all. Whoever opens it is told what this drone has reached, and whether theirs has more.</p>
    <button id="share-challenge" type="button">Copy the challenge: survive my storm</button>
  </div>
  <div class="prose">
    <div class="film"><p>The picture of the flight as a film of 5 s (WebM).</p>
    <button id="film" type="button">Film the flight</button></div>
    <label class="embed">For another page: only the flight, with a link to this one
      <textarea id="embed" readonly rows="5" spellcheck="false"></textarea></label>
  </div>`;
  byId("share-link").addEventListener("click", () => share());
  byId("share-challenge").addEventListener("click", async () => {
    const score = scoreOf(session);
    if (score === undefined)
      say("Fly on: a challenge needs the return of 5 s, or of a flight that was lost", "problem");
    else await share(score);
    showEmbed();
  });

  const film = byId<HTMLButtonElement>("film");
  const offer = film.textContent;
  let clip: Clip | undefined;
  panel.querySelector<HTMLElement>(".film")!.hidden = !canFilm();
  film.addEventListener("click", async () => {
    if (clip) {
      clip.stop();
      return;
    }
    const running = filmCanvas(byId("scene"));
    clip = running;
    film.textContent = "Stop and save the film";
    setTimeout(running.stop, FILM_MS);
    try {
      const bytes = new Uint8Array(await (await running.film).arrayBuffer());
      saveAs("spikewing.webm", bytes);
    } catch (error) {
      say((error as Error).message, "problem");
    } finally {
      clip = undefined;
      film.textContent = offer;
    }
  });

  function showEmbed(): void {
    const page = new URL(location.href);
    page.search = "embed";
    byId<HTMLTextAreaElement>("embed").value =
      `<iframe src="${page.href.replaceAll("&", "&amp;")}" title="Spikewing" width="640" height="400" loading="lazy"></iframe>`;
  }
  byId("share-link").addEventListener("click", showEmbed);
  addEventListener("hashchange", showEmbed);
  showEmbed();
}
