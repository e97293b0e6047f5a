import { focusManager } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

// Does something again and again, while the page is looked at: one that is left lets its session end.
export function useEvery(milliseconds: number, act: () => void) {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (focusManager.isFocused()) latest.current();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
