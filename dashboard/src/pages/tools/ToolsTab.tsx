// The account's tools: look for one as a model would, and try it.
import { Badge, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { capabilitiesQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { some } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { searchTools, toolsOf, type FoundTool } from './search';
import { TryTool } from './TryTool';

export default function ToolsTab() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { tool, q } = useSearch({ strict: false }) as { tool?: string; q?: string };
  const navigate = useNavigate();
  const capabilities = useQuery(capabilitiesQuery(id));
  const tools = useMemo(() => (capabilities.data ? toolsOf(capabilities.data) : []), [capabilities.data]);
  const [text, setText] = useState(q ?? '');
  const wanted = useDeferredValue(text);
  const found = useMemo(() => searchTools(tools, wanted), [tools, wanted]);
  if (capabilities.isPending) return <Loading />;
  if (capabilities.error)
    return <Problem error={capabilities.error} onRetry={() => void capabilities.refetch()} />;
  const look = (value: string) => {
    setText(value);
    void navigate({
      to: '/accounts/$id/tools',
      params: { id },
      search: { q: value, ...(tool && { tool }) },
      replace: true,
    });
  };
  return (
    <div className={tool ? 'tools has-tool' : 'tools'}>
      <div className="tools-list">
        <TextInput
          aria-label="Look for a tool"
          placeholder="open tickets of a company"
          leftSection={<Icon name="search" size={16} />}
          value={text}
          onChange={(event) => look(event.currentTarget.value)}
          mb="xs"
        />
        <Text size="sm" c="dimmed" mb="xs" role="status">
          {wanted
            ? `${some(found.length, 'tool')} of ${tools.length}, best first`
            : some(tools.length, 'tool')}
        </Text>
        <Found key={wanted} account={id} found={found} chosen={tool} q={text} />
      </div>
      <div className="tools-one">
        {tool ? (
          <>
            <LinkText
              to="/accounts/$id/tools"
              params={{ id }}
              search={{ q: text }}
              className="only-narrow"
              size="sm"
            >
              All tools
            </LinkText>
            <TryTool key={tool} account={id} name={tool} />
          </>
        ) : (
          <div className="card">
            <Empty title="Choose a tool">
              Its arguments become a form; a call of it shows what the API answered and what a model gets.
            </Empty>
          </div>
        )}
      </div>
    </div>
  );
}

const kAtOnce = 50;

type FoundProps = { account: string; found: FoundTool[]; chosen?: string; q: string };

function Found({ account, found, chosen, q }: FoundProps) {
  const [most, setMost] = useState(kAtOnce);
  return (
    <Stack gap={2} component="ul" className="bare-list">
      {found.slice(0, most).map((tool) => (
        <li key={tool.name}>
          <Link
            to="/accounts/$id/tools"
            params={{ id: account }}
            search={{ q, tool: tool.name }}
            className="tool-item"
            aria-current={tool.name === chosen ? 'true' : undefined}
          >
            <span className="tool-item-name">
              {tool.resource.replaceAll('_', ' ')}
              <Badge size="sm" variant="light" color="gray" tt="none">
                {tool.method}
              </Badge>
            </span>
            <span className="tool-item-words">{tool.description}</span>
          </Link>
        </li>
      ))}
      {found.length > most && (
        <li>
          <Button variant="subtle" size="xs" onClick={() => setMost(most + kAtOnce)}>
            Show more
          </Button>
        </li>
      )}
    </Stack>
  );
}
