// The span of time that a page looks at: a preset that moves with the clock, or two fixed ends.
export const kPresets = [
  { value: '1h', label: 'Last hour', hours: 1 },
  { value: '24h', label: 'Last 24 hours', hours: 24 },
  { value: '7d', label: 'Last 7 days', hours: 7 * 24 },
  { value: '30d', label: 'Last 30 days', hours: 30 * 24 },
] as const;

export const kDefaultPreset = '24h';

export type Span = { from: string; to: string; seconds: number };

// Ends on a whole minute, so that the same question is asked for as long as that lasts.
export function spanOf(chosen: { range?: string; from?: string; to?: string }, now: number): Span {
  if (chosen.from) {
    const from = Date.parse(chosen.from);
    const to = chosen.to ? Date.parse(chosen.to) : now;
    if (Number.isFinite(from) && Number.isFinite(to) && to > from) return span(from, to);
  }
  const preset =
    kPresets.find(({ value }) => value === chosen.range) ??
    kPresets.find(({ value }) => value === kDefaultPreset)!;
  const end = (Math.floor(now / 60_000) + 1) * 60_000;
  return span(end - preset.hours * 3_600_000, end);
}

function span(from: number, to: number): Span {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    seconds: Math.round((to - from) / 1000),
  };
}

const kSteps = [60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800];

// About sixty buckets: of the steps that a person knows.
export function stepOf(seconds: number): number {
  return kSteps.find((step) => seconds / step <= 100) ?? Math.ceil(seconds / 100);
}
