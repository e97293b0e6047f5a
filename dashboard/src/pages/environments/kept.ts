// What an environment's audit log keeps of arguments. One entry for each choice that the API knows.
import type { Api } from '../../api/client';

export type Kept = Api['Environment']['audit']['arguments'];

export const kKept: Record<Kept, { label: string; shown: string; description: string }> = {
  none: { label: 'nothing', shown: 'Nothing of arguments', description: 'Only their digest.' },
  values: {
    label: 'values',
    shown: 'Of arguments: ids, numbers, dates, choices',
    description:
      'Ids, numbers, dates and choices; of a text only how long it was. Also a summary of the answer.',
  },
  all: {
    label: 'all but what is personal',
    shown: 'Of arguments: texts too, but for what is personal',
    description:
      'Texts too, except of fields that the integration marks as personal. Also a summary of the answer.',
  },
};

export const isKept = (text: string): text is Kept => Object.hasOwn(kKept, text);
