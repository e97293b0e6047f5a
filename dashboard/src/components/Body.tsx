// The rows of a table. Of many only those near the window are there: a list that has been read for a while may have
// ten thousand.
import { Table } from '@mantine/core';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import styles from './rows.module.css';

// As many stand there whole, and can be searched by the browser.
const kAllShown = 100;
const kUsualHeight = 48; // pixels, until a row has been measured
const kBeyond = 10; // rows beside those that are seen

type BodyProps<T> = {
  rows: readonly T[];
  /** What tells a row from the others. */
  idOf: (row: T) => string;
  /** A row's cells. */
  children: (row: T) => ReactNode;
  rowClassName?: (row: T) => string | undefined;
};

export function Body<T>(props: BodyProps<T>) {
  if (props.rows.length > kAllShown) return <NearTheWindow {...props} />;
  return (
    <Table.Tbody>
      {props.rows.map((row) => (
        <Table.Tr key={props.idOf(row)} className={props.rowClassName?.(row)}>
          {props.children(row)}
        </Table.Tr>
      ))}
    </Table.Tbody>
  );
}

function NearTheWindow<T>({ rows, idOf, children, rowClassName }: BodyProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  // What has the focus stays, however far away it is: else the keyboard would begin anew at the top.
  const [focused, setFocused] = useState<number>();
  useLayoutEffect(() => {
    const at = body.current?.getBoundingClientRect().top ?? 0;
    setTop(at + window.scrollY);
  }, []);
  // Its functions are called here alone: nothing that is remembered gets them.
  // oxlint-disable-next-line react/incompatible-library
  const near = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => kUsualHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
    overscan: kBeyond,
    scrollMargin: top,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      if (focused === undefined || focused >= rows.length || shown.includes(focused)) return shown;
      return [...shown, focused].sort((one, other) => one - other);
    },
  });
  const items = near.getVirtualItems();
  let end = top;
  return (
    <Table.Tbody ref={body}>
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        const gap = item.start - end;
        end = item.end;
        // By its own key among its siblings: a row that is moved would be made anew, and lose the focus.
        return (
          <Fragment key={item.key}>
            {gap > 0 && <Gap height={gap} />}
            <Table.Tr
              ref={near.measureElement}
              data-index={item.index}
              aria-rowindex={item.index + 2}
              className={rowClassName?.(row)}
              onFocus={() => setFocused(item.index)}
            >
              {children(row)}
            </Table.Tr>
          </Fragment>
        );
      })}
      <Gap height={near.getTotalSize() + top - end} />
    </Table.Tbody>
  );
}

/** In the place of rows that are not there. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return <tr className={styles.gap} style={{ height }} aria-hidden="true" />;
}
