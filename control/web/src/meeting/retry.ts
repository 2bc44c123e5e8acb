// Trying again with growing pauses, for about a minute.
const DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000];

/** Whether `attempt` succeeded at last; `isHopeless` says of an error that another try cannot help. */
export async function keepTrying(attempt: () => Promise<void>, isHopeless: (error: unknown) => boolean): Promise<boolean> {
  for (const delayMs of DELAYS_MS) {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    try {
      await attempt();
      return true;
    } catch (error) {
      if (isHopeless(error)) return false;
    }
  }
  return false;
}
