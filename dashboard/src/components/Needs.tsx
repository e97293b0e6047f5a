// A page, for whom its API token allows it.
import type { ReactNode } from 'react';
import { useCan, type Ability } from '../app/session';
import { Empty } from './Empty';
import { PageTitle } from './PageTitle';

const kScopes: Record<Ability, string> = {
  read: 'It needs scope read or admin.',
  mint: 'It needs scope mint or admin.',
  admin: 'It needs scope admin.',
  instance: 'It needs scope admin, for the whole instance.',
};

type NeedsProps = { ability: Ability; title: string; why?: string; children: ReactNode };

/** `title`: the page's, also where it is not shown. `why`: what it needs, where that is not all. */
export function Needs({ ability, title, why, children }: NeedsProps) {
  const can = useCan();
  if (can(ability)) return children;
  return (
    <>
      <PageTitle title={title} />
      <Empty title="Not for this API token">{why ?? kScopes[ability]}</Empty>
    </>
  );
}
