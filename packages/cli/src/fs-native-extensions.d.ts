/** The part that run-lock.ts needs: the package comes without types. */
declare module "fs-native-extensions" {
  /** Takes the system's exclusive lock on an open file; false where somebody else has it. */
  export function tryLock(fd: number): boolean;
}
