// The latest events as they come in, while the page is looked at.
import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, type Page } from '../../api/client';
import { Problem } from '../../components/Problem';
import { EventTable } from '../log/EventTable';
import type { Event } from '../log/EventTable';
import { logFilters } from './data';
import type { ActivityChoice } from './data';
import styles from './activity.module.css';

export function LiveTail({ chosen }: { chosen: ActivityChoice }) {
  const [on, setOn] = useState(true);
  const filters = logFilters(chosen);
  const key = JSON.stringify(filters);
  const tail = useQuery({
    queryKey: ['tail', filters],
    queryFn: () => api.get<Page<Event>>('/log', { ...filters, limit: '25' }),
    refetchInterval: on ? 2000 : false, // not while the page is hidden
  });
  const events = useMemo(() => tail.data?.result ?? [], [tail.data]);
  const fresh = useFresh(events, key);
  return (
    <section className={styles.tail}>
      <div className={styles.tailHead}>
        <h2>Latest</h2>
        <Switch label="Live" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
      </div>
      {tail.error ? <Problem error={tail.error} onRetry={() => void tail.refetch()} /> : null}
      {tail.data && events.length === 0 ? (
        <p>Nothing yet. A call shows here two seconds after it was made.</p>
      ) : null}
      {events.length > 0 ? <EventTable events={events} label="Latest events" fresh={fresh} /> : null}
    </section>
  );
}

// Those that were not there when these filters were first looked at, and came with the last look that brought any.
function useFresh(events: readonly Event[], key: string): ReadonlySet<string> {
  const seen = useRef<{ key: string; ids: Set<string> }>({ key: '', ids: new Set() });
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (events.length === 0) return;
    const known = seen.current.key === key ? seen.current.ids : undefined;
    const latest = events.filter(({ id }) => known && !known.has(id)).map(({ id }) => id);
    seen.current = { key, ids: new Set(events.map(({ id }) => id)) };
    if (!known || latest.length > 0) setFresh(new Set(latest));
  }, [events, key]);
  return fresh;
}
