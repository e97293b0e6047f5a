import { Empty } from './Empty';
import { LinkButton } from './Link';

export function NotFound() {
  return (
    <Empty title="There is no such page" action={<LinkButton to="/">To the home page</LinkButton>}>
      The address may be cut off, or what it named was deleted.
    </Empty>
  );
}
