// A chart over time, and the same as a table for whoever does not see it.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Plot } from './plot';
import styles from './activity.module.css';

const kHeight = 200;

export function Chart({ title, summary, plot }: { title: string; summary: string; plot: Plot }) {
  // Drawn anew with another theme: a canvas does not take its colours from CSS.
  const scheme = useComputedColorScheme('light');
  return (
    <section className={styles.chart}>
      <h2>{title}</h2>
      <Canvas key={scheme} summary={summary} plot={plot} />
      <details>
        <summary>As a table</summary>
        <div className={styles.tableOf} role="region" aria-label={`${title}, as a table`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {plot.series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {plot.times.map((time, index) => (
                <tr key={time}>
                  <th scope="row">{new Date(time * 1000).toLocaleString()}</th>
                  {plot.series.map(({ label, values }) => (
                    <td key={label}>{values[index] === null ? '–' : plot.format(values[index] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

function Canvas({ summary, plot }: { summary: string; plot: Plot }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const at = place.current;
    if (!at) return undefined;
    let gone = false;
    let chart:
      { destroy: () => void; setSize: (size: { width: number; height: number }) => void } | undefined;
    void import('./plot').then(({ draw }) => {
      if (!gone) chart = draw(at, plot, kHeight);
    });
    const watch = new ResizeObserver(() =>
      chart?.setSize({ width: Math.max(at.clientWidth, 120), height: kHeight }),
    );
    watch.observe(at);
    return () => {
      gone = true;
      watch.disconnect();
      chart?.destroy();
    };
  }, [plot]);
  return <div ref={place} className={styles.place} role="img" aria-label={summary} />;
}
