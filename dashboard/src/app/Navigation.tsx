import { Badge, NavLink } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLink, type LinkProps } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import type { NavLinkProps } from '@mantine/core';
import { Icon } from '../components/Icon';
import { overviewQuery } from './overview';
import { sections, visible } from './sections';
import { useCan } from './session';

type ItemProps = NavLinkProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof NavLinkProps> & { ref?: Ref<HTMLAnchorElement> };
const Item = createLink((props: ItemProps) => <NavLink component="a" {...props} />);

export function Navigation() {
  const can = useCan();
  const overview = useQuery({ ...overviewQuery, enabled: can('read') });
  const waiting = overview.data?.approvals_waiting ?? 0;
  return (
    <nav aria-label="Sections">
      {sections
        .filter((section) => visible(section, can))
        .map(({ to, label, icon }) => (
          <Item
            key={to}
            className="nav-link"
            to={to as LinkProps['to']}
            activeOptions={{ exact: to === '/' }}
            activeProps={{ active: true, 'aria-current': 'page' }}
            label={label}
            leftSection={<Icon name={icon} />}
            rightSection={
              to === '/approvals' && waiting > 0 ? (
                <Badge size="sm" color="orange" variant="light" aria-label={`${waiting} waiting`}>
                  {waiting}
                </Badge>
              ) : undefined
            }
          />
        ))}
    </nav>
  );
}
