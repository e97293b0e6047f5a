import { useEffect, useRef, useState } from 'react';

const kRest = 400; // milliseconds after which a person is taken to have typed what is meant

// A text that is asked for when the fingers rest. What comes from elsewhere (the back button) is taken over; what
// comes back of one's own asking is not, since more may have been typed since.
export function useTyped(asked: string, ask: (text: string) => void) {
  const [state, setState] = useState({ typed: asked, seen: asked, sent: asked });
  if (state.seen !== asked) {
    setState({ typed: asked === state.sent ? state.typed : asked, seen: asked, sent: asked });
  }
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const { typed, sent } = state;
  useEffect(() => {
    if (typed === sent) return undefined;
    const timer = setTimeout(() => {
      setState((before) => ({ ...before, sent: typed }));
      latest.current(typed);
    }, kRest);
    return () => clearTimeout(timer);
  }, [typed, sent]);
  return [typed, (text: string) => setState((before) => ({ ...before, typed: text }))] as const;
}
