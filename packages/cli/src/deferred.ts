/**
 * An action whose modules are read when it is called. To read the modules of every command takes longer than most commands
 * take to do their work.
 */
export const deferred =
  <A extends unknown[]>(load: () => Promise<(...args: A) => unknown>) =>
  async (...args: A): Promise<void> => {
    await (await load())(...args);
  };
