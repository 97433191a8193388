/** An object's alarm. One that rings too early costs little; one that rings too late would be a fault. */
export interface Alarm {
  /** At that time at the latest. Null: there is nothing to ring for. */
  ringBy(time: number | null): Promise<void>;
  /** It rings, and is set no more. */
  rang(): void;
}

export function createAlarm(storage: Pick<DurableObjectStorage, "setAlarm">): Alarm {
  let set: number | null = null;
  return {
    ringBy: async (time) => {
      if (time === null || (set !== null && set <= time)) return;
      set = time;
      await storage.setAlarm(time);
    },
    rang: () => {
      set = null;
    },
  };
}
