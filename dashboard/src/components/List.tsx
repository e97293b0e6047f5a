// A list over its pages: while it comes, when it is empty, when it cannot be asked for, and its table.
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { usePages } from '../api/queries';
import { Body } from './Body';
import { LoadMore } from './LoadMore';
import { Loading } from './Loading';
import { Problem } from './Problem';
import styles from './rows.module.css';

/** Over buttons: a word only for who does not see them. */
export function ActionsHead() {
  return (
    <Table.Th>
      <span className="sr-only">Actions</span>
    </Table.Th>
  );
}

const ownId = (row: unknown) => (row as { id: string }).id;

type ListProps<T> = {
  label: string;
  pages: ReturnType<typeof usePages<T>>;
  /** Its columns: <Table.Th>s. */
  head: ReactNode;
  /** In its place when there is nothing. */
  empty: ReactNode;
  /** What tells a row from the others: its id, if nothing is said. */
  idOf?: (row: T) => string;
  /** A row's cells: <Table.Td>s. */
  children: (row: T) => ReactNode;
};

export function List<T>({ label, pages, head, empty, idOf = ownId, children }: ListProps<T>) {
  const { rows, hasNextPage } = pages;
  if (pages.isPending) return <Loading />;
  const problem = pages.error && <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (rows.length === 0) return hasNextPage || problem ? problem : empty;
  return (
    <>
      <div className="card card-flush table-scroll" role="region" aria-label={label} tabIndex={0}>
        <Table
          highlightOnHover
          className={styles.rows}
          aria-rowcount={hasNextPage ? -1 : rows.length + 1}
          aria-busy={pages.isPlaceholderData}
        >
          <Table.Thead>
            <Table.Tr>{head}</Table.Tr>
          </Table.Thead>
          <Body rows={rows} idOf={idOf}>
            {children}
          </Body>
        </Table>
      </div>
      {problem}
      <LoadMore {...pages} />
    </>
  );
}
