// What a call sent, what the API answered, and what the model gets of it.
import { Alert, Badge, Group, Stack, Text, Title } from '@mantine/core';
import type { Api } from '../../api/client';
import { Icon } from '../../components/Icon';
import { Json } from '../../components/Json';
import { bytes, count, duration } from '../../components/numbers';

type Try = Api['ToolTry'];

/** Indented where it is JSON; what is too long to be worth it stays as it came. */
function readable(text: string): string {
  if (text.length > 300_000) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function TryResult({ result, wasDry }: { result: Try; wasDry: boolean }) {
  const { raw, raw_bytes, text, text_bytes } = result;
  const saved = raw_bytes > 0 ? Math.round(100 * (1 - text_bytes / raw_bytes)) : 0;
  return (
    <Stack gap="md">
      <Alert
        color={result.is_error ? 'red' : 'green'}
        variant="light"
        icon={<Icon name={result.is_error ? 'alert' : 'check'} />}
        title={
          result.is_error ? 'The call failed' : wasDry ? 'Dry run: nothing was changed' : 'The call succeeded'
        }
        role="status"
      >
        <Text size="sm">
          {duration(result.duration_ms)}
          {result.upstream_duration_ms
            ? `, of which the API took ${duration(result.upstream_duration_ms)}`
            : ''}
          {result.tokens_saved_estimate > 0 && (
            <>
              . About <b>{count(result.tokens_saved_estimate)} tokens</b> saved
              {saved > 0 && `, ${saved} % of what the API answered`}
            </>
          )}
          .
        </Text>
      </Alert>
      {result.request && <Request request={result.request} isDry={wasDry} />}
      <div className="cols cols-pair">
        <section className="card" aria-labelledby="raw">
          <Group justify="space-between" mb="xs">
            <Title order={3} size="h5" id="raw">
              What the API answered
            </Title>
            <Group gap={6}>
              {result.upstream_status !== null && (
                <Badge variant="light" color={result.upstream_status < 400 ? 'green' : 'red'}>
                  {result.upstream_status}
                </Badge>
              )}
              <Badge variant="light" color="gray" tt="none">
                {bytes(raw_bytes)}
              </Badge>
            </Group>
          </Group>
          {raw ? (
            <Json value={readable(raw)} label="What the API answered" />
          ) : (
            <Text size="sm" c="dimmed">
              {raw === null && raw_bytes > 0 ? 'No text.' : 'Nothing: the API was not asked.'}
            </Text>
          )}
          {raw !== null && raw.length < raw_bytes * 0.5 && (
            <Text size="xs" c="dimmed" mt={6}>
              Its beginning: it is too long to be shown whole.
            </Text>
          )}
        </section>
        <section className="card" aria-labelledby="shaped">
          <Group justify="space-between" mb="xs">
            <Title order={3} size="h5" id="shaped">
              What the model gets
            </Title>
            <Badge variant="light" color="gray" tt="none">
              {bytes(text_bytes)}
            </Badge>
          </Group>
          <Json value={text} label="What the model gets" />
        </section>
      </div>
      {result.stages && result.stages.length > 0 && (
        <details className="card more">
          <summary>Where the time went</summary>
          <dl className="facts">
            {result.stages.map((stage) => (
              <div key={stage.name} className="contents">
                <dt>{stage.name}</dt>
                <dd>{duration(stage.duration_ms)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </Stack>
  );
}

function Request({ request, isDry }: { request: NonNullable<Try['request']>; isDry: boolean }) {
  const { method, url, body } = request;
  return (
    <section className="card" aria-labelledby="request">
      <Title order={3} size="h5" mb="xs" id="request">
        {isDry ? 'What would be sent' : 'What was sent'}
      </Title>
      <Text className="mono">
        <b>{method}</b> {url}
      </Text>
      {body !== null && body !== undefined && body !== '' && (
        <div className="mt">
          <Json value={typeof body === 'string' ? readable(body) : body} label="The request's body" />
        </div>
      )}
    </section>
  );
}
