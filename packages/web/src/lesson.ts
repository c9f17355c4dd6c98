import type { Policy } from "@spikewing/rl";
import { KEPT_ROUNDS, LESSON } from "./lesson-plan.js";
import { byId, say } from "./page.js";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";
import type { TrainChoice, TrainPoint } from "./train-messages.js";
import { describeTimeLeft, type Training } from "./training.js";

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
/** Of its runs, of which an unfinished one makes room for the next. */
const TITLE = "lesson";
const roundName = (round: number) => `round ${round}`;

export interface LessonParts {
  readonly session: Session;
  readonly training: Training;
  library(): PolicyLibrary;
  /** Nothing new will be learned. */
  ended(): void;
}

export function setUpLesson({ session, training, library, ended }: LessonParts): Lesson {
  let ghosts: readonly string[] = [];
  let isOn = false;
  const button = byId<HTMLButtonElement>("teach");
  const offer = button.textContent ?? "";
  const news = byId("lesson");
  const bar = byId<HTMLProgressElement>("lesson-progress");

  function show(on: boolean): void {
    isOn = on;
    button.textContent = on ? "Stop the lesson" : offer;
    bar.hidden = !on;
    news.ariaLive = on ? "off" : "polite"; // how it goes is announced by the training
    bar.value = 0;
  }

  async function begin(changes: TrainChoice["overrides"] = {}): Promise<void> {
    ghosts = [];
    show(true);
    news.textContent = "It knows nothing yet, and falls.";
    session.fly(["untrained"]);
    import("./kept-runs.js").then(({ dropUnfinished }) => dropUnfinished(TITLE)).catch(() => {}); // where storage is refused, the training says so
    const policy = { ...LESSON.overrides.policy, ...changes };
    try {
      const taught = await training.train({ choice: { ...LESSON, overrides: { policy } }, title: TITLE });
      ended();
      library().add(PUPIL, taught);
      news.textContent = "Taught. What it was in earlier rounds flies beside it.";
      session.fly([PUPIL, ...ghosts]);
    } catch (error) {
      news.textContent = "";
      say((error as Error).message, "problem");
    } finally {
      show(false);
    }
  }

  button.addEventListener("click", () => {
    if (isOn) training.stop();
    else begin();
  });

  return {
    get ghosts() {
      return isOn ? ghosts : [];
    },
    begin,
    learned(policy, { round, rounds, share }) {
      if (!isOn) return;
      if (KEPT_ROUNDS.includes(round)) {
        const name = roundName(round);
        library().add(name, policy);
        ghosts = [name, ...ghosts];
      }
      const left = training.secondsLeft();
      bar.value = share;
      news.textContent = `Round ${round} of ${rounds}${left === undefined ? "" : `, ${describeTimeLeft(left)}`}.`;
    },
  };
}
