const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 12,345; an em dash where it is not known. */
export const count = (value: number | null | undefined) => (value == null ? '—' : whole.format(value));
/** 1,234; 12.3K. */
export const compact = (value: number | null | undefined) =>
  value == null || value < 10_000 ? count(value) : short.format(value);
/** "1 tool", "2 tools". */
export const some = (value: number, one: string, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value: number | null | undefined): string {
  if (value == null) return '—';
  if (value < 1000) return `${value} B`;
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

export function duration(ms: number | null | undefined): string {
  if (ms == null) return '—';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

/** Of an event: the log leaves a time of no whole millisecond out. */
export function took(event: { duration_ms?: number | null; outcome: string }): string {
  return event.duration_ms == null && event.outcome === 'done' ? '< 1 ms' : duration(event.duration_ms);
}

export function percent(part: number, all: number): string {
  if (all === 0) return '—';
  const rate = (100 * part) / all;
  return `${rate > 0 && rate < 10 ? rate.toFixed(1) : Math.round(rate)} %`;
}
