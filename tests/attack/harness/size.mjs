// How much the attacks do: as little as shows something (`make test`), or for as long as
// PATCHBAY_SOAK says, in seconds (`make soak`). The one place that tells.
const seconds = Number(process.env.PATCHBAY_SOAK || 0);
if (!(seconds >= 0)) throw new Error('PATCHBAY_SOAK is a number of seconds');

export const soaking = seconds > 0;
export const size = (short, long) => (soaking ? long : short);

// How often each attack on a server that goes on is repeated.
export const kRounds = size(1, 3);
// The mixed load: how long until all caches and pools are as full as they get, and each part after that.
export const kWarmUpSeconds = size(3, Math.min(120, seconds / 4));
export const kPartSeconds = size(4, Math.min(45, seconds / 3));
export const kParts = size(1, Math.max(2, Math.round((seconds - kWarmUpSeconds) / kPartSeconds)));
// The load of real clients, on one node and again on three.
export const kLoadSeconds = size(5, Math.max(30, seconds));
