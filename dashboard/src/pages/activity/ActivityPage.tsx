// What AI programs did, of all accounts that the API token sees.
import { Stack } from '@mantine/core';
import { Needs } from '../../components/Needs';
import { PageTitle } from '../../components/PageTitle';
import { Export } from '../log/Export';
import { ActivityView, useActivityChoice } from './ActivityView';
import { logFilters, useActivity } from './data';

export default function ActivityPage() {
  return (
    <Needs ability="read" title="Activity">
      <Everything />
    </Needs>
  );
}

function Everything() {
  const [chosen] = useActivityChoice();
  const span = useActivity(chosen).data; // asked for once: the view below asks the same
  return (
    <Stack gap="md">
      <PageTitle
        title="Activity"
        actions={<Export filters={{ ...logFilters(chosen), from: span?.from, to: span?.to }} />}
      />
      <ActivityView />
    </Stack>
  );
}
