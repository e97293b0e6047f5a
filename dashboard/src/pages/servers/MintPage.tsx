import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { capabilitiesQuery, refresh } from '../../api/queries';
import { useCan, useSession } from '../../app/session';
import { Empty } from '../../components/Empty';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { configOf, emptyDraft, expiryOf, personOf } from './draft';
import { Minted } from './Minted';
import { Preview } from './Preview';
import { goToTags, ServerForm } from './ServerForm';
import { SectionTitle } from './SectionTitle';

export default function MintPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const can = useCan();
  const { api_token } = useSession();
  const navigate = useNavigate();
  const capabilities = useQuery(capabilitiesQuery(id));
  // A token that may give some only begins with what it may give.
  const [draft, setDraft] = useState(() => ({
    ...emptyDraft,
    methods: api_token.limits?.methods ?? emptyDraft.methods,
    tags: api_token.limits?.tags ?? emptyDraft.tags,
  }));
  const mint = useMutation({
    mutationFn: () =>
      api.post<Api['MintedMcpServer']>(`/integrated-account/${id}/mcp`, {
        name: draft.name.trim(),
        config: configOf(draft),
        expires_at: expiryOf(draft),
        ...personOf(draft),
      }),
    onSuccess: () => {
      void refresh(['mcp-servers', id], ['account', id]);
      window.scrollTo(0, 0);
    },
  });
  if (!can('mint')) return <Empty title="This needs an API token of scope admin or mint" />;
  if (capabilities.isPending) return <Loading />;
  if (capabilities.error)
    return <Problem error={capabilities.error} onRetry={() => void capabilities.refetch()} />;
  if (mint.data) {
    const { id: mcp, name } = mint.data;
    return (
      <>
        <SectionTitle title={name} account={id} />
        <Minted
          server={mint.data}
          onDone={() => void navigate({ to: '/accounts/$id/servers/$mcp', params: { id, mcp } })}
        />
      </>
    );
  }
  return (
    <>
      <SectionTitle title="Create an MCP server" account={id} />
      <div className="side-by-side">
        <ServerForm
          draft={draft}
          onChange={setDraft}
          capabilities={capabilities.data}
          limits={api_token.limits}
          onSubmit={() => mint.mutate()}
          action="Create the MCP server"
          isPending={mint.isPending}
        >
          {mint.error && <Problem error={mint.error} />}
        </ServerForm>
        <Preview
          account={id}
          config={configOf(draft)}
          onRemedy={(remedy) => setDraft((now) => ({ ...now, ...remedy }))}
          onNarrow={goToTags}
        />
      </div>
    </>
  );
}
