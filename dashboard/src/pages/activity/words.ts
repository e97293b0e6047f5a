// Numbers as people read them.
const kWhole = new Intl.NumberFormat('en');
const kShort = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function whole(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : kWhole.format(value);
}

export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return value < 10_000 ? kWhole.format(value) : kShort.format(value);
}

export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value < 1000) return `${value} B`;
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

export function percent(part: number, all: number): string {
  if (all === 0) return '–';
  const rate = (100 * part) / all;
  return `${rate > 0 && rate < 10 ? rate.toFixed(1) : Math.round(rate)} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}

// The log leaves a time of no whole millisecond out.
export function took(event: {
  duration_ms?: number | null;
  ended_at?: string | null;
  outcome: string;
}): string {
  if (event.duration_ms !== null && event.duration_ms !== undefined) return duration(event.duration_ms);
  return event.outcome === 'done' ? '< 1 ms' : '–';
}
