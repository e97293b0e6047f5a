import { Pill } from '../../components/Pill';
import type { Tone } from '../../components/Pill';

export const kStates: Record<string, { tone: Tone; word: string; says: string }> = {
  pending: { tone: 'warn', word: 'waits', says: 'It waits for a person.' },
  sending: { tone: 'info', word: 'is being sent', says: 'It was approved, and is on its way.' },
  done: { tone: 'good', word: 'done', says: 'It was sent, and done.' },
  failed: { tone: 'bad', word: 'failed', says: 'It was approved, and nothing was changed.' },
  unknown: {
    tone: 'warn',
    word: 'unknown',
    says: 'It was sent, and nobody knows whether it was done. It is not sent again by itself: look in the product for what it would have changed.',
  },
  refused: { tone: 'plain', word: 'refused', says: 'It was refused. Nothing was sent.' },
  expired: { tone: 'plain', word: 'expired', says: 'Nobody decided in time. Nothing was sent.' },
  stale: {
    tone: 'warn',
    word: 'stale',
    says: 'It was approved, but the records had changed meanwhile. Nothing was sent.',
  },
};

export function StatePill({ state }: { state: string }) {
  const known = kStates[state];
  return <Pill tone={known?.tone ?? 'plain'}>{known?.word ?? state}</Pill>;
}
