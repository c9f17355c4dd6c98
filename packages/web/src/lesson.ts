import type { Policy } from "@spikewing/rl";
import { KEPT_ROUNDS, LESSON } from "./lesson-plan.js";
import { byId, say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";
import type { TrainChoice, TrainPoint } from "./train-messages.js";
import type { TrainPanel } from "./train-panel.js";

/** The lesson: an untrained network falls, learns in the page, and flies beside what it was after earlier rounds. */
export interface Lesson {
  /** What it was, newest first. */
  readonly ghosts: readonly string[];
  /** @param changes laid over the lesson's plan */
  begin(changes?: TrainChoice["overrides"]): Promise<void>;
  learned(policy: Policy, point: TrainPoint): void;
}

/** Its last name; one that is taught anew takes it over. */
const PUPIL = "taught here";
const roundName = (round: number) => `round ${round}`;

export interface LessonParts {
  readonly session: Session;
  readonly trainPanel: TrainPanel;
  library(): PolicyLibrary;
  /** Nothing new will be learned. */
  ended(): void;
}

export function setUpLesson({ session, trainPanel, library, ended }: LessonParts): Lesson {
  let ghosts: readonly string[] = [];
  let isOn = false;
  let beganAt = 0;
  const button = byId<HTMLButtonElement>("teach");
  const offer = button.textContent ?? "";
  const news = byId("lesson");
  const bar = byId<HTMLProgressElement>("lesson-progress");

  function show(on: boolean): void {
    isOn = on;
    button.textContent = on ? "Stop the lesson" : offer;
    bar.hidden = !on;
    bar.value = 0;
  }

  async function begin(changes: TrainChoice["overrides"] = {}): Promise<void> {
    ghosts = [];
    beganAt = performance.now();
    show(true);
    news.textContent = "It knows nothing yet, and falls.";
    session.fly(["untrained"]);
    const policy = { ...LESSON.overrides.policy, ...changes };
    try {
      const taught = await trainPanel.train({ ...LESSON, overrides: { policy } }, undefined);
      ended();
      library().add(PUPIL, taught);
      news.textContent = `Taught: it flies beside what it was after ${ghosts.length} of its rounds. Push it, or teach it anew.`;
      session.fly([PUPIL, ...ghosts]);
    } catch (error) {
      news.textContent = "";
      say((error as Error).message, "problem");
    } finally {
      show(false);
    }
  }

  button.addEventListener("click", () => {
    if (isOn) trainPanel.stop();
    else begin();
  });

  return {
    get ghosts() {
      return isOn ? ghosts : [];
    },
    begin,
    learned(policy, { round, rounds }) {
      if (!isOn) return;
      if (KEPT_ROUNDS.includes(round)) {
        const name = roundName(round);
        library().add(name, policy);
        ghosts = [name, ...ghosts];
      }
      const secondsLeft = (((performance.now() - beganAt) / 1000) * (rounds - round)) / round;
      bar.max = rounds;
      bar.value = round;
      news.textContent = `Round ${round} of ${rounds}, about ${Math.ceil(secondsLeft / 5) * 5} s left.`;
    },
  };
}
