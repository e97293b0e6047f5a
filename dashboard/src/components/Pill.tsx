// A word in a colour that means something; the word says it as well.
import type { ReactNode } from 'react';
import './tones.css';
import styles from './pill.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';

export function Pill({
  tone = 'plain',
  children,
  title,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={`${styles.pill} ${styles[tone]}`} title={title}>
      {children}
    </span>
  );
}

const kOutcomes: Record<string, Tone> = { done: 'good', failed: 'bad', unknown: 'warn', started: 'info' };

export function OutcomePill({ outcome }: { outcome: string }) {
  return <Pill tone={kOutcomes[outcome] ?? 'plain'}>{outcome === 'started' ? 'under way' : outcome}</Pill>;
}

const kKinds: Record<string, Tone> = { read: 'plain', write: 'info', change: 'warn', note: 'plain' };

export function KindPill({ kind }: { kind: string }) {
  return <Pill tone={kKinds[kind] ?? 'plain'}>{kind}</Pill>;
}
