/** Who does the runs of a sweep: threads of this process, or a job array on a cluster. */
export const ENGINES = { local: {}, slurm: {} } as const;
