// uPlot, loaded with the first chart: bars and lines over time, coloured by the theme, with a choice of a span
// by dragging.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export type Series = {
  label: string;
  color: string; // the name of a CSS variable
  bars?: boolean;
  values: (number | null)[];
};

export type Plot = {
  times: number[]; // seconds
  series: Series[];
  format: (value: number) => string;
  mostAtLeast?: number; // the upper end of the axis is no lower
  onZoom: (from: number, to: number) => void; // seconds
};

export function draw(at: HTMLElement, plot: Plot, height: number): uPlot {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--line-text'),
    grid: { stroke: color('--line-grid'), width: 1 },
    ticks: { stroke: color('--line-grid'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  const options: uPlot.Options = {
    width: Math.max(at.clientWidth, 120),
    height,
    cursor: { drag: { x: true, y: false }, sync: { key: 'activity' } },
    legend: { live: true },
    scales: { y: { range: (_self, _low, high) => [0, Math.max(high * 1.1, plot.mostAtLeast ?? 1)] } },
    axes: [axis, { ...axis, size: 64, values: (_self, splits) => splits.map((split) => plot.format(split)) }],
    series: [
      {
        value: (_self, time) => (time ? new Date(time * 1000).toLocaleString() : '–'),
      },
      ...plot.series.map((one): uPlot.Series => ({
        label: one.label,
        stroke: color(one.color),
        fill: one.bars ? color(one.color) : undefined,
        width: one.bars ? 0 : 2,
        spanGaps: false,
        // A value between two that there are none of is a dot: no line leads to it.
        points: { show: !one.bars, size: 5, fill: color(one.color) },
        paths: one.bars ? uPlot.paths.bars!({ size: [0.8, 40] }) : undefined,
        value: (_self, value) => (value === null || value === undefined ? '–' : plot.format(value)),
      })),
    ],
    hooks: {
      setSelect: [
        (self) => {
          const { left, width } = self.select;
          if (width < 4) return;
          plot.onZoom(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
        },
      ],
    },
  };
  return new uPlot(options, [plot.times, ...plot.series.map(({ values }) => values)], at);
}
