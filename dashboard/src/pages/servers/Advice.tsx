// What clients and models make of so many tools and of their names, each said once, with what can be done about it
// here: the API says the same with the words of a config.
import { Alert, Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../components/Icon';
import { count } from '../../components/numbers';
import type { Config, Draft } from './draft';
import type { McpPreview } from './preview';

/** What a control changes, in the words of the form. */
export type Remedy = Partial<Pick<Draft, 'exposure' | 'toolNames'>>;

/** The same in the words of a config. */
export const configOfRemedy = ({ exposure, toolNames }: Remedy): Config => ({
  ...(exposure && { tool_exposure: exposure }),
  ...(toolNames && { tool_names: toolNames }),
});

export type Remedies = {
  /** Not given: whoever looks may change nothing. */
  onRemedy?: (remedy: Remedy) => void;
  /** Leads to where tags are chosen; not given: they are not chosen from here. */
  onNarrow?: () => void;
  isPending?: boolean;
};

type AdviceProps = Remedies & { preview: McpPreview; config: Config };

export function Advice(props: AdviceProps) {
  const { preview, config, onRemedy, isPending } = props;
  const names = preview.warnings?.find(({ code }) => code === 'long_names');
  return (
    <>
      <TooMuch {...props} />
      {names && (
        <Warned title="Names that are too long for some clients">
          <Text size="sm">{names.message}</Text>
          {names.fits_as && (
            <Text size="sm" mt={6}>
              Called “{names.fits_as}” in the client, as is proposed beside its URL, all fit.
            </Text>
          )}
          {onRemedy && config.tool_names !== 'short' && (
            <Controls>
              <Button
                size="xs"
                variant="default"
                loading={isPending}
                onClick={() => onRemedy({ toolNames: 'short' })}
              >
                Use short names
              </Button>
            </Controls>
          )}
        </Warned>
      )}
    </>
  );
}

// Tools and tokens have the same remedies, and are one warning.
function TooMuch({ preview, config, onRemedy, onNarrow, isPending }: AdviceProps) {
  const exceeded = preview.clients.filter((client) => client.exceeded);
  const costly = preview.warnings?.find(({ code }) => code === 'many_tokens');
  if (exceeded.length === 0 && !costly) {
    return (
      <Group gap={6} wrap="nowrap">
        <Icon name="check" size={16} />
        <Text size="sm">Every client takes this many.</Text>
      </Group>
    );
  }
  return (
    <Warned title="More than some clients take">
      <ul className="plain-list">
        {exceeded.map(({ client, limit, unit, kind }) => (
          <li key={client + unit}>
            {client}: {kind === 'hard' ? 'at most' : 'advises at most'} {count(limit)} {unit}
          </li>
        ))}
      </ul>
      {costly && (
        <Text size="sm" mt={6}>
          {costly.message}
        </Text>
      )}
      <Text size="sm" mt={6}>
        All servers that a client has open count together.
      </Text>
      <Controls>
        {onRemedy && config.tool_exposure !== 'discovery' && (
          <Button
            size="xs"
            variant="default"
            loading={isPending}
            onClick={() => onRemedy({ exposure: 'discovery' })}
          >
            Let a search find them
          </Button>
        )}
        {onNarrow && (
          <Button size="xs" variant="default" onClick={onNarrow}>
            Choose tags
          </Button>
        )}
      </Controls>
    </Warned>
  );
}

function Warned({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert role="note" color="orange" variant="light" icon={<Icon name="alert" />} title={title}>
      {children}
    </Alert>
  );
}

function Controls({ children }: { children: ReactNode }) {
  return (
    <Group gap="xs" mt="sm">
      {children}
    </Group>
  );
}
