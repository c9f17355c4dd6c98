import type { Policy } from "@spikewing/rl";
import type { PolicyLibrary } from "./policy-library.js";
import type { Session } from "./session.js";

/** Name of the policy that a training has at present. */
export const LEARNING = "in training";
/** What is learned is flown anew after this many steps, or when the drone is lost. */
const WATCHED_STEPS = 300;
/** What flew before is seen for at least so long, if it is not lost. */
const LEAVE_STEPS = 150;

/** Flies what a training has learned, as soon as what flies has been seen. */
export interface TrainingWatch {
  learned(policy: Policy): void;
  /** Looks whether it is time to fly what was learned. */
  look(): void;
  fly(policy: Policy): void;
  /** Nothing new will come. */
  end(): void;
}

export interface Watched {
  readonly session: Session;
  library(): PolicyLibrary;
  isWanted(): boolean;
  /** Policies to fly beside what is learned. */
  beside(): readonly string[];
}

export function createTrainingWatch({ session, library, isWanted, beside }: Watched): TrainingWatch {
  let newest: Policy | undefined; // since the flight began
  const fly = (policy: Policy) => {
    newest = undefined;
    library().add(LEARNING, policy);
    session.fly([LEARNING, ...beside()]);
  };
  const look = () => {
    const [first] = session.poses;
    if (!newest || !isWanted() || session.isPaused || !first) return;
    const enough = session.flown[0] === LEARNING ? WATCHED_STEPS : LEAVE_STEPS;
    if (first.crashed || first.step >= enough) fly(newest);
  };
  return {
    fly,
    look,
    learned(policy) {
      newest = policy;
      look();
    },
    end() {
      newest = undefined;
    },
  };
}
